"""After a random run of verbs every counter and every stored truth equals the derived one (DESIGN 3.7)."""

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from accounts.actions import choose_signatures
from accounts.models import Institution, User
from consultation.comments.actions import (
    answer_correction,
    cosign_comment,
    revise_comment,
    save_draft,
    submit_comment,
    submit_comments,
    withdraw_comment,
    write_comment,
)
from consultation.comments.models import Comment
from consultation.comments.wording import Wording
from consultation.endorsements.actions import (
    Choice,
    confirm_endorsement,
    contest_endorsement,
    reaffirm_endorsement,
    sign_endorsement,
    take_positions,
    withdraw_endorsement,
)
from consultation.endorsements.models import Endorsement, Position
from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.moderation import rules
from consultation.moderation.actions import appeal_decision, claim_next, decide_case, undo_decision
from consultation.moderation.handlers import Details, Span, handler_of
from consultation.moderation.models import UNDO_WITHIN, Decision
from consultation.standing.actions import merge_institutions, suspend_institution, verify_institution
from consultation.texts.actions import publish_version
from consultation.texts.models import Change, Principle
from tests import factories as make
from tests import truths
from tests.endorsements.acts import by_letter


class World:
    """People and institutions that act at random, but the same way each time."""

    def __init__(self, seed: int, *, at: datetime) -> None:
        self.random = random.Random(seed)
        self.at = at
        self.consultation = make.consultation()
        self.registrar = make.registrar()
        self.secretariat = make.secretariat(self.consultation)
        self.moderators = [make.moderator(self.consultation) for _ in range(2)]
        self.institutions: list[Institution] = []
        self.signatories: dict[int, User] = {}
        self.contributors: dict[int, User] = {}
        for _ in range(6):
            self.welcome(make.institution())
        self.done = Counter()
        self.refused = Counter()

    def welcome(self, institution: Institution) -> None:
        self.institutions.append(institution)
        self.signatories[institution.pk] = make.signatory(institution)
        self.contributors[institution.pk] = make.representative(institution)

    def step(self) -> None:
        self.at += timedelta(seconds=1)
        verb = self.random.choices(
            [
                self.write, self.write, self.reply, self.revise, self.send_draft, self.withdraw, self.cosign,
                self.decide, self.endorse, self.sign, self.take_back, self.reaffirm, self.verify,
                self.suspend, self.publish, self.send_drafts, self.rephrase, self.merge,
                self.contest, self.choose_signatures, self.record_letter, self.confirm,
                self.undo, self.appeal, self.answer_correction,
            ],
            [12, 12, 10, 6, 6, 4, 8, 36, 16, 8, 6, 4, 6, 3, 2, 6, 6, 2, 3, 4, 4, 4, 8, 6, 6],
        )[0]  # fmt: skip
        try:
            verb()
            self.done[verb.__name__] += 1
        except Refusal as refusal:
            self.refused[refusal.code] += 1

    def anybody(self) -> Institution:
        return self.random.choice(self.institutions)

    def any_comment(self, **facts) -> Comment:
        found = list(Comment.objects.filter(**facts).order_by("pk"))
        if not found:
            raise Refusal("nothing-yet", "There is none yet.")
        return self.random.choice(found)

    def any_position(self, **facts) -> Endorsement:
        found = list(Endorsement.objects.filter(**facts).order_by("pk"))
        if not found:
            raise Refusal("nothing-yet", "There is none yet.")
        return self.random.choice(found)

    def words(self) -> Wording:
        return Wording(body=f"Remark {self.random.random()}", language="en")

    def write(self) -> None:
        mine = self.anybody()
        write_comment(
            self.contributors[mine.pk],
            consultation_id=self.consultation.pk,
            institution_id=mine.pk,
            principle_number=self.random.choice([None, 1, 2, 3]),
            words=self.words(),
            visibility=self.random.choice(["named", "named", "named", "secretariat"]),
            send=self.random.random() < 0.7,
            at=self.at,
        )

    def reply(self) -> None:
        mine = self.anybody()
        parent = self.any_comment(public_since__isnull=False)
        write_comment(
            self.contributors[mine.pk],
            consultation_id=self.consultation.pk,
            institution_id=mine.pk,
            principle_number=parent.principle.number if parent.principle else None,
            parent_reference=parent.reference,
            words=self.words(),
            at=self.at,
        )

    def revise(self) -> None:
        comment = self.any_comment(state__in=["published", "returned"])
        submit_comment(
            self.contributors[comment.institution_id], comment_id=comment.pk, words=self.words(), at=self.at
        )

    def send_draft(self) -> None:
        comment = self.any_comment(state="draft")
        save_draft(
            self.contributors[comment.institution_id], comment_id=comment.pk, words=self.words(), at=self.at
        )
        submit_comment(self.contributors[comment.institution_id], comment_id=comment.pk, at=self.at)

    def send_drafts(self) -> None:
        mine = self.any_comment(state="draft").institution
        drafts = list(Comment.objects.filter(state="draft", institution=mine).order_by("pk")[:3])
        submit_comments(self.contributors[mine.pk], comment_ids=[draft.pk for draft in drafts], at=self.at)

    def rephrase(self) -> None:
        comment = self.any_comment(state__in=["published", "returned", "pending"])
        revise_comment(
            self.contributors[comment.institution_id],
            comment_id=comment.pk,
            changes={"body": self.words().body},
            at=self.at,
        )

    def withdraw(self) -> None:
        comment = self.any_comment()
        withdraw_comment(self.contributors[comment.institution_id], comment_id=comment.pk, at=self.at)

    def cosign(self) -> None:
        mine = self.anybody()
        cosign_comment(
            self.contributors[mine.pk],
            comment_id=self.any_comment(public_since__isnull=False).pk,
            institution_id=mine.pk,
            stance=self.random.choice(["agree", "disagree", None]),
            at=self.at,
        )

    def decide(self) -> None:
        actor = self.random.choice(self.moderators)
        case = claim_next(actor, at=self.at)
        if case is None:
            raise Refusal("nothing-yet", "Nothing waits.")
        action = self.random.choice(rules.choices(case, handler_of(case.item).actions(case.item)))
        details = Details()
        if action == "redact":
            details = Details((Span(quote="Remark"),))
        elif action == "return" and case.item.kind == "comment":
            details = Details(correction={"body": self.words().body})
        ruling = {"action": action, "clause": "1", "message": "Look at it.", "details": details}
        decide_case(actor, case_id=case.pk, at=self.at, **ruling)

    def any_decision(self, **facts) -> Decision:
        found = list(Decision.objects.filter(undone_at=None, **facts).order_by("at", "pk"))
        if not found:
            raise Refusal("nothing-yet", "There is none yet.")
        return self.random.choice(found)

    def undo(self) -> None:
        decision = self.any_decision(at__gte=self.at - UNDO_WITHIN, before__isnull=False)
        undo_decision(decision.person, case_id=decision.case_id, at=self.at)

    def appeal(self) -> None:
        decision = self.any_decision(action__in=["reject", "hide"], appeal=None)
        person = self.contributors[decision.item.institution_id]
        appeal_decision(person, case_id=decision.case_id, grounds="Read it again.", at=self.at)

    def answer_correction(self) -> None:
        comment = self.any_comment(state="returned")
        person = self.contributors[comment.institution_id]
        accept = self.random.random() < 0.7
        answer_correction(person, comment_id=comment.pk, accept=accept, at=self.at)

    def endorse(self) -> None:
        mine = self.anybody()
        people = self.signatories if self.random.random() < 0.7 else self.contributors
        principle = self.random.choice(list(Principle.objects.select_related("current").order_by("number")))
        position = self.random.choice(Position.values)
        statement = "With a reserve." if position != Position.ENDORSE else ""
        take_positions(
            people[mine.pk],
            consultation_id=self.consultation.pk,
            institution_id=mine.pk,
            choices=[Choice(principle.number, principle.current.number, position, statement)],
            language="en",
            at=self.at,
        )

    def sign(self) -> None:
        proposal = self.any_position(state__in=["proposed", "half_signed"])
        people = [self.signatories[proposal.institution_id], make.manager(proposal.institution)]
        sign_endorsement(self.random.choice(people), endorsement_id=proposal.pk, at=self.at)

    def choose_signatures(self) -> None:
        mine = self.anybody()
        choose_signatures(
            make.manager(mine), institution_id=mine.pk, signatures=self.random.choice([1, 2]), at=self.at
        )

    def contest(self) -> None:
        position = self.any_position(state__in=["half_signed", "signed"])
        contest_endorsement(
            make.manager(position.institution),
            endorsement_id=position.pk,
            reason="Nobody decided it.",
            at=self.at,
        )

    def record_letter(self) -> None:
        principle = self.random.choice(list(Principle.objects.select_related("current").order_by("number")))
        position = self.random.choice(Position.values)
        by_letter(
            self.anybody(),
            self.consultation,
            position,
            "With a reserve." if position != Position.ENDORSE else "",
            principle=principle.number,
            version=principle.current.number,
            by=self.secretariat,
            at=self.at,
        )

    def confirm(self) -> None:
        letter = self.any_position(state="signed", recorded=True)
        confirm_endorsement(self.signatories[letter.institution_id], endorsement_id=letter.pk, at=self.at)

    def take_back(self) -> None:
        position = self.any_position(state="signed")
        stands = position.released and self.random.random() < 0.5
        withdraw_endorsement(
            self.signatories[position.institution_id],
            endorsement_id=position.pk,
            reason="Our board changed its mind." if stands else "",
            at=self.at,
        )

    def reaffirm(self) -> None:
        position = self.any_position(state="signed", released=True)
        reaffirm_endorsement(
            self.signatories[position.institution_id], endorsement_id=position.pk, at=self.at
        )

    def verify(self) -> None:
        verify_institution(self.registrar, institution_id=self.anybody().pk, how="letter", at=self.at)

    def suspend(self) -> None:
        suspend_institution(self.registrar, institution_id=self.anybody().pk, reason="A doubt.", at=self.at)

    def merge(self) -> None:
        kept, merged = self.random.sample(self.institutions, 2)
        merge_institutions(
            self.registrar, kept_id=kept.pk, merged_id=merged.pk, reason="It registered twice.", at=self.at
        )
        self.institutions.remove(merged)
        self.welcome(make.institution())

    def publish(self) -> None:
        publish_version(
            None,
            consultation_id=self.consultation.pk,
            number=self.random.choice([1, 2, 3]),
            texts={self.consultation.authoritative: ("A principle", f"New words {self.random.random()}.")},
            change=self.random.choice(list(Change)),
            notes={},
            at=self.at,
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verbs", "seed"),
    [(400, 20260421), pytest.param(2000, 20260414, marks=pytest.mark.long)],
    ids=["400", "2000"],
)
def test_every_kept_figure_holds_after_random_verbs(verbs: int, seed: int) -> None:
    world = World(seed=seed, at=clock.now())
    for step in range(verbs):
        world.step()
        if step % 400 == 399:
            truths.assert_all_hold()
    assert len(world.done) == 24, (sorted(world.done.items()), world.refused)
    assert min(world.done.values()) > verbs // 500
