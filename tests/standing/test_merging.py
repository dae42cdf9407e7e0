"""Two records of one institution become one: what both said stands under the one that is kept."""

import pytest

from accounts.models import Institution, Invitation, Mandate
from consultation.comments import queries as comments
from consultation.comments.models import Comment, Cosignature
from consultation.endorsements import queries as endorsements
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.moderation.models import Item, Party
from consultation.post.models import Message
from consultation.record.models import Entry
from tests import factories as make
from tests import truths
from tests.comments.acts import counted
from tests.endorsements.acts import anew, endorse, reserve
from tests.moderation.acts import judge
from tests.refusals import refused
from tests.standing.acts import merge, reject, suspend

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make.consultation()


@pytest.fixture
def kept():
    return make.verified_institution("Fjord Academy")


@pytest.fixture
def merged():
    return make.verified_institution("The Fjord Academy")


def under(institution):
    return set(comments.public().filter(institution=institution).values_list("reference", flat=True))


def standing(institution):
    return {
        each.principle.number: each.position for each in endorsements.public().filter(institution=institution)
    }


def entries(kind, **facts):
    return [
        entry.subject_key for entry in Entry.objects.filter(kind=kind, **facts).order_by("stream", "number")
    ]


def test_what_both_said_stands_under_the_kept_one(consultation, kept, merged):
    own, other = make.comment(consultation, kept), make.comment(consultation, merged)
    answer = make.comment(consultation, parent=other)
    draft, waits = make.draft(consultation, merged), make.pending_comment(consultation, merged)
    since = Comment.objects.get(pk=other.pk).public_since
    before = counted(consultation)
    merge(merged, kept)
    assert under(kept) == {own.reference, other.reference}
    assert under(merged) == set()
    assert Comment.objects.get(pk=other.pk).public_since == since
    assert Comment.objects.get(pk=answer.pk).public_since is not None
    assert {Comment.objects.get(pk=each.pk).institution for each in (draft, waits)} == {kept}
    assert counted(consultation) == before
    assert entries("comment.moved", public=True, institution=kept.pk) == [str(other.pk)]
    assert not Item.objects.filter(institution=merged).exists()
    assert not Party.objects.filter(institution=merged).exists()
    truths.assert_all_hold()


def test_what_was_sent_and_signed_keeps_the_name_it_was_signed_under(consultation, kept, merged):
    comment = make.comment(consultation, merged)
    position = make.endorsement(consultation, merged)
    merge(merged, kept)
    assert Comment.objects.get(pk=comment.pk).latest.sent_as.name == "The Fjord Academy"
    assert anew(position).signed_as.name == "The Fjord Academy"
    assert anew(position).institution == kept


def test_the_newest_of_two_positions_stands_and_the_other_is_superseded(consultation, kept, merged):
    first = endorse(kept, consultation)
    newer = endorse(merged, consultation, "decline")
    older = endorse(merged, consultation, principle=2)
    newest = endorse(kept, consultation, "decline", principle=2)
    alone = endorse(merged, consultation, principle=3)
    merge(merged, kept)
    assert standing(kept) == {1: "decline", 2: "decline", 3: "endorse"}
    assert standing(merged) == {}
    assert [anew(each).state for each in (first, newer, older, newest, alone)] == [
        "superseded",
        "signed",
        "superseded",
        "signed",
        "signed",
    ]
    lost = entries("endorsement.lost_effect", public=True, institution=merged.pk)
    assert set(lost) == {str(newer.pk), str(older.pk), str(alone.pk)}
    gained = entries("endorsement.took_effect", public=True, institution=kept.pk)
    assert gained[-2:] == sorted([str(newer.pk), str(alone.pk)])
    truths.assert_all_hold()


def test_of_what_waits_and_what_is_proposed_the_newest_goes_on_waiting(consultation, kept, merged):
    waits = reserve(kept, consultation)
    later = endorse(merged, consultation)
    both = [reserve(kept, consultation, principle=2), reserve(merged, consultation, principle=2)]
    proposals = [
        make.proposal(consultation, kept, principle=3),
        make.proposal(consultation, merged, principle=3),
    ]
    merge(merged, kept)
    assert (anew(waits).state, anew(later).state) == ("withdrawn", "signed")
    assert [anew(each).state for each in both] == ["withdrawn", "signed"]
    assert [anew(each).state for each in proposals] == ["withdrawn", "proposed"]
    truths.assert_all_hold()
    judge(both[1])
    assert standing(kept) == {1: "endorse", 2: "endorse_with_reservation"}
    truths.assert_all_hold()


def test_cosignatures_of_both_become_one_and_nobody_cosigns_their_own(consultation, kept, merged):
    twice, turned, own, others = (make.comment(consultation) for _ in range(4))
    mine, theirs = make.comment(consultation, kept), make.comment(consultation, merged)
    make.cosign(twice, kept)
    make.cosign(twice, merged)
    make.cosign(turned, merged)
    make.cosign(turned, kept, "disagree")
    make.cosign(own, merged, "disagree")
    make.cosign(others)
    make.cosign(mine, merged)
    make.cosign(theirs, kept)
    merge(merged, kept)
    held = Cosignature.objects.filter(ended_at=None, institution__in=[kept, merged])
    assert {(each.comment_id, each.institution_id, each.stance) for each in held} == {
        (twice.pk, kept.pk, "agree"),
        (turned.pk, kept.pk, "disagree"),
        (own.pk, kept.pk, "disagree"),
    }
    assert Cosignature.objects.filter(ended_at=None, comment=others).count() == 1
    given = set(entries("cosignature.given", public=True)) - set(entries("cosignature.ended", public=True))
    in_force = Cosignature.objects.filter(ended_at=None)
    assert given == {str(key) for key in in_force.values_list("pk", flat=True)}
    assert Party.objects.filter(item__comment=own, institution=kept).exists()


def test_what_a_waiting_record_published_appears_with_the_kept_one(consultation, kept):
    waiting = make.institution("The Fjord Academy")
    comment, position = make.comment(consultation, waiting), endorse(waiting, consultation)
    assert (under(kept), standing(kept)) == (set(), {})
    merge(waiting, kept)
    assert (under(kept), standing(kept)) == ({comment.reference}, {1: "endorse"})
    assert entries("endorsement.lost_effect") == []
    assert anew(position).institution == kept
    truths.assert_all_hold()


@pytest.mark.parametrize("with_powers", [True, False])
def test_the_people_of_the_other_record_go_along_where_the_registrar_says_so(kept, merged, with_powers):
    signatory, both = make.signatory(merged), make.representative(kept)
    registrants = Mandate.objects.filter(institution=merged).order_by("pk")[0]
    make.representative(merged, *registrants.powers, by=both)
    asked = Invitation.objects.create(
        institution=merged,
        email="new@fjord.example",
        language="en",
        powers=["contribute"],
        secret_hash="x" * 64,
        sent_at=clock.now(),
        expires_at=clock.now(),
    )
    merge(merged, kept, with_powers=with_powers)
    assert not Mandate.objects.filter(institution=merged, ended_at=None).exists()
    held = dict(Mandate.objects.filter(institution=kept, ended_at=None).values_list("person", "powers"))
    assert held.get(signatory.pk) == (["contribute", "sign"] if with_powers else None)
    assert held[both.pk] == (["contribute", "sign", "manage"] if with_powers else ["contribute"])
    asked.refresh_from_db()
    assert (asked.state, asked.email) == ("withdrawn", "")


def test_the_merged_record_names_the_kept_one_also_when_that_is_merged_in_turn(kept, merged):
    first = make.institution("Fjord Akademie")
    merge(first, merged)
    settled = merge(merged, kept, reason="Twice.")
    assert settled == kept
    records = {each.slug: each for each in Institution.objects.filter(merged_into=kept)}
    assert set(records) == {first.slug, merged.slug}
    assert {each.state for each in records.values()} == {"merged"}
    assert records[merged.slug].reason == "Twice."
    assert entries("institution.merged", public=True) == [first.slug, merged.slug]


def test_the_people_of_both_are_told_once(kept, merged):
    shared = make.signatory(merged)
    make.representative(kept, *list(Mandate.objects.filter(person=shared)[0].powers), by=shared)
    merge(merged, kept)
    mails = list(Message.objects.filter(kind="institution-merged"))
    assert {mail.person_id for mail in mails} == {make.manager(kept).pk, shared.pk} | set(
        Mandate.objects.filter(institution=merged, powers__contains=["manage"]).values_list(
            "person", flat=True
        )
    )
    assert len(mails) == 3
    assert {mail.context["before"] for mail in mails} == {"The Fjord Academy"}


def test_a_digest_cut_off_before_the_merger_still_says_who_spoke(consultation, kept, merged):
    from consultation.digests import gathering
    from consultation.digests.manifest import take
    from consultation.digests.models import Digest

    make.comment(consultation, merged)
    endorse(merged, consultation)
    then = Digest(consultation=consultation, cutoff=Entry.objects.filter(stream=consultation.pk).count())
    before = take(then)
    merge(merged, kept)
    assert take(then) == before
    said = gathering.gather(before.manifest, before.sha256, [], consultation=consultation.pk)
    assert {each.institution.slug for each in (*said.comments, *said.positions)} == {merged.slug}
    now = Digest(consultation=consultation, cutoff=Entry.objects.filter(stream=consultation.pk).count())
    after = take(now)
    said = gathering.gather(after.manifest, after.sha256, [], consultation=consultation.pk)
    assert {each.institution.slug for each in (*said.comments, *said.positions)} == {kept.slug}


def test_who_may_not_merge_and_what_can_not_be_merged(kept, merged):
    with refused("no-role"):
        merge(merged, kept, by=make.manager(kept))
    for own in (kept, merged):
        registrar = make.registrar()
        make.representative(own, by=registrar)
        with refused("own-institution"):
            merge(merged, kept, by=registrar)
    with refused("same-institution"):
        merge(kept, kept)
    with refused("invalid", "reason"):
        merge(merged, kept, reason=" ")
    with refused("not-verified"):
        merge(merged, make.institution())
    with refused("not-found"):
        merge(Institution(pk=0), kept)
    rejected = make.institution()
    reject(rejected)
    for barred in (suspend(make.verified_institution()), rejected):
        with refused("not-waiting"):
            merge(barred, kept)
        with refused("not-waiting"):
            merge(merged, barred)
    merge(merged, kept)
    with refused("not-waiting"):
        merge(merged, kept)
    assert Endorsement.objects.count() == 0
