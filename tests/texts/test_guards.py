"""The database itself keeps published words, and lets no two rounds open the same act."""

from datetime import timedelta

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction

from consultation.kit import clock
from consultation.texts.models import (
    ConsultationRole,
    PolicyClause,
    Principle,
    PrincipleVersion,
    Round,
    Translation,
)
from tests import factories as make

pytestmark = pytest.mark.usefixtures("on_top")


def refused(act) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value)


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def version(consultation):
    return PrincipleVersion.objects.filter(principle__consultation=consultation, principle__number=1)


def test_a_published_version_never_changes(version):
    changes = [
        {"number": 7},
        {"change": "editorial"},
        {"text_hash": "0" * 64},
        {"published_at": None},
        {"change_notes": {"en": "?"}},
    ]
    for change in changes:
        assert "fixed_once_published" in refused(lambda change=change: version.update(**change))


def test_a_published_version_is_never_deleted(version):
    with pgtrigger.ignore("consultation.Principle:principle_once_public_keeps_a_text"):
        Principle.objects.update(current=None)
    assert "fixed_once_published" in refused(version.delete)
    assert "fixed_once_published" in refused(lambda: version._raw_delete(version.db))


def test_the_words_of_a_published_version_never_change_and_are_never_deleted(version):
    words = Translation.objects.filter(version=version.get())
    for change in (
        {"body": "Other words."},
        {"title": "Other"},
        {"language": "de"},
        {"authoritative": False},
    ):
        assert "translation_fixed" in refused(lambda change=change: words.update(**change))
    assert "translation_fixed" in refused(words.delete)


def test_one_translation_is_authoritative(version):
    draft = PrincipleVersion.objects.create(principle=version.get().principle, number=2)
    words = {"title": "T", "body": "B", "authoritative": True}
    Translation.objects.create(version=draft, language="en", **words)
    second = Translation(version=draft, language="fr", **words)
    assert "translation_one_authoritative" in refused(second.save)


def test_only_the_current_version_gains_a_language_and_never_the_authoritative_one(consultation, version):
    first = version.get()
    make.new_version(consultation)
    current = first.principle.versions.get(number=2)
    draft = PrincipleVersion.objects.create(principle=first.principle, number=3)
    moved = Translation.objects.create(version=draft, language="fr", title="T", body="B")
    for into, language, authoritative in ((first, "fr", False), (current, "fr", True)):
        late = Translation(version=into, language=language, title="T", body="B", authoritative=authoritative)
        assert "current_version_only" in refused(late.save)
    for into in (first, current):
        row = Translation.objects.filter(pk=moved.pk)
        row.update(authoritative=into == current)
        assert "current_version_only" in refused(lambda row=row, into=into: row.update(version=into))
    Translation.objects.create(version=current, language="fr", title="T", body="B")


def test_a_principle_has_one_draft(version):
    principle = version.get().principle
    PrincipleVersion.objects.create(principle=principle, number=2)
    assert "one_draft" in refused(PrincipleVersion(principle=principle, number=3).save)


def test_a_principle_that_was_public_is_never_deleted_and_keeps_its_number_and_a_text(consultation):
    rows = Principle.objects.filter(consultation=consultation, number=1)
    assert "never_deleted_once_public" in refused(lambda: rows._raw_delete(rows.db))
    assert "number_never_changes" in refused(lambda: rows.update(number=9))
    other = make.consultation(principles=0)
    assert "number_never_changes" in refused(lambda: rows.update(consultation=other))
    assert "keeps_a_text" in refused(lambda: rows.update(current=None))
    unseen = Principle.objects.create(consultation=consultation, number=9, order=9)
    assert unseen.delete()[0] == 1


def test_a_withdrawn_principle_stays_so_for_ever(consultation):
    rows = Principle.objects.filter(consultation=consultation, number=1)
    rows.update(withdrawn_at=clock.now(), withdrawal_reasons={"en": "Merged into 2."})
    for change in (
        {"withdrawn_at": None},
        {"withdrawn_at": clock.now()},
        {"withdrawal_reasons": {"en": "Other."}},
    ):
        assert "withdrawn_for_ever" in refused(lambda change=change: rows.update(**change))
    other = PrincipleVersion.objects.filter(principle__consultation=consultation, principle__number=2).get()
    assert "withdrawn_for_ever" in refused(lambda: rows.update(current=other))
    rows.update(order=7)


@pytest.mark.parametrize("model", [Principle, PrincipleVersion, Translation])
def test_no_table_of_the_text_is_emptied(model):
    """Tests empty tables themselves, so the guard is put back for this one."""
    name = next(
        trigger.get_uri(found)
        for found, trigger in pgtrigger.registered()
        if found is model and trigger.name.endswith("never_emptied")
    )

    def run(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def empty():
        run(f"TRUNCATE {model._meta.db_table} CASCADE")

    with transaction.atomic():
        # No table can be altered while something of it is still to be checked.
        run("SET CONSTRAINTS ALL IMMEDIATE")
        pgtrigger.enable(name)

        assert "never_emptied" in refused(empty)
        pgtrigger.disable(name)


def test_a_version_that_is_published_has_its_hash(consultation):
    principle = consultation.principles.get(number=1)
    late = PrincipleVersion(principle=principle, number=2, published_at=clock.now())
    assert "principle_version_published_has_its_hash" in refused(late.save)


def test_a_version_that_is_not_published_yet_may_change(consultation):
    principle = consultation.principles.get(number=1)
    draft = PrincipleVersion.objects.create(principle=principle, number=2)
    words = Translation.objects.create(version=draft, language="en", title="T", body="B", authoritative=True)
    assert Translation.objects.filter(pk=words.pk).update(body="Better.") == 1
    assert PrincipleVersion.objects.filter(pk=draft.pk).update(change="editorial") == 1


def test_numbers_of_principles_versions_clauses_and_rounds_are_given_once(consultation):
    principle = consultation.principles.get(number=1)
    round_ = consultation.rounds.get()
    again = {
        "principle_number_once": Principle(consultation=consultation, number=1, order=9),
        "principle_version_number_once": PrincipleVersion(principle=principle, number=1),
        "clause_number_once_in_its_policy": PolicyClause(
            consultation=consultation, number="1", titles={}, texts={}
        ),
        "round_number_once_in_its_consultation": Round(
            consultation=consultation,
            number=1,
            opens_at=round_.closes_at,
            closes_at=round_.closes_at + timedelta(days=1),
        ),
    }
    for name, row in again.items():
        assert name in refused(row.save)


# Days after the present round opened, which closes after five; whether another one fits there.
SPANS = [
    (-2, -1, True),
    (-2, 0, True),
    (5, 7, True),
    (-2, 1, False),
    (1, 2, False),
    (-2, 99, False),
    (4, 6, False),
]


@pytest.mark.parametrize("act", ["comment", "discuss", "endorse"])
def test_at_most_one_round_opens_an_act_at_a_time(consultation, act):
    present = consultation.rounds.get()
    Round.objects.filter(pk=present.pk).update(closes_at=present.opens_at + timedelta(days=5))
    for number, (opens, closes, fits) in enumerate(SPANS, start=2):
        new = Round(
            consultation=consultation,
            number=number,
            opens_at=present.opens_at + timedelta(days=opens),
            closes_at=present.opens_at + timedelta(days=closes),
            **{f"opens_{act}": True},
        )
        if fits:
            new.save()
            new.delete()
        else:
            assert f"round_alone_opens_{act}" in refused(new.save)


def test_rounds_of_other_consultations_and_for_other_acts_may_overlap(consultation):
    present = consultation.rounds.get()
    times = {"opens_at": present.opens_at, "closes_at": present.closes_at}
    Round.objects.create(consultation=make.consultation(acts=[]), number=2, opens_comment=True, **times)
    Round.objects.filter(pk=present.pk).update(opens_comment=False)
    Round.objects.create(consultation=consultation, number=2, opens_comment=True, **times)


def test_a_round_without_end_opens_endorsing_only(consultation):
    start = consultation.rounds.get().closes_at
    Round.objects.create(consultation=consultation, number=2, opens_at=start, opens_endorse=True)
    for act in ("comment", "discuss"):
        row = Round(consultation=consultation, number=3, opens_at=start, **{f"opens_{act}": True})
        assert "round_without_end_opens_endorsing_only" in refused(row.save)


def test_a_round_closes_after_it_opens(consultation):
    start = consultation.rounds.get().closes_at
    row = Round(consultation=consultation, number=2, opens_at=start, closes_at=start)
    assert "round_closes_after_it_opens" in refused(row.save)


def test_a_person_holds_a_role_once_at_a_time(consultation):
    person = make.moderator(consultation)
    again = ConsultationRole(consultation=consultation, person=person, role="moderator")
    assert "consultation_role_once_in_force" in refused(again.save)
    person.consultation_roles.update(ended_at=clock.now())
    again.save()
