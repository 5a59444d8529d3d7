from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Only here, where the models are loaded.
        from experts.desk.boxes import CardBox
        from newsroom import hooks
        from newsroom.database import guards

        from . import genres, groups, roles, search
        from .actions import notify_by_time, waiting
        from .actions.people import bar_mail, merged_cards
        from .desk import home
        from .desk.people import old_titles
        from .guards import guards as ours
        from .models.embed import seed_embed_hosts

        hooks.guards.add(ours)
        hooks.desk_places.add(*home.PLACES)
        hooks.desk_queues.add(home.queues_of)
        hooks.card_relations.add(*merged_cards.RELATIONS)
        hooks.card_texts.add(*merged_cards.TEXTS)
        hooks.words_said.add(search.find_quoted_experts)
        hooks.stories_of.add(home.open_stories_of)
        hooks.quoting.add(waiting.around_change_of_people)
        hooks.bar_set.add(bar_mail.tell_editors_about_bar)
        hooks.genres.add(*genres.GENRE_CHOICES)
        hooks.timed_work.add(*notify_by_time.TIMETABLE)
        hooks.roles_with_power.add(*roles.WITH_POWER)
        hooks.roles_that_confirm.add(*roles.CAPABILITIES["confirm a role"])
        hooks.roles_told_of_accounts.add(roles.Role.MANAGING)
        hooks.card_boxes.add(
            CardBox("Scheduled although not to be quoted", "admin/articles/waiting_box.html", old_titles.waiting_box,
                    first=True),
            CardBox("Scheduled with their words", "admin/articles/ahead_box.html", old_titles.ahead_box,
                    parts=("bars", "verification")),
            CardBox("Titles in print", "admin/articles/stale_box.html", old_titles.old_titles_box),
        )  # fmt: skip
        # The tables of this room are the last to be made, so what hangs on all of them is put up after it.
        pre_migrate.connect(guards.before_migrate, sender=self, dispatch_uid="guards down")
        post_migrate.connect(guards.after_migrate, sender=self, dispatch_uid="guards up")
        post_migrate.connect(groups.after_migrate, sender=self, dispatch_uid="groups")
        post_migrate.connect(seed_embed_hosts, sender=self, dispatch_uid="hosts of embeds")
        post_migrate.connect(search.install_tables, sender=self, dispatch_uid="search")
