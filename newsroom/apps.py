from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class NewsroomConfig(AppConfig):
    name = "newsroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import checks  # noqa: F401


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin with the desk in place of its stock site."""

    default = False
    default_site = "newsroom.desk.DeskSite"
