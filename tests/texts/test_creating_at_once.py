"""Several at the same moment: no words are overwritten unseen, an address and a publication happen once."""

import pytest

from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.record.models import Entry
from consultation.texts import actions, facts, queries
from consultation.texts.models import Consultation, PrincipleVersion
from tests import factories as make
from tests.texts.test_creating import begun, publish, ready, say, write
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def codes(outcomes):
    return sorted(each.code if isinstance(each, Refusal) else "done" for each in outcomes)


def test_of_six_who_write_the_same_words_at_once_one_does_and_five_are_told():
    registrar = make.registrar()
    made = begun(registrar)
    seen = facts.fingerprint(facts.words_of(made, "fr"))
    acts = [
        lambda number=number: say(registrar, made, "fr", title=f"T{number}", seen=seen) for number in range(6)
    ]
    assert codes(at_once(acts)) == ["changed-meanwhile"] * 5 + ["done"]
    clauses = [lambda: write(registrar, made, ar={"title": "أ", "text": "ب"}) for _ in range(4)]
    assert codes(at_once(clauses)) == ["done"] * 4
    assert [each.number for each in queries.clauses_in_force(made)] == ["1", "2", "3", "4"]


def test_an_address_is_given_once_and_a_consultation_published_once():
    registrar = make.registrar()
    outcomes = at_once([lambda: begun(registrar, "rivers-2027") for _ in range(4)])
    assert codes(outcomes) == ["done"] + ["invalid"] * 3
    made = Consultation.objects.get()
    ready(registrar, made)
    assert codes(at_once([lambda: publish(registrar, made) for _ in range(4)])) == ["already-public"] * 3 + [
        "done"
    ]
    assert Entry.objects.filter(kind="consultation.published").count() == 1
    assert list(PrincipleVersion.objects.values_list("number", flat=True)) == [1, 1]


def test_what_is_drafted_while_it_is_published_is_published_with_it_or_stays_a_draft():
    registrar = make.registrar()
    made = begun(registrar)
    ready(registrar, made)
    add = [
        lambda: actions.add_principle(
            registrar, consultation_id=made.pk, title="ب", body="ب.", at=clock.now()
        )
        for _ in range(3)
    ]
    outcomes = at_once([*add, lambda: publish(registrar, made), *add])
    assert codes(outcomes) == ["done"] * 7
    drafts = PrincipleVersion.objects.filter(published_at=None).count()
    assert len(queries.principles(made)) + drafts == 8
    assert not PrincipleVersion.objects.filter(published_at=None, current_of__isnull=False).exists()
