from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connections, models

from newsroom.models import Pulse

from ..body.embeds import SEEDS, AllowList, BadRule, Kind, Rule, Shape

# The texts that `Rule.read` reads.
TEXTS = ("name", "kind", "addresses", "page", "frame", "parameters", "shape")


class EmbedHostQuerySet(models.QuerySet):
    def allow_list(self):
        """The AllowList of the desk's hosts, those that are switched off included; one query."""
        return AllowList(host.rule for host in self.order_by("name", "pk"))

    def frame_origins(self):
        """The origins whose frames readers may open; one query."""
        return self.filter(is_on=True, kind=Kind.FRAME).allow_list().frame_origins


class EmbedHost(models.Model):
    """A host whose pages stories may embed: how an address of its is recognised, and what readers get for it.

    Nobody deletes one: switched off, its frames stop in every published story, and a link remains.
    """

    KINDS = [
        (Kind.FRAME.value, "A frame, after the reader's click"),
        (Kind.POST.value, "The words of a post, typed by the desk, and a link"),
        (Kind.LINK.value, "A card with a link"),
    ]
    SHAPES = [
        (Shape.VIDEO.value, "A video, 16:9"), (Shape.CHART.value, "A chart, 4:3"),
        (Shape.POST.value, "A post or document, tall"), (Shape.AUDIO.value, "A player for sound, low"),
    ]  # fmt: skip

    seed = models.SlugField(max_length=30, unique=True, null=True, editable=False)  # of those that every paper has
    name = models.CharField(max_length=40, unique=True, help_text="As readers know it.")
    is_on = models.BooleanField(
        "allowed", default=True,
        help_text="Off: nothing of it may be embedded, and in published stories a link stands in place of its frames.",
    )  # fmt: skip
    kind = models.CharField("what readers get", max_length=10, choices=KINDS, default=Kind.FRAME.value)
    addresses = models.TextField(
        max_length=2000,
        help_text="How an address of its is recognised, a line for each form, such as example.org/watch/{id} or"
        " example.org/show?v={id:11}. {id} stands for letters, digits, - and _ ({id:11}: eleven of them), {number} for"
        " digits, {user} for a name, {path} for some steps, {video|story} for either word. www. or m. before the host"
        " counts as well; other hosts, ports and parameters do not.",
    )
    page = models.CharField(
        "where its link leads", max_length=300, blank=True,
        help_text="Empty: to the address as it was typed, without what is not allowed.",
    )  # fmt: skip
    frame = models.CharField(
        "address of the frame", max_length=300, blank=True,
        help_text="What is loaded after the reader's click, such as https://player.example.org/{id}. {host} is the host"
        " that was recognised, ?url={address} the whole address.",
    )  # fmt: skip
    parameters = models.TextField(
        "parameters allowed", max_length=500, blank=True,
        help_text="What an address may say besides, a line for each: “h = word”, “start = number”, or “t > start ="
        " number” where the frame calls it otherwise. All others are dropped.",
    )  # fmt: skip
    shape = models.CharField("room it takes", max_length=10, choices=SHAPES, default=Shape.VIDEO.value)

    objects = EmbedHostQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "host of embeds"
        verbose_name_plural = "hosts of embeds"

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        Pulse.objects.beat()  # published stories ask at once whether its frames may still be opened

    def clean(self):
        try:
            rule = self.rule
        except BadRule as bad:
            raise ValidationError({bad.field: str(bad)}) from bad
        ours = urlsplit(settings.SITE_URL).hostname
        if ours in rule.frame_hosts | {pattern.host for pattern in rule.addresses}:
            raise ValidationError({"addresses": "That is our own site: its stories are linked, never framed."})
        # Switching one off must stop its frames, so no two may have them from one origin.
        for other in EmbedHost.objects.filter(kind=Kind.FRAME).exclude(pk=self.pk):
            if shared := rule.frame_hosts & other.rule.frame_hosts:
                raise ValidationError({"frame": f"{other} has its frames from {min(shared)} already. Add to that one."})

    @property
    def rule(self):
        """The row as `body.embeds` asks it; BadRule where it cannot be read, which no saved one is."""
        return Rule.read(*(getattr(self, name) for name in TEXTS), is_on=self.is_on)


def seed_embed_hosts(using, **kwargs):
    """post_migrate: the hosts that every paper begins with are there; the desk's changes to them stay."""
    if EmbedHost._meta.db_table not in connections[using].introspection.table_names():
        return  # migrated back to nothing
    there = set(EmbedHost.objects.using(using).exclude(seed=None).values_list("seed", flat=True))
    named = set(EmbedHost.objects.using(using).values_list("name", flat=True))
    EmbedHost.objects.using(using).bulk_create(
        EmbedHost(seed=seed, **dict(zip(TEXTS, row, strict=True)))
        for seed, row in SEEDS.items()
        if seed not in there and row[0] not in named
    )
