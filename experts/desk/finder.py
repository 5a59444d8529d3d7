"""The page of the finder, and its suggestions of topics while somebody types."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import JsonResponse

from newsroom import clock, countries, languages, paper
from newsroom.desk.base import without_controls
from newsroom.models import Topic

from .. import access, serializer
from ..finding import finder
from ..models import LanguageSkill
from ..models.expert import FORMATS
from . import base, card

PER_PAGE = 25
TOPICS_SUGGESTED = 12
WITHIN_CHOICES = [
    (0, "Any time"), (15, "Next 15 minutes"), (30, "Next half hour"), (60, "Next hour"), (120, "Next two hours"),
    (240, "Next four hours"), (480, "Next eight hours"),
]  # fmt: skip


class FinderForm(forms.Form):
    topic = forms.CharField(
        required=False, max_length=100, help_text="Any of its names, or how one begins.",
        widget=forms.TextInput(attrs={"list": "finder-topics", "autocomplete": "off"}),
    )  # fmt: skip
    language = forms.CharField(
        required=False, max_length=40, help_text="A name or a tag: Arabic, ar-JO.",
        widget=forms.TextInput(attrs={"list": "finder-languages", "autocomplete": "off"}),
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label="At least", choices=LanguageSkill.LEVELS[::-1], coerce=int, empty_value=LanguageSkill.INTERVIEW,
        required=False,
    )  # fmt: skip
    format = forms.ChoiceField(label="For", choices=[("", "Any format"), *FORMATS], required=False)
    within = forms.TypedChoiceField(label="Free", choices=WITHIN_CHOICES, coerce=int, empty_value=0, required=False)
    country = forms.ChoiceField(
        choices=lambda: [("", "Any country"), *sorted(countries.country_names().items(), key=lambda row: row[1])],
        required=False,
    )  # fmt: skip
    on_air = forms.BooleanField(label="On air in that language", required=False)
    verified = forms.BooleanField(label="Identity verified", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        without_controls(self)

    def clean_language(self):
        try:
            return languages.tag_of(self.cleaned_data["language"]).lower()
        except languages.NoLanguage as error:
            says = "No such language. Write its English name, or a tag such as ar or ar-JO."
            raise forms.ValidationError(says) from error

    def wanted(self):
        return finder.Wanted(**self.cleaned_data)


def finder_page(admin, request):
    """The finder. The question is in the address, so that it can be sent to a colleague."""
    tier = access.tier(request.user)
    base.require_permission(tier >= access.Tier.NAMES, "Your role does not see experts.")
    asked = any(name in request.GET for name in FinderForm.base_fields)
    data = request.GET.copy()
    data.setdefault("level", str(LanguageSkill.INTERVIEW))
    form = FinderForm(data if asked else None, initial={"level": LanguageSkill.INTERVIEW})
    valid = asked and form.is_valid()
    context = {"form": form, "asked": valid and bool(form.wanted()), "languages": languages.OFFERED}
    if context["asked"]:
        found = finder.find_experts(form.wanted(), clock.process_time())
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
        rows = result_rows(page.object_list, tier)
        query = request.GET.copy()
        query.pop("p", None)
        first_unknown = next((row for row in rows if row["hours"] == finder.UNKNOWN), None)
        context |= {
            "found": found,
            "page": page,
            "rows": rows,
            "query": f"{query.urlencode()}&",
            "first_unknown": first_unknown,
        }
        topic = form.cleaned_data["topic"].strip()
        context["no_topic"] = topic if topic and not rows and not Topic.objects.meant_by(topic).exists() else ""
    status = 400 if asked and not valid else 200
    return base.render_page(admin, request, "experts/finder.html", "Find a voice", status=status, tier=tier, **context)


def result_rows(found, tier):
    """Rows of results as a person of a tier may see them; two queries, for titles and channels."""
    experts, day = [one.expert for one in found], paper.today()
    # Restricted channels are opened on the card, never from a list.
    tier = min(tier, access.Tier.STAFF)
    reach = ("channels",) if tier >= access.Tier.STAFF else ()
    prefetch_related_objects(experts, "affiliations", *reach)
    return [
        {
            "id": one.expert.pk, "name": one.expert.display_name, "native_name": one.expert.native_name,
            "native_language": one.expert.native_language, "title": one.expert.title_on(day),
            "place": ", ".join(filter(None, [one.expert.city, countries.country_name(one.expert.country)])),
            "reasons": one.reasons_for(tier), "hours": one.hours,
            "not_quoted": one.expert.not_quoted, "proof": one.expert.verification_state,
            "channels": [
                card.with_contact_links(row) for row in serializer.channels(one.expert, tier) if not row["do_not_use"]
            ],
        }
        for one in found
    ]  # fmt: skip


def suggest_topics(admin, request):
    """{results: [name]} of topics that have a name with what is typed, the last word perhaps only begun."""
    base.require_permission(access.tier(request.user) >= access.Tier.NAMES)
    typed = " ".join(request.GET.get("q", "").replace("\0", "").split())[:60]
    if not typed:
        return JsonResponse({"results": []})
    named = Topic.objects.in_use().having(typed).values_list("name", flat=True)[:TOPICS_SUGGESTED]
    return JsonResponse({"results": list(named)})


def urls(admin):
    return [
        base.route(admin, "finder/", finder_page, "finder", looks=True),
        base.route(admin, "finder/topics/", suggest_topics, "finder_topics", looks=True),
    ]
