"""Django's permissions, taken from the table of roles, so that the admin and the actions never disagree."""

from django.contrib.auth.backends import ModelBackend

from . import roles


class RolesBackend(ModelBackend):
    """Django's own sign-in; what a group may do comes from `roles.MODEL_PERMISSIONS`, not from the database.

    A duty editor's permissions end with the turn.
    """

    def get_user_permissions(self, user_obj, obj=None):
        return set()  # permissions of single users are not used

    def get_group_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return {
            f"{label.split('.')[0]}.{verb}_{label.split('.')[1]}"
            for role in roles.roles_of(user_obj)
            for label, verbs in roles.MODEL_PERMISSIONS[role].items()
            for verb in verbs.split()
        }
