"""What of the source book stands outside the desk: a person's own page, by the link they were sent."""

from django.urls import path

from . import self_service

urlpatterns = [path("<str:signed>/", self_service.your_card, name="your_card")]
