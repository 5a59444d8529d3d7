from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from experts.actions import bars as experts_bars
        from experts.finding import search as experts_search
        from newsroom.database import guards

        from . import groups, search
        from .actions.people import barred
        from .guards import guards as ours

        guards.register(ours)
        experts_search.said = search.quoted
        experts_bars.told = barred.tell_editors
        # The tables of this room are the last to be made, so what hangs on all of them is put up after it.
        pre_migrate.connect(guards.before_migrate, sender=self, dispatch_uid="guards down")
        post_migrate.connect(guards.after_migrate, sender=self, dispatch_uid="guards up")
        post_migrate.connect(groups.after_migrate, sender=self, dispatch_uid="groups")
        post_migrate.connect(search.install, sender=self, dispatch_uid="search")
