"""Sending the voices: institutions register, write, are moderated, and co-sign each other's comments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import cycle
from typing import NamedTuple

from django.core.cache import cache

from accounts.actions import register_institution
from accounts.models import Institution, Power, User, VerifiedHow
from accounts.queries import DEMONSTRATION
from consultation.comments.actions import cosign_comment, write_comment
from consultation.comments.models import Comment, CommentState, Cosignature, Stance
from consultation.comments.wording import Wording
from consultation.kit import clock, detection
from consultation.kit.refusal import Refusal
from consultation.kit.verb import verb
from consultation.management.demonstration import people
from consultation.management.voices.reading import Source, Speaker, Voice
from consultation.moderation.actions import claim_case, decide_case
from consultation.moderation.models import Action, Case
from consultation.post.models import Message
from consultation.standing.actions import verify_institution
from consultation.texts.actions import load_text
from consultation.texts.models import Consultation
from consultation.texts.source import Edition, Section, TextSource

LANGUAGE = "en"
DAYS = 90
MADE_UP = "(made up for trying)"
ADDRESS = "voice-"
LEAD = (
    "This consultation is for trying the site. What is said in it comes from a public source: {origin}. "
    "The institutions are made up, and none of them said anything here."
)
CLAUSE = {"1": {"title": "On the question", "text": "Comments keep to the question and to the point."}}


class Told(NamedTuple):
    """What came of a source: how many voices were sent now, and the refusal that each other one met."""

    consultation: Consultation
    sent: int
    refused: list[tuple[str, Refusal]]


def load(source: Source, *, most: int | None = None) -> Told:
    """The first `most` voices of the source (None: all) are said; those said before are left as they are.

    Raises Refusal where the consultation can't be made or its institutions can't be registered.
    """
    loading = _Loading(source, _consultation(source))
    told = Told(loading.consultation, 0, [])
    for voice in source.voices[:most]:
        try:
            told = told._replace(sent=told.sent + loading.say(voice))
        except Refusal as refusal:
            told.refused.append((voice.key, refusal))
    for voice in source.voices[:most]:
        loading.cosign(voice)
    _finish(None)
    cache.delete(DEMONSTRATION)
    return told


def _consultation(source: Source) -> Consultation:
    at = clock.now()
    found = Consultation.objects.filter(slug=source.slug).first() or load_text(
        None, source=_text(source), slug=source.slug, at=at
    )
    people.admit_staff(None, consultation_id=found.pk, at=at)
    return found


def _text(source: Source) -> TextSource:
    facts = {
        "slug": source.slug,
        "authoritative": LANGUAGE,
        "languages": [LANGUAGE],
        "policy": "pre",
        "zone": "UTC",
        "rounds": [{"number": 1, "acts": ["comment", "discuss", "endorse"], "days": DAYS}],
    }
    lead = LEAD.format(origin=source.origin)
    front = {"language": LANGUAGE, "title": f"{source.title} {MADE_UP}", "lead": lead, "clauses": CLAUSE}
    section = Section(1, source.title, f"{source.title}: what should be done, and how?")
    return TextSource(facts, {LANGUAGE: Edition(LANGUAGE, front, lead, {1: section})})


@verb
def _finish(actor: None) -> None:
    """Mails to these imagined people are not sent; whoever tries the site beside them gets theirs."""
    Message.objects.filter(address__startswith=ADDRESS, job_state=Message.State.WAITING).delete()


@dataclass
class _Loading:
    """One source on its way into its consultation."""

    source: Source
    consultation: Consultation
    _moderator: Callable[[], User] = field(init=False)
    _speaking: dict[str, tuple[User, Institution]] = field(default_factory=dict)
    _said: dict[str, Comment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        turn = cycle([people.person(address) for address in people.MODERATORS])
        self._moderator = lambda: next(turn)

    def say(self, voice: Voice) -> bool:
        """The comment is written, and decided as the source's moderators did. Whether it was written now."""
        person, institution = self._speaker(voice.speaker)
        words = self._words(voice)
        written = Comment.objects.filter(
            consultation=self.consultation, institution=institution, revisions__body=words.body
        ).first()
        new = written is None
        written = written or write_comment(
            person,
            consultation_id=self.consultation.pk,
            institution_id=institution.pk,
            principle_number=1,
            words=words,
            at=clock.now(),
        )
        self._said[voice.key] = written
        if written.state == CommentState.PENDING and voice.accepted is not None:
            self._decide(written, accepted=voice.accepted)
        return new

    def _words(self, voice: Voice) -> Wording:
        found = detection.detect(voice.words)
        return Wording(body=voice.words, language=found or LANGUAGE, language_detected=found is not None)

    def _decide(self, comment: Comment, *, accepted: bool) -> None:
        case = Case.objects.get(item=comment.item_id, closed_at=None)
        moderator, at = self._moderator(), clock.now()
        claim_case(moderator, case_id=case.pk, at=at)
        action, clause = (Action.APPROVE, None) if accepted else (Action.REJECT, "1")
        decide_case(moderator, case_id=case.pk, action=action, clause=clause, revision=case.revision, at=at)

    def cosign(self, voice: Voice) -> None:
        """Others who wrote say what they think of it, if it is public."""
        said = self._said.get(voice.key)
        if said is None or not Comment.objects.filter(pk=said.pk, public_since__isnull=False).exists():
            return
        stances = [(each, Stance.AGREE) for each in voice.agree]
        stances += [(each, Stance.DISAGREE) for each in voice.disagree]
        for speaker, stance in stances:
            person, institution = self._speaking.get(speaker.key, (None, None))
            if person is None or institution is None:
                continue
            if Cosignature.objects.filter(comment=said, institution=institution).exists():
                continue
            cosign_comment(
                person,
                comment_id=said.pk,
                institution_id=institution.pk,
                stance=stance,
                at=clock.now(),
            )

    def _speaker(self, speaker: Speaker) -> tuple[User, Institution]:
        if speaker.key not in self._speaking:
            self._speaking[speaker.key] = self._admit(speaker)
        return self._speaking[speaker.key]

    def _admit(self, speaker: Speaker) -> tuple[User, Institution]:
        """Somebody with an account nobody signs in to, and the institution that they registered."""
        known = sha256(f"{self.source.slug} {speaker.key}".encode()).hexdigest()[:16]
        at = clock.now()
        person = people.admit(
            None, address=f"{ADDRESS}{known}@demo.example", name="Voice", may_sign_in=False, at=at
        )
        held = person.mandates.filter(ended_at=None, powers__contains=[Power.CONTRIBUTE])
        mandate = held.select_related("institution__current").first()
        if mandate is not None:
            return person, mandate.institution
        institution = register_institution(
            person,
            name=f"{speaker.name} {MADE_UP}",
            country=speaker.country,
            type=speaker.type,
            at=at,
        )
        verify_institution(
            people.person(people.SECRETARIAT),
            institution_id=institution.pk,
            how=VerifiedHow.OTHER,
            note="A made-up institution, for trying.",
            at=clock.now(),
        )
        return person, institution
