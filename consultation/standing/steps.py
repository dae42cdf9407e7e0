"""Forgetting a person: what was done for institutions stays, who did it goes (DESIGN 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Q

from accounts import queries as account_queries
from accounts import sessions
from accounts import steps as accounts
from accounts.models import Institution, InstitutionState, Invitation, Mandate, SiteRole, User
from consultation.comments.models import Comment, CommentRevision, CommentState, Cosignature
from consultation.endorsements.models import Endorsement
from consultation.kit import history
from consultation.moderation import flagging
from consultation.moderation.models import Case
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.standing import taking_part
from consultation.texts.models import ConsultationRole, RoundExtension

OVER = (InstitutionState.REJECTED, InstitutionState.MERGED)


def institutions_of(person: User) -> list[int]:
    """The keys of all institutions for which the person ever acted, in the order of locks."""
    acted = (
        Mandate.objects.filter(person=person),
        Comment.objects.filter(author=person),
        CommentRevision.objects.filter(author=person),
        Cosignature.objects.filter(person=person),
        Endorsement.objects.filter(Q(signed_by=person) | Q(first_signed_by=person) | Q(proposed_by=person)),
    )
    keys: set[int] = set()
    for rows in acted:
        name = "comment__institution" if rows.model is CommentRevision else "institution"
        keys.update(rows.order_by().values_list(name, flat=True))
    return sorted(keys)


def end_mandates(person: User, *, by: User | None, at: datetime) -> list[Institution]:
    """The person speaks for nobody any more; the institutions that nobody manages since."""
    held = Mandate.objects.filter(person=person, ended_at=None).select_related("institution__current")
    left = []
    for mandate in held.order_by("institution", "pk"):
        managed = account_queries.managers(mandate.institution, at=at).exists()
        accounts.end_mandate(mandate, at=at)
        record(by, "mandate.ended", mandate)
        over = mandate.institution.state in OVER
        if managed and not over and not account_queries.managers(mandate.institution, at=at).exists():
            left.append(mandate.institution)
    return left


def end_roles(person: User, *, by: User | None, at: datetime) -> None:
    """The person holds no role any more, over the site or in a consultation."""
    for rows in (SiteRole.objects.filter(person=person), ConsultationRole.objects.filter(person=person)):
        for role in rows.filter(ended_at=None).order_by("pk"):
            role.ended_at = at
            role.save(update_fields=["ended_at"])
            record(by, "role.taken", role)


def tell_registrars(institutions: Iterable[Institution]) -> None:
    """Whoever keeps the registry learns that nobody manages these institutions any more."""
    roles = account_queries.site_roles_in_force().filter(role=SiteRole.Role.REGISTRAR)
    registrars = User.objects.filter(pk__in=roles.values("person"), is_active=True)
    for institution in institutions:
        context = {
            "institution": accounts.name_of(institution),
            "url": f"/registry/{institution.slug}/",
        }
        for registrar in registrars.order_by("pk"):
            post.write("institution-without-manager", person=registrar, context=context)


def tell_of_extension(extension: RoundExtension, *, at: datetime) -> None:
    """Everybody who speaks for an institution that takes part learns of the later closing time."""
    consultation = extension.round.consultation
    by_language: dict[str, list[User]] = {}
    for person in taking_part.people(consultation, at=at):
        by_language.setdefault(person.language, []).append(person)
    for language, readers in sorted(by_language.items()):
        context = {
            "number": extension.round.number,
            "title": consultation.title(language),
            "deadline": extension.closes_at.isoformat(),
            "until": extension.closed_at.isoformat(),
            "zone": consultation.zone,
            "message": consultation.in_language(extension.reasons, language),
            "url": f"/consultations/{consultation.slug}/",
        }
        post.write_many("round-extended", people=readers, context=context, not_before=at)


def number_instead(person: User, institution: Institution) -> None:
    """Where the person spoke for the institution stands the number of a former representative."""
    comments = Comment.objects.filter(author=person, institution=institution)
    comments.filter(state=CommentState.DRAFT).update(author=None)
    revisions = CommentRevision.objects.filter(author=person, comment__institution=institution)
    cosignatures = Cosignature.objects.filter(person=person, institution=institution)
    positions = Endorsement.objects.filter(signed_by=person, institution=institution)
    begun = Endorsement.objects.filter(first_signed_by=person, institution=institution)
    for each in _under_the_name_of(person, institution):
        record(None, "endorsement.signer_forgotten", each, public=True)
    number = institution.former_people + 1
    changed = (
        comments.update(author=None, former=number)
        + revisions.update(author=None, former=number)
        + cosignatures.update(person=None, former=number)
        + positions.update(signed_by=None, signed_name="", former=number)
        + begun.update(first_signed_by=None, first_signed_name="", first_former=number)
    )
    if changed:
        Institution.objects.filter(pk=institution.pk).update(former_people=number)


def _under_the_name_of(person: User, institution: Institution) -> list[Endorsement]:
    """The positions under which everybody reads the person's name."""
    shown = Q(signed_by=person, name_shown=True) | Q(first_signed_by=person, first_name_shown=True)
    found = Endorsement.objects.filter(shown, institution=institution, effective_at__isnull=False)
    return list(found.select_related("principle").order_by("pk"))


def forget(person: User) -> None:
    """The person's own row and all that hangs on it; last of all, as histories are written until then."""
    key, addresses = person.pk, addresses_of(person)
    Case.objects.filter(holder=person, closed_at=None).update(holder=None, lease_until=None)
    _take_back_invitations(addresses)
    flagging.forget(person)
    post.forget(key, name=person.name, addresses=addresses)
    sessions.end_all(key, addresses=addresses)
    person.delete()
    history.forget(key)


def addresses_of(person: User) -> set[str]:
    """Every address by which the site knows the person."""
    return {person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)}


def _take_back_invitations(addresses: Collection[str]) -> None:
    for invitation in Invitation.objects.filter(email__in=addresses, state=Invitation.State.OPEN):
        accounts.settle_invitation(invitation, Invitation.State.WITHDRAWN, at=invitation.sent_at)
