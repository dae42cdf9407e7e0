"""The sessions of people: where somebody is signed in, and for how long that is kept.

django-allauth notes them with address and browser (DESIGN 6), Django keeps them in a table of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session


def end_all(person_id: int, *, addresses: Collection[str]) -> None:
    """The person is signed in nowhere, and no session names them or one of these addresses.

    Sessions are opened one by one: only within stands whose they are.
    """
    UserSession.objects.filter(user=person_id).delete()
    of_person = [
        session.session_key
        for session in Session.objects.order_by().iterator()
        if _names(session, person_id, addresses)
    ]
    Session.objects.filter(pk__in=of_person).delete()


def _names(session: Session, person_id: int, addresses: Collection[str]) -> bool:
    held = session.get_decoded()
    said = str(held).lower()
    return held.get(SESSION_KEY) == str(person_id) or any(each.lower() in said for each in addresses)


def forget_old(*, at: datetime) -> None:
    """Delete sessions that are over, and what was noted of them.

    They are over fourteen days after they were last written (SESSION_COOKIE_AGE).
    """
    Session.objects.filter(expire_date__lte=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
