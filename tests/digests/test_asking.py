"""Asking for a digest: who may, and that the same question gets the same answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consultation.digests import queries
from consultation.digests.actions import request_digest
from consultation.digests.models import Digest, DigestState
from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.record import queries as record
from consultation.record.models import Entry
from tests import factories as make

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation(policy="post")


def ask(consultation, actor=None, **question):
    return request_digest(
        actor,
        consultation=consultation,
        **{"language": "en", "formats": ["csv"], "at": clock.now(), **question},
    )


def refused(consultation, actor=None, **question):
    with pytest.raises(Refusal) as refusal:
        ask(consultation, actor, **question)
    return refusal.value


def test_a_visitor_gets_the_current_public_digest(consultation):
    digest = ask(consultation, formats=None)
    assert digest.state == DigestState.QUEUED
    assert digest.cutoff == record.newest_public(consultation.pk)
    assert digest.formats == ["html", "pdf", "docx", "xlsx", "csv", "json"]


def test_asking_twice_gives_the_same_digest(consultation):
    first = ask(consultation, formats=["json", "csv", "csv"])
    assert ask(consultation, make.person(), formats=["csv", "json"]) == first
    assert Digest.objects.count() == 1


def test_asking_does_not_move_the_cut_off(consultation):
    ask(consultation)
    assert ask(consultation) == ask(consultation)
    assert list(Entry.objects.filter(kind="digest.requested").values_list("public", flat=True)) == [False]


def test_another_question_is_another_digest(consultation):
    person = make.person()
    asked = [
        ask(consultation, person),
        ask(consultation, person, language="ar"),
        ask(consultation, person, principle_number=1),
        ask(consultation, person, formats=["json"]),
        ask(consultation, person, since=1),
    ]
    assert len({digest.pk for digest in asked}) == 5


def test_what_happens_elsewhere_leaves_a_principle_s_digest_the_same(consultation):
    person = make.person()
    first = ask(consultation, person, principle_number=1)
    make.sent_comment(consultation, principle=2)
    assert ask(consultation, person, principle_number=1) == first
    make.sent_comment(consultation, principle=1)
    assert ask(consultation, person, principle_number=1) != first


def test_a_moment_means_the_newest_public_entry_before_it(consultation):
    before = record.newest_public(consultation.pk)
    moment = clock.now()
    make.sent_comment(consultation)
    person = make.person()
    assert ask(consultation, person, until=moment).cutoff == before
    assert ask(consultation, person, until=before) == ask(consultation, person, until=moment)


def test_another_time_needs_an_account(consultation):
    assert refused(consultation, until=1).code == "not-signed-in"
    assert refused(consultation, since=1).code == "not-signed-in"
    assert ask(consultation, make.person(), until=1).cutoff == 1


def test_a_time_to_come_is_no_time(consultation):
    refusal = refused(consultation, make.person(), until=clock.now() + timedelta(hours=1))
    assert (refusal.code, list(refusal.errors)) == ("invalid", ["until"])
    assert list(refused(consultation, make.person(), until=10**6).errors) == ["until"]
    assert list(refused(consultation, make.person(), since=-1).errors) == ["from"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "tlh"),
        ("language", ""),
        ("formats", ["exe"]),
        ("principle_number", 99),
        ("audience", "all"),
    ],
)
def test_a_wrong_value_is_named_by_its_field(consultation, field, value):
    refusal = refused(consultation, make.person(), **{field: value})
    assert (refusal.code, list(refusal.errors)) == ("invalid", [field.removesuffix("_number")])


def test_only_the_secretariat_asks_for_its_own_digest(consultation):
    assert refused(consultation, audience="secretariat").code == "not-signed-in"
    assert refused(consultation, make.person(), audience="secretariat").code == "no-role"
    assert refused(consultation, make.moderator(consultation), audience="secretariat").code == "no-role"
    assert refused(consultation, make.secretariat(consultation), audience="secretariat").code == "invalid"


def test_visitors_have_one_build_at_a_time_in_a_consultation(consultation):
    first = ask(consultation)
    refusal = refused(consultation, language="fr")
    assert (refusal.code, refusal.status) == ("busy-building", 429)
    assert refusal.retry_after
    assert ask(consultation) == first
    assert ask(make.consultation()).pk
    assert ask(consultation, make.person(), language="fr").pk


def test_a_digest_that_failed_is_built_again_when_somebody_asks(consultation):
    digest = ask(consultation)
    Digest.objects.filter(pk=digest.pk).update(state=DigestState.FAILED, job_state="failed", attempts=5)
    again = ask(consultation)
    assert again == digest
    assert (again.state, again.attempts, again.job_state) == (DigestState.QUEUED, 0, "waiting")


def test_only_ready_ones_are_in_the_list_and_all_public_ones_at_their_address(consultation):
    digest = ask(consultation)
    assert list(queries.public()) == []
    assert list(queries.visible_to(None)) == [digest]
    assert queries.progress(digest) == (0, "Waiting for its turn")
