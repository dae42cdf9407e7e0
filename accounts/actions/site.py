"""Roles over the whole site, and its own pages."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import rules, steps
from accounts.models import SiteRole, User
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.verb import verb
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.site import steps as site
from consultation.site.models import SitePageVersion
from consultation.site.wording import checked as page_words


@verb
def give_site_role(actor: User, *, person_id: int, role: str, at: datetime) -> SiteRole:
    """The person holds the role over the whole site from now on, on record, and is told.

    Refuses: not-signed-in, no-role, second-factor-needed, invalid (role, person).
    """
    rules.may_run_the_site(actor).require()
    if role not in SiteRole.Role.values:
        raise invalid(role=_("Choose one of the roles."))
    person = User.objects.filter(pk=person_id).first()
    rules.may_hold_a_role(person).require()
    assert person is not None
    given, new = steps.give_site_role(person, role, at=at)
    if new:
        record(actor, "role.given", given)
        post.write("role-given", person=person, context={"role": role, "url": "/desk/"}, not_before=at)
    return given


@verb
def take_site_role(actor: User, *, role_id: int, at: datetime) -> SiteRole:
    """The person no longer holds the role, from this moment on; on record, and they are told.

    Refuses: not-signed-in, no-role, second-factor-needed, not-found, last-administrator.
    """
    taken = steps.lock_site_roles(role_id)
    rules.may_run_the_site(actor).require()
    if taken is None:
        raise NotFound
    rules.may_end_site_role(taken).require()
    taken.ended_at = at
    taken.save(update_fields=["ended_at"])
    record(actor, "role.taken", taken)
    context = {"role": taken.role, "url": "/desk/"}
    post.write("role-taken", person=taken.person, context=context, not_before=at)
    return taken


@verb
def publish_page(
    actor: User, *, key: str, language: str, title: str, body: str, after: int, at: datetime
) -> SitePageVersion:
    """One of the site's own pages says this in this language from now on; what it said stays on record.

    `after` is the number of the version that the actor read, 0 for none.
    Refuses: not-signed-in, no-role, second-factor-needed, not-found, edited-meanwhile,
    invalid (title, body, language).
    """
    rules.may_run_the_site(actor).require()
    words = page_words(key=key, language=language, title=title, body=body)
    version = site.publish(
        actor, key=key, language=language, title=words.title, body=words.body, after=after, at=at
    )
    record(actor, "page.published", version, public=True)
    return version
