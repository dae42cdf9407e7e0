"""The database itself keeps decisions as they were taken."""

import pytest
from django.db import DatabaseError, transaction

from consultation.kit import clock
from consultation.moderation.models import Case, Decision, Party
from tests import factories as make

pytestmark = pytest.mark.usefixtures("on_top")


def refused(act) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value)


@pytest.fixture(scope="module")
def decision(kept):
    comment = make.decide(make.pending_comment(), "reject", message="Read clause 1.")
    return Decision.objects.filter(item=comment.item)


def test_a_decision_is_never_changed_or_deleted(decision):
    for change in ({"action": "approve"}, {"message": "Other."}, {"at": clock.now()}, {"clause": None}):
        assert "decision_never_changed" in refused(lambda change=change: decision.update(**change))
    assert "decision_never_deleted" in refused(lambda: decision.delete())


def test_who_decided_can_be_cleared_and_never_replaced(decision):
    assert "decision_person_only_cleared" in refused(lambda: decision.update(person=make.person()))
    assert decision.update(person=None) == 1


def test_a_decision_against_a_text_names_its_clause():
    comment = make.pending_comment()
    case = comment.item.cases.get()
    for action in ("return", "reject", "hide", "restore"):
        said = {"case": case, "item": comment.item, "action": action, "at": clock.now()}
        assert "decision_against_names_its_clause" in refused(
            lambda said=said: Decision.objects.create(**said)
        )


def test_an_item_has_at_most_one_open_case():
    comment = make.pending_comment()
    facts = {"item": comment.item, "consultation": comment.consultation, "revision": 1, "due_at": clock.now()}
    assert "case_at_most_one_open_an_item" in refused(lambda: Case.objects.create(**facts))


def test_what_a_closed_case_judged_is_never_changed():
    comment, other = make.comment(), make.pending_comment()
    cases = Case.objects.filter(item=comment.item)
    assert "case_closed_keeps" in refused(lambda: cases.update(revision=2))
    assert "case_closed_keeps" in refused(lambda: cases.update(item=other.item))


def test_an_institution_has_a_part_in_an_item_once():
    comment = make.pending_comment()
    assert "party_once_to_an_item" in refused(
        lambda: Party.objects.create(item=comment.item, institution=comment.institution)
    )
