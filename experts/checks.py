"""What a source book should not go online with."""

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def keys_of_their_own(app_configs, **kwargs):
    """Restricted details are sealed with keys that nothing else uses."""
    if settings.FIELD_KEYS[0] != settings.SECRET_KEY:
        return []
    return [
        checks.Warning(
            "Restricted details of experts are sealed with SECRET_KEY.",
            hint="Set FIELD_KEYS to a secret of its own, kept apart from the database and its backups; while details"
            " are sealed with SECRET_KEY name both, the new one first, and run manage.py reseal.",
            id="experts.W001",
        )
    ]


def keys_open_what_is_sealed():
    """Whether FIELD_KEYS open the detail that was sealed last: with wrong keys no card can be kept."""
    from . import sealing
    from .models import PrivateChannel

    sealed = PrivateChannel.objects.order_by("-pk").values_list("sealed", flat=True).first()
    try:
        sealing.unseal(sealed or "")
    except (sealing.Unreadable, ValueError):
        return False
    return True
