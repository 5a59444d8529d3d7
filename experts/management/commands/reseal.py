"""Seal every restricted detail anew with the newest of FIELD_KEYS, so that an old key can be thrown away."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ... import sealing
from ...channels import normalise
from ...models import ImportRow, MergeRecord, PrivateChannel, PrivateNote, Suppression
from ...models.channel import channel_digest

AT_ONCE = 200
SEALED = [(PrivateChannel, ["sealed", "hours_sealed", "source_sealed"]), (PrivateNote, ["sealed"]),
          (ImportRow, ["sealed", "before_sealed"]), (MergeRecord, ["sealed"])]  # fmt: skip


class Command(BaseCommand):
    help = "Seal every restricted detail anew with the newest key of FIELD_KEYS."

    def handle(self, *args, **options):
        unread = 0
        for model, fields in SEALED:
            done, lost = self.reseal(model, fields)
            unread += lost
            self.stdout.write(f"{model._meta.verbose_name_plural}: {done} sealed anew")
        if unread:
            raise CommandError(f"{unread} rows stay as they are: no key in FIELD_KEYS opens them.")
        if Suppression.objects.exists():
            # A hash cannot be made again without the value, which is gone on purpose.
            self.stdout.write("Keep the old keys last in FIELD_KEYS: who was removed is known by their hashes.")

    def reseal(self, model, fields):
        """(how many rows were sealed anew, how many no key opens); a few rows to a transaction, so nobody waits."""
        done = lost = last = 0
        while True:
            with transaction.atomic():
                rows = list(model.objects.select_for_update(of=("self",)).filter(pk__gt=last).order_by("pk")[:AT_ONCE])
                if not rows:
                    return done, lost
                for row in rows:
                    try:
                        changes = {name: sealing.reseal(getattr(row, name)) for name in fields}
                        if model is PrivateChannel:
                            changes |= self.digest(row)
                    except (sealing.Unreadable, sealing.InvalidToken):
                        lost += 1
                        continue
                    model.objects.filter(pk=row.pk).update(**changes)
                    done += 1
                last = rows[-1].pk

    def digest(self, row):
        """The hash that a channel is matched by, under the newest key."""
        normalized, error = normalise(row.kind, row.opened(), row.expert.country)
        return {} if error else {"digest": channel_digest(row.kind, normalized)}
