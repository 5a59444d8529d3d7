from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin import apps as admin_apps
from django.utils.module_loading import autodiscover_modules


class NewsroomConfig(AppConfig):
    name = "newsroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import accounts, hooks, mail, timed
        from .database import checks, threads  # noqa: F401 (checks registers them)
        from .desk import house, people  # noqa: F401 (register their admin classes)
        from .guards import guards

        hooks.guards.add(guards)

        hooks.timed_work.add(*mail.TIMETABLE, *timed.TIMETABLE)
        threads.close_with_threads()
        hooks.guards.add(accounts.guards)


class DeskConfig(admin_apps.SimpleAdminConfig):
    """Django's admin with the desk in place of its stock site; each room's `desk` package holds its admin classes."""

    default = False
    default_site = "newsroom.desk.site.DeskSite"

    def ready(self):
        super().ready()
        autodiscover_modules("desk", register_to=admin.site)
