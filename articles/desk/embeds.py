"""The hosts whose pages stories may embed, and the body editor's question what an address stands for."""

from django import forms
from django.contrib import admin
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from newsroom.desk.base import CleanForm, DeskAdmin
from newsroom.desk.refusals import refused_as_json
from newsroom.errors import NotAllowed, Refused

from .. import roles
from ..body.references import not_allowed_message
from ..models import EmbedHost


class EmbedHostForm(CleanForm):
    class Meta:
        model = EmbedHost
        fields = ["name", "is_on", "kind", "addresses", "page", "frame", "parameters", "shape"]
        widgets = {
            "addresses": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
            "parameters": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        }


@admin.register(EmbedHost)
class EmbedHostAdmin(DeskAdmin):
    form = EmbedHostForm
    list_display = ["name", "kind", "is_on", "frame"]
    list_filter = ["kind", "is_on"]
    search_fields = ["name", "addresses"]
    fieldsets = [
        (None, {"fields": ["name", "is_on", "kind"]}),
        ("Which addresses", {"fields": ["addresses", "parameters"]}),
        ("What readers get", {"fields": ["page", "frame", "shape"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        return False  # switched off it is out of use, and published stories still have its name


@require_safe
@refused_as_json
def recognise(request):
    """What an address (?url=) stands for: {host, kind, page}; 400 with the list of what is allowed for any other."""
    if not roles.may(request.user, "read copy"):
        raise NotAllowed("Your role does not see these.")
    allowed = EmbedHost.objects.allow_list()
    url = request.GET.get("url", "")[:2000]
    if not url:
        return JsonResponse({"allowed": allowed.in_words()})
    if (found := allowed.embed_of(url)) is None:
        raise Refused(not_allowed_message(url, allowed))
    return JsonResponse({"host": found.host, "kind": found.kind, "page": found.page})
