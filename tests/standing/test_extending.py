"""A round is extended: on public record, announced to those who take part, and never shortened."""

from datetime import timedelta

import pgtrigger
import pytest

from accounts.models import Power
from consultation.endorsements.actions import sign_endorsement
from consultation.kit import clock
from consultation.post.letters import compose
from consultation.post.models import Message
from consultation.record.models import Entry
from consultation.standing.actions import extend_round
from consultation.texts import actions as texts
from consultation.texts.models import Round, RoundExtension
from consultation.texts.rounds import RoundPlan
from tests import factories as make
from tests.comments.acts import edit, submit
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def guarded(db):
    """The database's own guard over opened rounds, which other tests do without."""
    pgtrigger.enable("consultation.Round:round_fixed_once_opened")


@pytest.fixture
def consultation():
    return make.consultation(languages=["en", "fr"], days=10)


@pytest.fixture
def round_(consultation):
    return consultation.rounds.get()


@pytest.fixture
def secretariat(consultation):
    return make.secretariat(consultation)


def extend(actor, round_, until, at=None, **reasons):
    reasons = reasons or {"en": "Many asked for it.", "fr": "Beaucoup l’ont demandé."}
    return extend_round(actor, round_id=round_.pk, closes_at=until, reasons=reasons, at=at or clock.now())


def test_an_extension_says_from_when_to_when_and_why_on_public_record(
    guarded, consultation, round_, secretariat
):
    before = round_.closes_at
    extension = extend(secretariat, round_, before + 3 * DAY)
    round_.refresh_from_db()
    assert (round_.closes_at, round_.sequence, round_.changed_at) == (before + 3 * DAY, 1, extension.at)
    assert (extension.closed_at, extension.closes_at) == (before, before + 3 * DAY)
    assert extension.reasons["en"] == "Many asked for it."
    entry = Entry.objects.get(kind="round.extended")
    assert (entry.public, entry.subject_kind, entry.subject_key) == (True, "extension", str(extension.pk))
    assert entry.actor == secretariat
    assert extend(secretariat, round_, before + 4 * DAY).closed_at == before + 3 * DAY


def test_it_is_refused_when_earlier_unfounded_too_soon_or_in_the_way(consultation, round_, secretariat):
    until = round_.closes_at + DAY
    for wrong in (round_.closes_at, round_.closes_at - DAY):
        with refused("invalid", "closes_at"):
            extend(secretariat, round_, wrong)
    with refused("invalid", "reasons.en"):
        extend(secretariat, round_, until, fr="Parce que.")
    with refused("invalid", "reasons.fr"):
        extend(secretariat, round_, until, en="Because.", fr="x" * 301)
    with refused("invalid", "closes_at"):
        extend(secretariat, round_, until, at=until + DAY)
    with refused("no-role"):
        extend(make.moderator(consultation), round_, until)
    plan = RoundPlan(until + DAY, until + 2 * DAY, ["comment"])
    coming = texts.add_round(secretariat, consultation_id=consultation.pk, plan=plan, at=clock.now())
    with refused("round-not-open"):
        extend(secretariat, coming, until + 3 * DAY)
    with refused("invalid", "closes_at"):
        extend(secretariat, round_, until + DAY + MOMENT)
    assert not RoundExtension.objects.exists()
    extend(secretariat, round_, until + DAY)
    Round.objects.filter(pk=coming.pk).delete()
    Round.objects.filter(pk=round_.pk).update(
        closes_at=None, opens_comment=False, opens_discuss=False, sequence=9
    )
    with refused("round-without-end"):
        extend(secretariat, round_, until + DAY)
    make.unpublish(consultation)
    with refused("round-not-open"):
        extend(secretariat, round_, until + DAY)


def test_those_who_take_part_are_told_each_in_their_language_and_nobody_else(
    consultation, round_, secretariat
):
    drafting, cosigning, endorsing = (make.verified_institution() for _each in range(3))
    make.draft(consultation, drafting)
    make.cosign(make.comment(consultation), cosigning)
    make.endorsement(consultation, endorsing)
    reader = make.representative(drafting, Power.CONTRIBUTE)
    reader.language = "fr"
    reader.save()
    away = make.manager(make.verified_institution())
    make.comment(make.consultation(), away.mandates.get().institution)
    Message.objects.all().delete()
    extend(secretariat, round_, round_.closes_at + DAY)
    mails = Message.objects.filter(kind="round-extended")
    told = set(mails.values_list("person", flat=True))
    for institution in (drafting, cosigning, endorsing):
        people = set(institution.mandates.values_list("person", flat=True))
        assert people
        assert people <= told
    assert away.pk not in told
    assert secretariat.pk not in told
    assert mails.count() == len(told)
    row = mails.get(person=reader)
    letter = compose(row.kind, row.language, row.context)
    assert "Beaucoup l’ont demandé." in letter.body
    english = compose(row.kind, "en", mails.exclude(person=reader).first().context).body
    after = round_.closes_at + DAY
    assert f"{after:%H:%M:%S} UTC" in english
    assert "18:00:00 Europe/Oslo" in english
    assert "Round 1 of “" in english
    assert "\n\nMany asked for it.\n" in english


def test_an_extension_opens_again_what_closed_and_a_draft_kept_meanwhile_is_sent(
    consultation, round_, secretariat
):
    draft, sent = make.draft(consultation), make.comment(consultation)
    closed = clock.now() - timedelta(hours=1)
    Round.objects.filter(pk=round_.pk).update(closes_at=closed)
    with refused("round-closed"):
        submit(draft)
    extend(secretariat, round_, clock.now() + DAY)
    assert submit(draft).reference == "P1-2"
    assert edit(sent, "On second thought.").latest.number == 2


def test_what_was_proposed_in_time_may_be_signed_ten_days_after_the_later_closing(
    consultation, round_, secretariat, settings
):
    institution = make.verified_institution()
    proposal, other = make.proposal(consultation, institution), make.proposal(consultation, principle=2)
    extend(secretariat, round_, round_.closes_at + 3 * DAY)
    round_.refresh_from_db()

    def sign(each, at):
        signatory = make.signatory(each.institution)
        signatory.mandates.update(starts_at=round_.opens_at)
        return sign_endorsement(signatory, endorsement_id=each.pk, at=at)

    with refused("round-closed"):
        sign(proposal, round_.closes_at + 10 * DAY + MOMENT)
    assert sign(proposal, round_.closes_at + 10 * DAY).state == "signed"
    settings.GRACE_DAYS = 2
    with refused("round-closed"):
        sign(other, round_.closes_at + 3 * DAY)
