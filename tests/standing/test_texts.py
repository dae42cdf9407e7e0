"""Publishing a draft and withdrawing a principle, with what they do to what others said."""

import pgtrigger
import pytest

from accounts.models import Power
from consultation.comments import actions as comments
from consultation.digests.folding import Happening, fold
from consultation.endorsements import actions as endorsements
from consultation.endorsements.models import Endorsement, PositionCount
from consultation.kit import clock
from consultation.post.models import Message
from consultation.record.models import Entry
from consultation.standing import actions, effects
from consultation.texts import drafts, rules
from consultation.texts.actions import draft_text, publish_version
from consultation.texts.models import Change, Consultation, Principle
from tests import factories as make
from tests.refusals import refused
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make.consultation(languages=["en", "fr"])


def principle(consultation, number=1) -> Principle:
    return Principle.objects.get(consultation=consultation, number=number)


def draft(consultation, body="Other words.", *, language="en", number=1):
    standing = drafts.writing(principle(consultation, number)).standing(language)
    return draft_text(
        None,
        consultation_id=consultation.pk,
        number=number,
        language=language,
        title="New",
        body=body,
        base=drafts.token(standing),
        at=clock.now(),
    )


def publish(consultation, actor=None, *, base=None, change="substantive", notes=None, carried=()):
    return actions.publish_draft(
        actor,
        consultation_id=consultation.pk,
        number=1,
        base=drafts.writing(principle(consultation)).token if base is None else base,
        change=change,
        notes={"en": "Why."} if notes is None else notes,
        carried=carried,
        at=clock.now(),
    )


def withdraw(consultation, actor=None, *, number=1, reasons=None):
    return actions.withdraw_principle(
        actor,
        consultation_id=consultation.pk,
        number=number,
        reasons={"en": "Principle 2 says it."} if reasons is None else reasons,
        at=clock.now(),
    )


def test_the_secretariat_publishes_what_it_drafted_and_nobody_else(consultation):
    draft(consultation)
    for person in (make.moderator(consultation), make.registrar(), make.secretariat(make.consultation())):
        with refused("no-role"):
            publish(consultation, person)
    version = publish(consultation, make.secretariat(consultation), carried=["fr"])
    assert (version.number, version.change, version.change_notes) == (2, "substantive", {"en": "Why."})
    assert drafts.words_of(version)["en"] == ("New", "Other words.")
    assert drafts.words_of(version)["fr"] == drafts.words_of(version.principle.versions.get(number=1))["fr"]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"base": "0" * 64}, "draft-moved-on", ()),
        ({"change": "cosmetic"}, "invalid", ("change",)),
        ({"notes": {"fr": "Parce que."}}, "invalid", ("notes.en",)),
        ({"notes": {"en": "x" * 1001}}, "invalid", ("notes.en",)),
    ],
)
def test_a_version_is_not_published_like_that(consultation, fields, code, field):
    draft(consultation)
    with refused(code, *field):
        publish(consultation, **fields)
    assert principle(consultation).current.number == 1


def test_what_says_nothing_new_or_not_all_is_no_version(consultation):
    with refused("nothing-changed"):
        publish(consultation)
    draft(consultation, "")
    with refused("incomplete-text"):
        publish(consultation)
    with pgtrigger.ignore("consultation.Consultation:consultation_fixed_once_published"):
        Consultation.objects.filter(pk=consultation.pk).update(published_at=None)
    with refused("not-published"):
        publish(consultation)


@pytest.mark.django_db(transaction=True)
def test_of_those_who_publish_the_same_draft_at_once_one_does():
    consultation = make.consultation()
    draft(consultation)
    people = [make.secretariat(consultation) for _ in range(6)]
    base = drafts.writing(principle(consultation)).token
    outcomes = at_once([lambda who=who: publish(consultation, who, base=base) for who in people])
    codes = sorted(getattr(each, "code", "published") for each in outcomes)
    assert codes == ["draft-moved-on"] * 5 + ["published"]
    assert principle(consultation).versions.count() == 2


@pytest.mark.django_db(transaction=True)
def test_whoever_signs_while_the_text_changes_signed_one_text_and_all_who_signed_the_old_are_told():
    consultation = make.consultation()
    draft(consultation)
    boss, base = make.secretariat(consultation), drafts.writing(principle(consultation)).token
    signing = [make.verified_institution() for _ in range(6)]

    def sign(institution):
        return lambda: make.endorsement(consultation, institution, by=make.manager(institution))

    acts = [sign(each) for each in signing]
    outcomes = at_once([*acts[:3], lambda: publish(consultation, boss, base=base), *acts[3:]])
    taken = [each for each in outcomes if isinstance(each, Endorsement)]
    early = [each for each in taken if each.version.number == 1]
    assert {getattr(each, "code", "") for each in outcomes} <= {"", "version-not-current"}
    told = set(Message.objects.filter(kind="text-changed").values_list("person", flat=True))
    assert told == {make.manager(each.institution).pk for each in early}


def test_figures_count_what_stands_on_the_present_text_and_each_person_once(consultation):
    one, two = make.verified_institution(), make.verified_institution()
    both = make.signatory(one)
    make.representative(two, Power.SIGN, by=both)
    for institution in (one, two):
        make.endorsement(consultation, institution, by=both)
    make.endorsement(consultation, make.institution(), by=None)  # not verified: no effect
    make.comment(consultation, one)
    make.pending_comment(consultation, two)
    found = effects.of(principle(consultation), at=clock.now())
    assert (found.endorsements, found.declined, found.earlier, found.comments) == (2, 0, 0, 1)
    people = {make.manager(one).pk, make.manager(two).pk, both.pk}
    assert set(effects.told(principle(consultation), at=clock.now()).values_list("pk", flat=True)) == people
    assert found.people == len(people)
    make.new_version(consultation)
    assert effects.of(principle(consultation), at=clock.now()).earlier == 2


def test_those_told_read_it_in_their_own_language(consultation):
    one = make.verified_institution()
    person = make.manager(one)
    person.language = "fr"
    person.save()
    make.endorsement(consultation, one, by=person)
    draft(consultation)
    publish(consultation, change="editorial", notes={"en": "Shorter.", "fr": "Plus court."})
    mail = Message.objects.get(kind="text-corrected")
    assert (mail.person_id, mail.language, mail.context["message"]) == (person.pk, "fr", "Plus court.")
    assert mail.context["url"] == f"/consultations/{consultation.slug}/principles/1/"


def test_a_principle_is_withdrawn_once_with_a_reason_and_never_the_last(consultation):
    with refused("no-role"):
        withdraw(consultation, make.moderator(consultation))
    with refused("invalid", "reasons.en"):
        withdraw(consultation, reasons={"fr": "Parce que."})
    found = withdraw(consultation, make.secretariat(consultation))
    assert (found.withdrawal_reasons, found.number) == ({"en": "Principle 2 says it."}, 1)
    entry = Entry.objects.get(kind="principle.withdrawn")
    assert (entry.public, entry.principle) == (True, 1)
    with refused("principle-withdrawn"):
        withdraw(consultation)
    withdraw(consultation, number=2)
    with refused("last-principle"):
        withdraw(consultation, number=3)


def test_positions_on_a_withdrawn_principle_have_no_effect_now_or_later(consultation):
    one, unverified = make.verified_institution(), make.institution()
    held = make.endorsement(consultation, one, by=make.manager(one))
    waiting = make.endorsement(consultation, unverified, by=make.manager(unverified))
    on_two = make.endorsement(consultation, one, by=make.manager(one), principle=2)
    withdraw(consultation)
    make.verify(unverified)
    states = Endorsement.objects.in_bulk()
    assert [states[each.pk].state for each in (held, waiting, on_two)] == ["signed"] * 3
    assert [bool(states[each.pk].effective_at) for each in (held, waiting, on_two)] == [False, False, True]
    assert Entry.objects.filter(kind="endorsement.lost_effect", principle=1, public=True).count() == 1
    counts = PositionCount.objects.filter(principle__consultation=consultation, count__gt=0)
    assert list(counts.values_list("principle__number", "count")) == [(2, 1)]


def test_nothing_more_is_said_on_a_withdrawn_principle_by_any_door(consultation):
    one = make.verified_institution()
    by = make.manager(one)
    public, written = make.comment(consultation, one), make.draft(consultation, one, by=by)
    contributor = make.representative(one)
    proposal = make.endorsement(consultation, one, by=contributor)
    draft(consultation)
    withdraw(consultation)
    now = clock.now()
    assert drafts.of(principle(consultation)) is None
    with refused("principle-withdrawn"):
        comments.submit_comment(by, comment_id=written.pk, at=now)
    other = make.verified_institution()
    with refused("principle-withdrawn"):
        comments.cosign_comment(
            make.manager(other), comment_id=public.pk, institution_id=other.pk, stance="agree", at=clock.now()
        )
    for parent in (None, public.reference):
        with refused("invalid", "principle"):
            comments.write_comment(
                by,
                consultation_id=consultation.pk,
                institution_id=one.pk,
                principle_number=1,
                words=make.words(),
                parent_reference=parent,
                at=now,
            )
    with refused("principle-withdrawn"):
        endorsements.sign_endorsement(by, endorsement_id=proposal.pk, at=now)
    with refused("invalid", "principle"):
        make.endorsement(consultation, one, by=by)
    with refused("principle-withdrawn"):
        draft(consultation)
    with refused("principle-withdrawn"):
        publish_version(
            None,
            consultation_id=consultation.pk,
            number=1,
            texts={"en": ("T", "B")},
            change=Change.EDITORIAL,
            notes={},
            at=now,
        )
    # What was said can still be taken back.
    comments.withdraw_comment(by, comment_id=public.pk, at=now)


def test_a_digest_keeps_what_was_said_and_knows_that_the_principle_went():
    entries = [
        Happening(1, "version.published", "1", 1, 1),
        Happening(2, "comment.appeared", "a", 1, 1),
        Happening(3, "principle.withdrawn", "1", 1),
    ]
    assert fold(entries[:2]).withdrawn == set()
    standing = fold(entries)
    assert (standing.withdrawn, standing.versions, standing.revisions) == ({1}, {1: 1}, {"a": 1})


def test_a_principle_in_force_may_be_edited(consultation):
    assert rules.may_edit(None, principle(consultation))
