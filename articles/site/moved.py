"""Where a former address leads: to the page that the thing has now, in one hop, if readers may see that page."""

from articles.models import Contributor, Edition, Section
from experts.models import Expert, Suppression
from newsroom.models import PolicyPage, Topic, TopicName


def section_now(slug):
    """The slug of the visible section that had this one before, or None."""
    return Section.objects.visible().filter(former__slug=slug).values_list("slug", flat=True).first()


def topic_now(slug):
    """The slug of the topic to which this one leads: merged into it, its former one, or another of its names.

    None where nobody may know of that topic, since no live story is filed under it.
    """
    # One after the other: an address says more than a name does, and each has an index of its own.
    for wanted in ({"slug": slug}, {"former__slug": slug}, {"pk__in": TopicName.of_address(slug)}):
        for topic in Topic.objects.filter(**wanted).select_related("merged_into"):
            stands = topic.merged_into or topic
            if stands.slug != slug and Edition.objects.live().filed_under("topic", pk=stands.pk).exists():
                return stands.slug
    return None


def person_now(slug):
    """The slug of the contributor with live stories who had this one before, or None."""
    who = Contributor.objects.filter(former__slug=slug).first()
    return who.slug if who and Edition.objects.live().filed_under("contributor", pk=who.pk).exists() else None


def expert_now(slug):
    """The slug of the public expert to whom this one leads: their former one, or that of a card merged into theirs."""
    public = Expert.objects.public()
    merged = Expert.objects.filter(profile__was_public=True, removed_at=None, merged_into__in=public)
    for found in (
        public.filter(former__slug=slug).values_list("slug"),
        merged.filter(slug=slug).values_list("merged_into__slug"),
        merged.filter(former__slug=slug).values_list("merged_into__slug"),
    ):
        for (now,) in found:
            return now
    return None


def expert_had_page(slug):
    """Whether a public page stood at this address, whatever became of it."""
    had = Expert.objects.filter(profile__was_public=True)
    return (
        had.filter(slug=slug).exists() or had.filter(former__slug=slug).exists() or Suppression.objects.had_page(slug)
    )


def policy_now(slug):
    """The slug of the public policy page that had this one before, or None."""
    return PolicyPage.objects.filter(former__slug=slug, public=True).values_list("slug", flat=True).first()
