from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Only here, where the models are loaded.
        from newsroom import hooks

        from . import checks  # noqa: F401 (registers them)
        from .guards import guards

        hooks.guards.add(guards)
