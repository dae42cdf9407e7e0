"""A comment in each state that there is, with a phrase in each text that a comment has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Institution, User
from consultation.comments import actions
from consultation.comments.actions import translating
from consultation.comments.models import Comment
from consultation.kit import clock
from consultation.moderation import actions as moderation
from consultation.moderation.handlers import Details, Span
from consultation.texts.models import Consultation
from tests import factories as make
from tests.comments.acts import anew, with_a_case
from tests.moderation.acts import claim, decide, open_case, undo
from tests.planted.garden import BOTH, COMMON, DECIDERS, EVERYBODY, MODERATION, NOBODY, OWN, Garden

PRINCIPLE = 1
PLACES = 60
# Far enough into the text that every place is told by numbers of four digits.
BEFORE = "Systems are open to review. " * 40
FLAGS_TO_HIDE = 3
# Of each way of not being public one, and one that is: what a quick look asks for by its name.
SAMPLE = (
    "draft",
    "pending",
    "hidden",
    "redacted",
    "for the secretariat only",
    "reply below a hidden one",
    "before its edit waits",
    "merged, then hidden",
    "public",
)
ASKED_ABOUT = ("asked about", "asked about, reply", "asked about, decided since")


def text_with_places() -> str:
    """A text with a word for each comment to be about."""
    return BEFORE + " ".join(f"pp{number:04d}q" for number in range(PLACES))


@dataclass
class Sower:
    """Who writes for which institution, and what came of it, by the state in which it stands."""

    garden: Garden
    consultation: Consultation
    institution: Institution
    by: User
    moderator: User
    comments: dict[str, Comment] = field(default_factory=dict)
    # Where in the text each passage is, as addresses write it.
    places: dict[str, str] = field(default_factory=dict)

    def words(self, state: str, readers: frozenset[str]) -> dict[str, Any]:
        """A phrase in each text of a comment, and a passage that no other comment is about."""
        plant = self.garden.plant
        asked = f"We ask for a register that everybody may read: {plant(f'body, {state}', readers)}."
        return {
            "body": asked,
            "proposed_text": f"Registers are kept, {plant(f'proposal, {state}', readers)}.",
            "passage": self._passage(state, readers),
            "translation": {
                "language": "fr",
                "body": f"Nous demandons {plant(f'translated body, {state}', readers)}.",
                "proposed_text": f"Des registres {plant(f'translated proposal, {state}', readers)}.",
            },
        }

    def _passage(self, state: str, readers: frozenset[str]) -> dict[str, str]:
        word = f"pp{len(self.places):04d}q"
        start = text_with_places().index(word)
        self.places[state] = f"{start}-{start + len(word)}"
        self.garden.add(
            f"passage, {state}",
            # What a comment is about are words of the text: redacting leaves them.
            readers or EVERYBODY,
            f"words={self.places[state]}",
            *(f'"exact":{space}"{word}"' for space in ("", " ")),
            f">{word}<",
            f"“{word}”",
        )
        return {"exact": word, "prefix": "", "suffix": ""}

    def sent(self, state: str, readers: frozenset[str] = BOTH, **where: Any) -> Comment:
        """A comment with its phrases, as its institution sends it."""
        fields = {"by": self.by, "principle": PRINCIPLE, **self.words(state, readers), **where}
        institution = fields.pop("institution", self.institution)
        self.comments[state] = make.sent_comment(self.consultation, institution, **fields)
        return self.comments[state]

    def public(self, state: str, readers: frozenset[str] = BOTH, **where: Any) -> Comment:
        """A comment that is published for the time being."""
        return make.decide(self.sent(state, readers, **where), "approve", by=self.moderator)

    def edited(self, comment: Comment, state: str, readers: frozenset[str] = BOTH) -> Comment:
        """The comment with other phrases, waiting for a moderator."""
        words = make.words(**self.words(state, readers))
        actions.submit_comment(self.by, comment_id=comment.pk, words=words, at=clock.now())
        return anew(comment)

    def decided(self, comment: Comment, action: str, state: str, **details: Any) -> Comment:
        """The moderator decides its open case, with a planted message."""
        message = f"Please {self.garden.plant(f'message, {state}', BOTH)}." if state else ""
        moderation.decide_case(
            self.moderator,
            case_id=claim(self.moderator, open_case(comment)).pk,
            action=action,
            clause=None if action == "approve" else "1",
            message=message,
            details=Details(**details),
            at=clock.now(),
        )
        return anew(comment)

    def translated(self, comment: Comment, state: str, readers: frozenset[str], by: User | None) -> None:
        """A program translated the newest revision, as somebody asked."""
        assert comment.latest is not None
        asked = actions.ask_translation(
            by, comment_id=comment.pk, revision=comment.latest.number, language="fr", at=clock.now()
        )
        mine = translating.lease(None, translation_id=asked.pk)
        assert mine is not None
        body, proposed = (
            self.garden.plant(f"machine translation of {part}, {state}", readers)
            for part in ("body", "proposal")
        )
        translating.mark_translated(
            None, translation_id=mine.pk, attempt=mine.attempts, body=body, proposed=proposed
        )


Later = Callable[[], object]


def sow(sower: Sower, unverified: Institution, suspended: Institution) -> list[Later]:
    """All comments while they are public, or where they stay; returned is what still happens to them."""
    _never_public(sower, unverified)
    _never_public_again(sower)
    return [*_taken_away(sower, suspended), *_edited(sower), *_kept_public(sower)]


def _never_public(sower: Sower, unverified: Institution) -> None:
    sower.sent("draft", OWN, send=False)
    pending = sower.sent("pending")
    sower.translated(pending, "pending", BOTH, sower.moderator)
    sower.sent("of an unverified institution, pending", institution=unverified)
    make.decide(sower.sent("of an unverified institution", institution=unverified), "approve")
    sower.public("for the secretariat only", visibility="secretariat")
    actions.withdraw_comment(sower.by, comment_id=sower.sent("withdrawn unread").pk, at=clock.now())
    sower.sent(ASKED_ABOUT[0], BOTH | {"reader"})
    sower.sent(ASKED_ABOUT[2])
    escalated = sower.sent("escalated")
    reason = sower.garden.plant("reason for escalating", MODERATION)
    claimed = claim(sower.moderator, open_case(escalated))
    decide(sower.moderator, claimed, "escalate", message=reason)


def _never_public_again(sower: Sower) -> None:
    sower.decided(sower.sent("returned"), "return", "returned")
    for state, accept in (("corrected", None), ("correction declined", False)):
        offered = sower.garden.plant(f"offered words, {state}", BOTH)
        comment = sower.sent(state)
        sower.decided(comment, "return", state, correction={"body": f"We ask for {offered}."})
        if accept is not None:
            actions.answer_correction(sower.by, comment_id=comment.pk, accept=accept, at=clock.now())
    sower.decided(sower.sent("rejected"), "reject", "rejected")
    appealed = sower.decided(sower.sent("appealed"), "reject", "appealed")
    grounds = sower.garden.plant("grounds of an appeal", BOTH)
    case = appealed.item.cases.latest("opened_at")
    moderation.appeal_decision(sower.by, case_id=case.pk, grounds=grounds, at=clock.now())
    for state, action in (("approval undone", "approve"), ("rejection undone", "reject")):
        comment = sower.decided(sower.sent(state), action, state)
        undo(sower.moderator, comment.item.cases.latest("opened_at"))


def _taken_away(sower: Sower, suspended: Institution) -> list[Later]:
    hidden, held = sower.public("hidden"), sower.public("hidden by flags")
    sower.translated(hidden, "hidden", NOBODY, None)
    sower.public("reply below a hidden one", parent=hidden)
    sower.sent("reply below a hidden one, pending", parent=hidden)
    sower.sent(ASKED_ABOUT[1], BOTH | {"reader"}, parent=hidden)
    sower.sent("reply, draft", OWN, parent=sower.comments["hidden by flags"], send=False)
    withdrawn, redacted = sower.public("withdrawn"), sower.public("redacted", NOBODY)
    edited = sower.decided(sower.edited(redacted, "redacted, edited", NOBODY), "approve", "")
    sower.translated(edited, "redacted", NOBODY, None)
    sower.public("of a suspended institution", institution=suspended)
    return [
        lambda: sower.decided(with_a_case(hidden), "hide", "hidden"),
        lambda: _held(sower, held),
        lambda: actions.withdraw_comment(sower.by, comment_id=withdrawn.pk, at=clock.now()),
        lambda: _redacted(sower, edited),
        lambda: make.suspend(suspended),
    ]


def _held(sower: Sower, comment: Comment) -> None:
    for number in range(FLAGS_TO_HIDE):
        note = sower.garden.plant(f"note of flag {number}", MODERATION)
        actions.flag_comment(make.person(), comment_id=comment.pk, reason="2", note=note, at=clock.now())


def _redacted(sower: Sower, comment: Comment) -> None:
    planted = [
        phrase.needles[0].decode()
        for what, phrase in sower.garden.phrases.items()
        if what.endswith((", redacted", ", redacted, edited")) and not what.startswith(("passage", "machine"))
    ]
    spans = tuple(Span(quote=f"{COMMON} {needle}") for needle in planted)
    assert len(spans) == 8
    sower.decided(with_a_case(comment), "redact", "", spans=spans)


def _edited(sower: Sower) -> list[Later]:
    waiting = sower.public("before its edit waits", EVERYBODY)
    returned = sower.public("before its edit was returned", EVERYBODY)
    released = sower.public("before its edit was undone", EVERYBODY)
    unsent = sower.public("before its edit was kept as a draft", EVERYBODY)

    def later() -> None:
        edited = sower.edited(waiting, "edit that waits")
        sower.translated(edited, "edit that waits", BOTH, sower.moderator)
        sower.decided(sower.edited(returned, "edit returned"), "return", "edit returned")
        shown = sower.decided(sower.edited(released, "edit undone"), "approve", "edit undone")
        undo(sower.moderator, shown.item.cases.latest("opened_at"))
        words = sower.words("edit not sent", OWN)
        actions.revise_comment(sower.by, comment_id=unsent.pk, changes=words, send=False, at=clock.now())

    return [later]


def _kept_public(sower: Sower) -> list[Later]:
    kept, merged = sower.public("kept", EVERYBODY), sower.public("merged", EVERYBODY)
    gone = sower.public("merged, then hidden")
    public = sower.public("public", EVERYBODY)
    sower.public("reply", EVERYBODY, parent=public)
    sower.translated(public, "public", EVERYBODY, None)
    restored, undone = sower.public("restored", EVERYBODY), sower.public("hiding undone", EVERYBODY)

    def later() -> None:
        secretariat = make.secretariat(sower.consultation)
        keys = [merged.pk, gone.pk]
        actions.merge_comments(secretariat, comment_id=kept.pk, merged_ids=keys, at=clock.now())
        sower.decided(with_a_case(gone), "hide", "merged, then hidden")
        sower.decided(with_a_case(restored), "hide", "")
        sower.decided(with_a_case(restored), "restore", "restored")
        hidden = sower.decided(with_a_case(undone), "hide", "hiding undone")
        undo(sower.moderator, hidden.item.cases.latest("opened_at"))
        _beside_a_case(sower)

    return [later]


def _beside_a_case(sower: Sower) -> None:
    """What moderators tell each other."""
    case = open_case(sower.comments["pending"])
    note = sower.garden.plant("note between moderators", DECIDERS)
    moderation.write_note(sower.moderator, case_id=case.pk, words=note, at=clock.now())


def ask_about(sower: Sower, secretariat: User, reader: User) -> list[str]:
    """The opinions that a reader without a role was asked for: on a comment, a reply and what was decided."""
    plant = sower.garden.plant
    asked = [sower.comments[state] for state in ASKED_ABOUT]
    opinions = []
    readers = DECIDERS | {"reader"}
    for comment in asked:
        question = plant(f"question on {comment.reference}", readers)
        words = plant(f"opinion on {comment.reference}", readers)
        opinion = moderation.ask_opinion(
            secretariat,
            case_id=open_case(comment).pk,
            person_id=reader.pk,
            question=question,
            at=clock.now(),
        )
        moderation.give_opinion(reader, opinion_id=opinion.pk, words=words, at=clock.now())
        opinions.append(str(opinion.pk))
    sower.decided(asked[-1], "reject", "asked about")
    return opinions
