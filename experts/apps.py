from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Only here, where the models are loaded.
        from newsroom import hooks

        from . import checks
        from .guards import guards

        hooks.guards.add(guards)
        hooks.ready_checks.add(("keys", checks.keys_open_what_is_sealed))
