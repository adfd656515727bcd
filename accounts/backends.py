"""Who a session belongs to: the person together with the grants in force, in one question."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.models import Grant, User


class GrantedBackend(ModelBackend):
    """Every page of a signed-in person asks what this person may do, so both are read at once."""

    def get_user(self, user_id: Any) -> User | None:
        """The person, ``all_grants`` at hand; None for an account that is closed or gone."""
        grants = list(Grant.objects.filter(user=user_id).with_area().select_related("user"))
        if not grants:
            return super().get_user(user_id)
        user = grants[0].user
        for grant in grants:
            grant.user = user
        user.all_grants = grants
        return user if self.user_can_authenticate(user) else None
