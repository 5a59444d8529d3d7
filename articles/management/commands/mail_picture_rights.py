from django.core.management.base import BaseCommand

from articles.actions import picture_rights


class Command(BaseCommand):
    help = "Mails the picture desk about live stories that lose a picture within a day. For a timer, every hour."

    def handle(self, *args, **options):
        count = picture_rights.mail_ending_rights()
        if options["verbosity"]:
            self.stdout.write(f"{count} picture{'' if count == 1 else 's'} told of.")
