"""Somebody who has done, by the site's own verbs and pages, everything that people do here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from accounts import actions as accounts
from accounts.models import Institution, Mandate, Power, User
from accounts.steps import give_site_role
from consultation.comments import actions as comments
from consultation.comments.models import Comment
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.moderation import actions as moderation
from consultation.moderation.models import Case
from consultation.post import tasks as mails
from consultation.site import steps as site
from consultation.site.models import SitePageVersion
from consultation.texts.models import Consultation
from tests import factories as make
from tests.endorsements.acts import ask_for_two, by_letter
from tests.standing.acts import reject

NAME = "Quirina Vanderplanck"
EMAIL = "quirina.v@planted.example"
SECOND = "the.other.one@planted.example"
IP = "203.0.113.77"
BROWSER = "Plantedfox/7"
PLANTED = (NAME, EMAIL, SECOND, IP, BROWSER)


@dataclass
class Life:
    """The person and what is there because of them."""

    person: User
    client: Client
    consultation: Consultation
    institution: Institution
    colleague: User
    comment: Comment
    draft: Comment
    position: Endorsement
    case: Case


def lived() -> Life:
    """A person with a trail in every table that can know one."""
    person = make.person(EMAIL, name=NAME)
    EmailAddress.objects.create(user=person, email=SECOND, verified=True)
    consultation = make.consultation()
    institution = make.verified_institution("Planted Academy", by=person)
    colleague = make.representative(institution, *Power)
    client = _at_the_pages(person)
    comment = make.comment(consultation, institution, by=person)
    make.comment(consultation, make.verified_institution(), parent=comment)
    comments.revise_comment(
        person, comment_id=comment.pk, changes={"body": "In other words."}, at=clock.now()
    )
    draft = make.draft(consultation, institution, by=person)
    _other_acts(person, consultation, institution)
    position = make.endorsement(
        consultation,
        institution,
        by=person,
        position="endorse_with_reservation",
        statement="With care.",
        name_shown=True,
    )
    case = _at_the_bench(person, consultation)
    accounts.issue_token(person, name=f"Laptop of {NAME}", at=clock.now())
    give_site_role(person, "registrar", at=clock.now())
    reject(make.institution(), by=person)
    _mails(person, institution, colleague)
    return Life(person, client, consultation, institution, colleague, comment, draft, position, case)


def _at_the_pages(person: User) -> Client:
    """Signed in with a password, from an address, with a browser; with a form sent under a claim."""
    client = Client(REMOTE_ADDR=IP, HTTP_USER_AGENT=BROWSER)
    client.post("/accounts/login/", {"login": EMAIL, "password": make.PASSWORD})
    client.post(
        "/accounts/settings/",
        {"name": NAME, "language": "en", "timezone": "Europe/Oslo", "claim": str(uuid4())},
    )
    Client().post("/accounts/login/code/", {"email": EMAIL})
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DP"})
    SocialAccount.objects.create(
        user=person, provider="orcid", uid="0000-0001", extra_data={"name": NAME, "mail": EMAIL}
    )
    version = SitePageVersion.objects.filter(page__key="terms").first()
    if version is not None:
        site.accept_terms(person, version_id=version.pk, at=clock.now())
    return client


def _other_acts(person: User, consultation: Consultation, institution: Institution) -> None:
    """Co-signing, proposing, inviting, being invited, asking to join."""
    foreign = make.comment(consultation, make.verified_institution())
    comments.cosign_comment(
        person, comment_id=foreign.pk, institution_id=institution.pk, stance="agree", at=clock.now()
    )
    second = make.verified_institution()
    make.representative(second, Power.CONTRIBUTE, by=person)
    make.endorsement(consultation, second, by=person, principle=2)
    at_work = make.consultation()
    make.with_role(at_work, "secretariat", person)
    by_letter(make.verified_institution(), at_work, by=person)
    twice = ask_for_two(make.verified_institution(by=person))
    make.endorsement(consultation, twice, by=person)
    accounts.invite_colleague(
        person,
        institution_id=institution.pk,
        email="new@test.example",
        powers=["sign"],
        language="en",
        at=clock.now(),
    )
    host = make.verified_institution()
    accounts.invite_colleague(
        make.manager(host),
        institution_id=host.pk,
        email=SECOND,
        powers=["sign"],
        language="en",
        at=clock.now(),
    )
    near = make.verified_institution(domains=["planted.example"])
    accounts.ask_to_join(person, institution_id=near.pk, at=clock.now())


def _at_the_bench(person: User, consultation: Consultation) -> Case:
    """One case decided, another held."""
    make.with_role(consultation, "moderator", person)
    make.decide(make.pending_comment(consultation), "approve", by=person)
    held = make.pending_comment(consultation).item.cases.get(closed_at=None)
    moderation.claim_case(person, case_id=held.pk, at=clock.now())
    moderation.note_looks(person, seen=[(held.item_id, 1)], door="page", at=clock.now())
    left = make.pending_comment(consultation).item.cases.get(closed_at=None)
    moderation.claim_case(person, case_id=left.pk, at=clock.now())
    moderation.decide_case(person, case_id=left.pk, action="escalate", message="Unsure.", at=clock.now())
    moderation.state_languages(person, languages=["fr"], at=clock.now())
    moderation.write_note(person, case_id=held.pk, words="I am not sure.", at=clock.now())
    _opinions(person)
    foreign = make.comment(consultation)
    comments.flag_comment(
        person, comment_id=foreign.pk, reason="1", note=f"Write to {EMAIL}.", at=clock.now()
    )
    own = make.consultation()
    make.with_role(own, "secretariat", person)
    moderation.switch_signals(person, consultation_id=own.pk, on={"links": False}, at=clock.now())
    return held


def _opinions(person: User) -> None:
    """One asked of the person and given, another that the person asked for."""
    elsewhere = make.consultation()
    case = make.pending_comment(elsewhere).item.cases.get(closed_at=None)
    asked = moderation.ask_opinion(
        make.secretariat(elsewhere), case_id=case.pk, person_id=person.pk, at=clock.now()
    )
    moderation.give_opinion(person, opinion_id=asked.pk, words="It is in good faith.", at=clock.now())
    here = make.consultation()
    case = make.pending_comment(here).item.cases.get(closed_at=None)
    by = make.with_role(here, "secretariat", person)
    moderation.ask_opinion(by, case_id=case.pk, person_id=make.person().pk, at=clock.now())


def _mails(person: User, institution: Institution, colleague: User) -> None:
    """Mails that are out, to the person and about them, and some that wait."""
    mails.sweep()
    other = make.representative(institution, Power.CONTRIBUTE)
    mandate = Mandate.objects.get(person=other, institution=institution)
    accounts.end_mandate(person, mandate_id=mandate.pk, at=clock.now())
    accounts.invite_colleague(
        person,
        institution_id=institution.pk,
        email="later@test.example",
        powers=["sign"],
        language="en",
        at=clock.now(),
    )


def tables_with(word: str) -> set[str]:
    """Every table and column of the database in which `word` stands, in text, JSON, arrays or bytes."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        )
        for table, column, kind in cursor.fetchall():
            text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(
                f'SELECT {text} FROM "{table}" WHERE strpos(lower({text}), lower(%s)) > 0 LIMIT 1', [word]
            )
            if cursor.fetchone():
                found.add(f"{table}.{column}")
    return found


def in_sessions(word: str) -> bool:
    """Whether a session holds `word`: they are packed, so that no column shows it."""
    return any(word in str(session.get_decoded()) for session in Session.objects.all())
