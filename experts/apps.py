from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from newsroom.database import guards

        from . import checks  # noqa: F401 (registers them)
        from .guards import guards as ours

        guards.register(ours)  # put up with the others, after the last room's migrations
