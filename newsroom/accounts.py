"""Links with which staff choose a password that nobody else has seen; each works once and for a limited time."""

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.tokens import default_token_generator
from django.urls import path, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode


def password_link(user):
    """The address under which a person chooses a password; good for PASSWORD_RESET_TIMEOUT and until it was used.

    Anyone who has the link can sign in as that person: show it only to who passes it on, and never log it.
    """
    where = {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("password_reset_confirm", kwargs=where)


# Under /admin/, so that nothing stores or indexes these pages. Django's view takes the token out of the address.
urlpatterns = [
    path("done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
]
