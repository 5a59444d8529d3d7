from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Someone who works here. What they may do comes from their groups; see `articles/roles.py`."""

    def __str__(self):
        return self.get_full_name() or self.username
