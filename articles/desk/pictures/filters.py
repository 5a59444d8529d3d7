"""What the library is filtered by: several choices of a group widen it, each further group narrows it."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q

from newsroom import clock
from newsroom.pictures import source_types
from newsroom.pictures.source_types import AI, SOURCE_TYPES

from ...models import Article, BodyReference, Contributor, ImageUse

SOON = timedelta(days=14)


class GroupFilter(admin.SimpleListFilter):
    """A group of choices, any number of them; `rows()` gives {value: (name, condition)}."""

    def __init__(self, request, params, model, model_admin):
        self.chosen = list(params.get(self.parameter_name, ()))
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(value, name) for value, (name, _) in self.rows().items()]

    def queryset(self, request, queryset):
        rows = self.rows()
        wanted = [rows[value][1] for value in self.chosen if value in rows]
        return queryset.filter(reduce(or_, wanted)) if wanted else queryset

    def choices(self, changelist):
        for value, name in self.lookup_choices:
            yield {"value": value, "display": name, "selected": value in self.chosen}


class RightsFilter(GroupFilter):
    title, parameter_name = "Rights and words", "rights"

    def rows(self):
        now = clock.process_time()
        within = Q(restricted=False) & (Q(rights_until=None) | Q(rights_until__gt=now))
        return {
            "ok": ("Free to use", within),
            "terms": ("With terms to keep", ~Q(usage_terms="") | ~Q(instructions="")),
            "ending": ("End within 14 days", within & Q(rights_until__lte=now + SOON)),
            "ended": ("Ended or restricted", ~within),
            "alt": ("No alternative text", Q(alt="", decorative=False)),
            "credit": ("No credit", Q(credit="")),
        }


class ShapeFilter(GroupFilter):
    title, parameter_name = "Shape", "shape"

    def rows(self):
        wide, tall = Q(width__gt=F("height") * 11 / 10), Q(height__gt=F("width") * 11 / 10)
        return {"wide": ("Wide", wide), "tall": ("Tall", tall), "square": ("Square", ~wide & ~tall)}


class UseFilter(GroupFilter):
    title, parameter_name = "Use", "use"

    def rows(self):
        this = OuterRef("pk")
        uses = ImageUse.objects.filter(image=this)
        used = (
            Exists(uses), Exists(Article.objects.filter(lead_image=this)),
            Exists(BodyReference.objects.filter(kind="image", target=this)),
            Exists(Contributor.objects.filter(portrait=this)),
        )  # fmt: skip
        return {
            "never": ("Never used", ~reduce(or_, map(Q, used))),
            "live": ("In live stories", Q(Exists(uses.live()))),
        }


class MadeFilter(GroupFilter):
    title, parameter_name = "Made by", "made"

    def rows(self):
        by_ai = [code for code, row in SOURCE_TYPES.items() if row.ai]
        ai = (
            Q(source_type__in=by_ai) | Q(metadata__source_type__in=by_ai)
            | Q(credentials__ai__in=[str(AI.MADE), str(AI.ALTERED)])
        )  # fmt: skip
        return {
            "camera": ("Camera", Q(source_type__in=source_types.codes_in(source_types.CAMERA))),
            "drawn": ("Hand or data", Q(source_type__in=source_types.codes_in(source_types.DRAWN))),
            "ai": ("Made or altered with AI", ai),
            "unsaid": ("Nobody said", Q(source_type="")),
        }
