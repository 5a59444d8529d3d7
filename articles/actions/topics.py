"""Merging topics: stories, experts and editions move to the topic that stays, and so do names and addresses."""

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from experts.actions.quoting import quoting_may_change
from experts.models import Bar, ExpertTopic
from newsroom.errors import NotAllowed, Refused
from newsroom.models import Pulse, TopicName

from .. import roles
from ..models import ArticleTopic, EditionTopic

# The rows that tie a topic to something: the model, its field for the topic, its field for what has the topic.
TOPIC_ROWS = (
    (ArticleTopic, "tag", "content_object"),
    (ExpertTopic, "tag", "content_object"),
    (EditionTopic, "topic", "edition"),
)


@transaction.atomic
def merge_topics(topics, *, into, by):
    """Put one topic in the place of others, on stories, experts and editions.

    A bar on one of them meets the stories of the others from now on: what waits of them is asked again.
    """
    if not roles.may(by, "merge topics"):
        raise NotAllowed("Your role does not merge topics.")
    if into.merged_into_id or into in topics:
        raise Refused("Choose one of them that stays.")
    barred = Bar.objects.filter(topic__in=[*topics, into], lifted_at=None).order_by().values_list("expert", flat=True)
    with quoting_may_change(set(barred), by=by):
        _merge_each(topics, into)
    Pulse.objects.beat(rendering=True)


def _merge_each(topics, into):
    for topic in topics:
        for model, field, holder in TOPIC_ROWS:
            _keep_higher(model, field, holder, topic, into)
            have = model.objects.filter(**{field: into}).values(holder)
            model.objects.filter(**{field: topic, f"{holder}__in": have}).delete()
            model.objects.filter(**{field: topic}).update(**{field: into})
        topic.names.update(topic=into)
        TopicName.add(into, topic.name)
        topic.merged.update(merged_into=into)
        topic.merged_into = into
        topic.save(update_fields=["merged_into"])


def _keep_higher(model, field, holder, topic, into):
    """An expert who has both topics keeps the higher of the two levels."""
    if not any(column.name == "level" for column in model._meta.concrete_fields):
        return
    theirs = model.objects.filter(**{field: topic, holder: OuterRef(holder)})
    lower = model.objects.filter(**{field: into}).annotate(other=Subquery(theirs.values("level")[:1]))
    for row in lower.filter(other__gt=F("level")):
        model.objects.filter(pk=row.pk).update(level=row.other)
