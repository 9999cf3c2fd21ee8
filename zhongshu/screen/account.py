"""账户 log-in: accounts come from the pack or an administrator; nobody signs up by himself."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Refuses sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
