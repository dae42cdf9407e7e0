"""The manifest: what the record says stood at a number, whatever happened since."""

from __future__ import annotations

import pytest

from consultation.comments.actions import withdraw_comment
from consultation.digests import gathering
from consultation.digests.formats import data_csv, data_json
from consultation.digests.manifest import take
from consultation.digests.models import Digest
from consultation.digests.withholding import withheld_now
from consultation.kit import canonical, clock
from consultation.record import queries as record
from consultation.texts.models import Change, Principle
from tests import factories as make

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation(principles=2, policy="post", languages=["en", "ar"])


def digest(consultation, *, principle=None, since=None, cutoff=None):
    return Digest(
        consultation=consultation,
        principle=Principle.objects.get(consultation=consultation, number=principle) if principle else None,
        language="en",
        cutoff=record.newest_public(consultation.pk) if cutoff is None else cutoff,
        since=since,
        formats=["csv"],
    )


def contents(consultation, **scope):
    taken = take(digest(consultation, **scope))
    withheld = withheld_now(taken.manifest, consultation.pk)
    return gathering.gather(taken.manifest, taken.sha256, withheld, consultation=consultation.pk)


def references(content):
    return [comment.reference for comment in content.comments]


def test_it_names_what_is_public_and_nothing_else(consultation):
    make.sent_comment(consultation, principle=1)
    make.sent_comment(consultation, principle=None)
    make.sent_comment(consultation, principle=2, visibility="secretariat")
    make.sent_comment(consultation, make.institution(), principle=2)
    make.draft(consultation, principle=2)
    make.sent_comment(make.consultation(policy="post"), principle=1)
    assert references(contents(consultation)) == ["P1-1", "G-1"]


def test_what_came_later_changes_nothing(consultation):
    author = make.verified_institution()
    comment = make.sent_comment(consultation, author, principle=1)
    make.endorsement(consultation, author, principle=1)
    make.cosign(comment)
    before = digest(consultation)
    taken = take(before)
    make.sent_comment(consultation, principle=1)
    make.endorsement(consultation, principle=1)
    make.endorsement(consultation, author, principle=1, position="decline")
    make.cosign(comment)
    make.new_version(consultation, 1)
    assert take(before) == taken


def test_it_is_canonical_json_by_its_hash(consultation):
    make.sent_comment(consultation)
    taken = take(digest(consultation))
    assert taken.sha256 == canonical.digest(taken.manifest)
    stored = Digest.objects.create(
        consultation=consultation, language="en", cutoff=1, formats=["csv"], manifest=taken.manifest
    )
    stored.refresh_from_db()
    assert canonical.digest(stored.manifest) == taken.sha256


def test_the_scope_of_one_principle_holds_that_one_alone(consultation):
    for number in (1, 2, None):
        make.sent_comment(consultation, principle=number)
    make.endorsement(consultation, principle=2)
    content = contents(consultation, principle=1)
    assert references(content) == ["P1-1"]
    assert [principle.number for principle in content.principles] == [1]
    assert content.positions == ()


def test_since_leaves_out_what_was_said_before(consultation):
    make.sent_comment(consultation, principle=1)
    since = record.newest_public(consultation.pk)
    make.sent_comment(consultation, principle=1)
    assert references(contents(consultation, since=since)) == ["P1-2"]


def test_a_position_on_words_that_changed_in_substance_is_to_be_reaffirmed(consultation):
    make.endorsement(consultation, principle=1)
    make.endorsement(consultation, principle=2)
    make.new_version(consultation, 1, change=Change.SUBSTANTIVE)
    make.new_version(consultation, 2, change=Change.EDITORIAL)
    positions = contents(consultation).positions
    assert [(each.principle, each.to_reaffirm) for each in positions] == [(1, True), (2, False)]


def test_cosignatures_count_until_they_end(consultation):
    comment = make.sent_comment(consultation, principle=1)
    left = make.verified_institution()
    make.cosign(comment, left)
    make.cosign(comment, stance="disagree")
    stays = make.verified_institution()
    make.cosign(comment, stays)
    make.cosign(comment, left, stance=None)
    [gathered] = contents(consultation).comments
    assert [each.number for each in gathered.agree] == [stays.pk]
    assert len(gathered.disagree) == 1


def test_a_withdrawn_comment_is_withheld_from_an_older_digest_and_absent_from_a_newer_one(consultation):
    author = make.verified_institution()
    comment = make.sent_comment(consultation, author, principle=1, body="Words that must go.")
    older = record.newest_public(consultation.pk)
    withdraw_comment(make.manager(author), comment_id=comment.pk, at=clock.now())
    content = contents(consultation, cutoff=older)
    [gathered] = content.comments
    assert (gathered.body, gathered.withheld.why) == ("", "withdrawn")
    assert b"Words that must go" not in data_csv.make(content) + data_json.make(content)
    assert references(contents(consultation)) == []


def test_a_suspended_institution_is_withheld_with_its_statements(consultation):
    author = make.verified_institution()
    make.sent_comment(consultation, author, principle=1, body="Said by it.")
    make.endorsement(
        consultation, author, principle=1, position="endorse_with_reservation", statement="Held by it."
    )
    older = record.newest_public(consultation.pk)
    make.suspend(author)
    content = contents(consultation, cutoff=older)
    assert [each.withheld.why for each in (*content.comments, *content.positions)] == ["suspended"] * 2
    made = data_csv.make(content) + data_json.make(content)
    assert b"Said by it" not in made
    assert b"Held by it" not in made


def test_the_data_are_the_same_whenever_they_are_gathered(consultation):
    author = make.verified_institution()
    comment = make.sent_comment(consultation, author, principle=1)
    make.cosign(comment)
    make.endorsement(consultation, author, principle=2)
    taken = take(digest(consultation))

    def made():
        content = gathering.gather(taken.manifest, taken.sha256, [], consultation=consultation.pk)
        return data_csv.make(content), data_json.make(content)

    before = made()
    make.cosign(comment)
    make.new_version(consultation, 1)
    make.endorsement(consultation, author, principle=2, position="decline")
    assert made() == before


def test_reading_takes_the_same_number_of_queries_for_one_and_for_three(
    consultation, django_assert_num_queries
):
    def spoken():
        author = make.verified_institution()
        make.cosign(make.sent_comment(consultation, author, principle=1))
        make.endorsement(consultation, author, principle=1)

    spoken()
    with django_assert_num_queries(12):
        one = take(digest(consultation))
    with django_assert_num_queries(5):
        gathering.gather(one.manifest, one.sha256, [], consultation=consultation.pk)
    spoken()
    spoken()
    with django_assert_num_queries(12):
        three = take(digest(consultation))
    with django_assert_num_queries(5):
        gathering.gather(three.manifest, three.sha256, [], consultation=consultation.pk)
