"""Verifying, rejecting, suspending an institution: everything it said settles in one act."""

import pytest

from accounts.models import Institution, InstitutionState
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.endorsements.queries import Tally
from consultation.kit import clock
from consultation.post.models import Message
from consultation.record.models import SITE, Entry
from tests import factories as make
from tests import truths
from tests.comments.acts import counted, is_public, withdraw
from tests.endorsements.acts import anew, endorse, reserve
from tests.moderation.acts import judge
from tests.refusals import refused
from tests.standing.acts import ask, reject, rename, suspend, verify

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def institution(kept):
    return make.institution()


@pytest.fixture(scope="module")
def spoken(institution):
    """What the institution said in two consultations before anybody verified it, and what it did not."""
    one, other = make.consultation(), make.consultation()
    public = [
        make.comment(one, institution),
        make.comment(one, institution, principle=2),
        make.comment(one, institution, principle=None),
        make.comment(other, institution),
    ]
    public.append(make.comment(one, institution, parent=make.comment(one)))
    positions = [endorse(institution, one), endorse(institution, one, "decline", principle=2)]
    endorse(institution, one, principle=3)
    positions.append(endorse(institution, one, "decline", principle=3))
    make.pending_comment(one, institution)
    make.draft(one, institution)
    make.decide(make.pending_comment(one, institution), "reject")
    withdraw(make.comment(one, institution))
    make.comment(one, institution, visibility="secretariat")
    reserve(institution, other)
    return one, other, public, positions


def told(kind):
    return list(Entry.objects.filter(kind=kind, public=True).order_by("stream", "number"))


def keys(entries):
    return [entry.subject_key for entry in entries]


def test_verifying_settles_everything_the_institution_said_in_one_act_each_on_record(institution, spoken):
    one, other, public, positions = spoken
    assert not comments.public().filter(institution=institution).exists()
    before, at = set(keys(told("comment.appeared"))), clock.now()
    verify(institution, at=at)
    assert set(comments.public().filter(institution=institution)) == set(public)
    assert {each.public_since for each in comments.public().filter(institution=institution)} == {at}
    assert set(endorsements.public()) == set(positions)
    assert counted(one) == {1: 3, 2: 1, None: 1}
    assert counted(other) == {1: 1}
    assert endorsements.tallies(one) == {1: Tally(endorse=1), 2: Tally(decline=1), 3: Tally(decline=1)}
    appeared = [entry for entry in told("comment.appeared") if entry.subject_key not in before]
    assert sorted((entry.stream_id, entry.subject_key, entry.revision) for entry in appeared) == sorted(
        (each.consultation_id, str(each.pk), 1) for each in public
    )
    assert {entry.institution for entry in appeared} == {institution.pk}
    assert sorted(keys(told("endorsement.took_effect"))) == sorted(str(each.pk) for each in positions)
    [verified] = [entry for entry in told("institution.verified") if entry.institution == institution.pk]
    assert verified.stream_id == SITE
    truths.assert_all_hold()


def test_suspending_takes_everything_away_and_verifying_again_brings_it_back(institution, spoken):
    one, _other, public, positions = spoken
    verify(institution)
    noise = make.comment(one)
    suspend(institution)
    assert list(comments.public().filter(institution=institution)) == []
    assert not endorsements.public().exists()
    assert counted(one) == {1: 2}
    assert is_public(noise)
    assert sorted(keys(told("comment.vanished"))) == sorted(str(each.pk) for each in public)
    truths.assert_all_hold()
    verify(institution)
    assert set(comments.public().filter(institution=institution)) == set(public)
    assert set(endorsements.public()) == set(positions)
    assert [entry.kind for entry in Entry.objects.filter(stream=SITE, public=True).order_by("number")][
        -3:
    ] == [
        "institution.verified",
        "institution.suspended",
        "institution.verified",
    ]
    truths.assert_all_hold()


def test_what_is_sent_and_decided_while_an_institution_is_suspended_appears_with_it(institution):
    verify(institution)
    consultation = make.consultation()
    pending, waiting = make.pending_comment(consultation, institution), reserve(institution, consultation)
    suspend(institution)
    make.decide(pending, "approve")
    judge(waiting)
    assert not is_public(pending)
    assert anew(waiting).effective_at is None
    verify(institution)
    assert is_public(pending)
    assert anew(waiting).effective_at is not None
    truths.assert_all_hold()


def test_nothing_of_a_rejected_institution_appears(institution, spoken):
    reject(institution)
    assert not comments.public().filter(institution=institution).exists()
    assert not endorsements.public().exists()
    assert told("institution.rejected") == []
    truths.assert_all_hold()


def test_what_is_known_of_the_verification_is_kept(institution):
    registrar, at = make.registrar(), clock.now()
    settled = verify(institution, by=registrar, how="domain", note="Wrote to the dean.", at=at)
    assert (settled.state, settled.verified_how, settled.verified_note) == (
        "verified",
        "domain",
        "Wrote to the dean.",
    )
    assert (settled.settled_by, settled.settled_at) == (registrar, at)
    gone = suspend(institution, by=registrar, reason="The dean left.")
    assert (gone.state, gone.verified_how, gone.reason) == ("suspended", "domain", "The dean left.")


def test_managers_and_signatories_are_told_contributors_are_not(institution):
    signatory = make.signatory(institution)
    make.representative(institution)
    before = list(Message.objects.values_list("pk", flat=True))
    verify(institution)
    mails = Message.objects.filter(kind="institution-verified").exclude(pk__in=before)
    assert {mail.person_id for mail in mails} == {make.manager(institution).pk, signatory.pk}
    other = make.institution()
    reject(other, reason="A private firm.")
    assert Message.objects.get(kind="institution-rejected").context["message"] == "A private firm."


@pytest.mark.parametrize("act", [verify, reject, suspend])
def test_a_registrar_decides_and_nobody_else(act):
    institution = make.verified_institution() if act is suspend else make.institution()
    consultation = make.consultation()
    for person in (
        make.person(),
        make.secretariat(consultation),
        make.manager(institution),
        make.moderator(consultation),
    ):
        with refused("no-role"):
            act(institution, by=person)
    before = institution.state
    institution.refresh_from_db()
    assert institution.state == before
    act(institution, by=make.registrar())


@pytest.mark.parametrize("act", [verify, reject, suspend])
def test_a_registrar_never_decides_on_an_institution_of_their_own(act):
    registrar = make.registrar()
    institution = make.institution(by=registrar)
    if act is suspend:
        make.verify(institution)
    with refused("own-institution"):
        act(institution, by=registrar)


def test_what_was_decided_is_not_decided_again(institution):
    with refused("not-waiting"):
        suspend(institution)
    verify(institution)
    for act in (verify, reject):
        with refused("not-waiting"):
            act(institution)
    suspend(institution)
    for act in (suspend, reject):
        with refused("not-waiting"):
            act(institution)
    rejected = make.institution()
    reject(rejected)
    for act in (verify, reject, suspend):
        with refused("not-waiting"):
            act(rejected)


def test_what_is_not_there_is_not_found():
    for act in (verify, reject, suspend):
        with refused("not-found"):
            act(Institution(pk=0))


def test_a_reason_is_given_and_fits(institution):
    verified = make.verified_institution()
    for words in ("", " \n", "x" * 2_001, "\x00", "\ud83d"):
        with refused("invalid", "reason"):
            reject(institution, reason=words)
        with refused("invalid", "reason"):
            suspend(verified, reason=words)


def test_how_an_institution_was_verified_is_one_of_the_known_ways(institution):
    with refused("invalid", "how"):
        verify(institution, how="by heart")
    for note in ("x" * 2_001, "\x00"):
        with refused("invalid", "note"):
            verify(institution, note=note)
    assert Institution.objects.get(pk=institution.pk).state == InstitutionState.PENDING


def test_asking_for_more_changes_nothing_but_what_is_on_record_and_is_mailed(institution):
    at_first = institution.state
    ask(institution, words="The statutes, please.")
    institution.refresh_from_db()
    assert institution.state == at_first
    assert institution.inquiries.get().words == "The statutes, please."
    assert Entry.objects.filter(kind="institution.asked", public=False).count() == 1
    mail = Message.objects.get(kind="institution-asked")
    assert (mail.person_id, mail.context["message"]) == (
        make.manager(institution).pk,
        "The statutes, please.",
    )
    with refused("invalid", "words"):
        ask(institution, words=" ")
    with refused("not-waiting"):
        ask(make.verified_institution())
    with refused("no-role"):
        ask(institution, by=make.manager(institution))


def test_whoever_is_suspended_is_told_why(institution):
    verify(institution)
    suspend(institution, reason="A doubt.")
    mail = Message.objects.get(kind="institution-suspended")
    assert (mail.person_id, mail.context["message"]) == (make.manager(institution).pk, "A doubt.")


def test_a_new_name_is_a_new_version_and_what_was_signed_keeps_the_old_one(institution):
    verify(institution)
    position, old = make.endorsement(institution=institution), institution.current.name
    rename(institution, "Academy of Another Name")
    later = make.endorsement(institution=institution)
    assert [anew(each).signed_as.name for each in (position, later)] == [old, "Academy of Another Name"]
    assert Message.objects.get(kind="institution-changed").context["before"] == old
    assert [entry.institution for entry in told("institution.changed")] == [institution.pk]
    with refused("invalid", "name"):
        rename(institution, "Fjord\u202eAcademy")
    with refused("no-role"):
        rename(institution, "Mine", by=make.manager(institution))
