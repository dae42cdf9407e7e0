"""Somebody of each kind, and something of each kind that not everybody may read."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import ask_to_join, give_evidence, invite_colleague
from accounts.models import Institution, InstitutionEvidence, JoinRequest, Power, SiteRole, User
from consultation.digests.actions import request_digest
from consultation.kit import clock, link_keys, uploads
from consultation.moderation.actions import ask_opinion
from consultation.post.models import Message
from consultation.texts.models import Consultation
from tests import factories as make
from tests.comments.acts import with_a_case

SLUG = "rivers"
# The columns of the table, in the order of DESIGN 5; `stranger` has an account and nothing else.
PERSONAS = (
    "visitor",
    "stranger",
    "other",
    "contributor",
    "signatory",
    "manager",
    "moderator",
    "observer",
    "secretariat",
    "registrar",
    "administrator",
)
OWN = {"contributor", "signatory", "manager"}
MODERATION = {"moderator", "observer", "secretariat"}

# Words that stand in one place each, and who may meet them anywhere on the site.
SECRETS = {
    "planted in a draft": OWN,
    "planted in what waits": OWN | MODERATION,
    "planted in what was hidden": OWN | MODERATION,
    "planted in what somebody was asked about": {"contributor", "stranger"} | MODERATION,
    "planted for the secretariat": OWN | MODERATION,
    "planted in a proposal": OWN,
    "planted in a decision": OWN | MODERATION,
    "Planted Academy that waits": {"registrar"},
    "planted-address@rivers.example": {"contributor", "registrar"},
    "planted-guest@rivers.example": {"manager"},
    "Planted Person who asks to join": {"manager"},
    "planted in the evidence": {"registrar"},
    "planted-letter.pdf": {"registrar"},
}


@dataclass
class World:
    """Who asks, and the values that stand for the braces in an address."""

    people: dict[str, User | None] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


def planted() -> World:
    """A consultation on which one institution, its colleagues and all roles have left something."""
    consultation = make.consultation(SLUG)
    ours = make.verified_institution("Institute of Rivers", country="NO", domains=["rivers.example"])
    theirs = make.verified_institution("Institute of Lakes", country="KE")
    waiting = make.institution("Planted Academy that waits", country="PE")
    world = World(people=_people(consultation, ours, theirs))
    by, signs = world.people["contributor"], world.people["signatory"]
    shown = make.comment(consultation, ours, by=by, body="Open to everybody.")
    hidden = make.comment(consultation, ours, by=by, body="This was planted in what was hidden.")
    make.decide(with_a_case(hidden), "hide", message="This was planted in a decision.")
    sent = make.sent_comment(consultation, ours, by=by, body="This was planted in what waits.")
    asked_about = make.sent_comment(
        consultation, ours, by=by, body="This was planted in what somebody was asked about."
    )
    opinion = ask_opinion(
        world.people["secretariat"],
        case_id=asked_about.item.cases.get().pk,
        person_id=world.people["stranger"].pk,
        at=clock.now(),
    )
    closed = make.comment(
        consultation, ours, by=by, visibility="secretariat", body="This was planted for the secretariat."
    )
    draft = make.draft(consultation, ours, by=by, body="This was planted in a draft.")
    signed = make.endorsement(consultation, ours, by=signs, principle=1)
    proposed = make.endorsement(
        consultation, ours, by=by, principle=2, position="endorse_with_reservation",
        statement="This was planted in a proposal.",
    )  # fmt: skip
    make.new_version(consultation, 3)
    letter, asked, invitation = _at_the_doors(ours, waiting)
    digest = request_digest(None, consultation=consultation, language="en", at=clock.now())
    world.keys = {
        "shown": shown.reference,
        "hidden": hidden.reference,
        "closed": closed.reference,
        "waiting": str(sent.pk),
        "draft": str(draft.pk),
        "case": str(sent.item.cases.get(closed_at=None).pk),
        "opinion": str(opinion.pk),
        "reader": world.people["stranger"].email,
        "decided": str(hidden.item.cases.latest("opened_at").pk),
        "signed": str(signed.pk),
        "proposed": str(proposed.pk),
        "digest": str(digest.pk),
        "mandate": str(by.mandates.get().pk),
        "asked": str(asked.pk),
        "invitation": invitation,
        "the letter": str(letter.pk),
        "ours": ours.slug,
        "pending": waiting.slug,
    }
    return world


def _at_the_doors(ours: Institution, waiting: Institution) -> tuple[InstitutionEvidence, JoinRequest, str]:
    """A letter of an institution that waits, somebody who asks to join, and the key of an invitation."""
    pdf = SimpleUploadedFile("planted-letter.pdf", b"%PDF-1.7\nA letter.\nstartxref\n9\n%%EOF\n")
    letter = give_evidence(
        make.manager(waiting),
        institution_id=waiting.pk,
        note="This was planted in the evidence.",
        letter=uploads.keep_pdf(pdf),
        at=clock.now(),
    )
    asks = make.person("asks@rivers.example", name="Planted Person who asks to join")
    asked = ask_to_join(asks, institution_id=ours.pk, at=clock.now())
    invite_colleague(
        make.manager(ours),
        institution_id=ours.pk,
        email="planted-guest@rivers.example",
        powers=["contribute"],
        language="en",
        at=clock.now(),
    )
    seed = Message.objects.get(kind="invitation").context["seed"]
    return letter, asked, link_keys.key_of(seed)


def _people(consultation: Consultation, ours: Institution, theirs: Institution) -> dict[str, User | None]:
    return {
        "visitor": None,
        "stranger": make.person(),
        "other": make.signatory(theirs),
        "contributor": make.representative(ours, by=make.person("planted-address@rivers.example")),
        "signatory": make.signatory(ours),
        "manager": make.representative(ours, Power.MANAGE),
        "moderator": make.moderator(consultation),
        "observer": make.observer(consultation),
        "secretariat": make.secretariat(consultation),
        "registrar": make.registrar(),
        "administrator": _administrator(),
    }


def _administrator() -> User:
    person = make.person()
    SiteRole.objects.create(person=person, role=SiteRole.Role.ADMINISTRATOR)
    return person
