"""Permissions as the table of roles has them, so that every question in the house gets the same answer."""

from django.contrib.auth.backends import ModelBackend

from . import roles


class RolesBackend(ModelBackend):
    """Django's own sign-in; what a group may do comes from `roles.MODEL_PERMISSIONS`, not from rows.

    So no deployment's permissions drift from the table, and a duty editor's end with the turn.
    """

    def get_user_permissions(self, user_obj, obj=None):
        return set()  # nobody holds one of their own: the table is all there is

    def get_group_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return {
            f"{label.split('.')[0]}.{verb}_{label.split('.')[1]}"
            for role in roles.roles_of(user_obj)
            for label, verbs in roles.MODEL_PERMISSIONS[role].items()
            for verb in verbs.split()
        }
