"""The form of something that is known by its name, and that should not be made twice by accident."""

from django.utils.html import format_html

from .. import folding
from .alike import name_lookalikes
from .base import CleanForm


class NamedForm(CleanForm):
    """A form of something with a name: if another reads like it, it is shown, and the person says that it is not it."""

    def clean(self):
        data = super().clean()
        name = self.cleaned_data.get("name")
        if name and "name" in self.changed_data and self.data.get("another_one") != folding.fold(name):
            for _, other in name_lookalikes(self._meta.model, name, self.instance.pk)[:1]:
                self.add_error("name", lookalike_offer(other, name))
        return data


def lookalike_offer(other, name, box="another_one"):
    """The words of an error that names what a typed name reads like, with a tick box that says that it is another."""
    return format_html(
        "There is “<bdi>{}</bdi>” already, which reads like it. Use that one, or, if this is another: "
        '<label><input type="checkbox" name="{}" value="{}"> it is another one</label>',
        other,
        box,
        folding.fold(name),
    )
