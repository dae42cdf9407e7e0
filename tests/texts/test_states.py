"""The whole text as it stood at a moment, and what changed between two of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from consultation.kit.redline import Op
from consultation.texts import arranging, comparing, states
from consultation.texts.actions import publish_version, reorder_principles, set_headings
from consultation.texts.comparing import Fate, Moved
from consultation.texts.models import Change, Consultation, Principle
from tests import factories as make

pytestmark = pytest.mark.usefixtures("on_top")
START = datetime(2026, 5, 3, 9, tzinfo=UTC)


def after(days: int) -> datetime:
    return START + timedelta(days=days)


def publish(
    text: Consultation, number: int, words: str, *, days: int, languages: tuple[str, ...] = ()
) -> None:
    texts = {code: (f"Title {number} ({code})", words) for code in languages or text.languages}
    publish_version(
        None,
        consultation_id=text.pk,
        number=number,
        texts=texts,
        change=Change.EDITORIAL,
        notes={},
        at=after(days),
    )


def arrange(text: Consultation, order: list[int], *, days: int, preamble: str = "") -> None:
    for place, number in enumerate(order, start=1):
        Principle.objects.filter(consultation=text, number=number).update(order=place)
    if preamble:
        text.preambles = {"en": preamble}
        text.save()
    arranging.note(text, at=after(days))


@pytest.fixture(scope="module")
def text(kept: None) -> Consultation:
    """Six principles of 3 May; one changed, one withdrawn, one put elsewhere, one added since."""
    made = make.consultation(principles=6, languages=("en", "ar"), at=START)
    publish(made, 2, "Other words.", days=1)
    Principle.objects.filter(consultation=made, number=3).update(withdrawn_at=after(2))
    arranging.note(made, at=after(2))
    arrange(made, [1, 5, 2, 4, 6], days=3, preamble="Another preamble.")
    Principle.objects.create(consultation=made, number=7, order=9, headings={"en": "A new part"})
    publish(made, 7, "New words.", days=4)
    arranging.note(made, at=after(4))
    return made


def told(state: states.State) -> list[tuple[int, int]]:
    return [(part.number, part.version.number) for part in state.parts]


def test_the_text_of_each_moment_is_told(text):
    history = states.history(text)
    assert [told(history.at(after(days))) for days in range(5)] == [
        [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1)],
        [(1, 1), (2, 2), (3, 1), (4, 1), (5, 1), (6, 1)],
        [(1, 1), (2, 2), (4, 1), (5, 1), (6, 1)],
        [(1, 1), (5, 1), (2, 2), (4, 1), (6, 1)],
        [(1, 1), (5, 1), (2, 2), (4, 1), (6, 1), (7, 1)],
    ]
    assert told(history.at(after(1) - timedelta(microseconds=1))) == told(history.at(START))
    assert history.at(START).preambles["en"] == "A preamble."
    assert history.at(after(3)).preambles["en"] == "Another preamble."
    moments = [(each.at, each.published, each.withdrawn) for each in history.moments()]
    assert moments == [
        (after(4), ((7, 1),), ()),
        (after(3), (), ()),
        (after(2), (), (3,)),
        (after(1), ((2, 2),), ()),
        (START, tuple((number, 1) for number in range(1, 7)), ()),
    ]


def test_a_history_takes_three_queries_and_a_text_two_more(text, django_assert_num_queries):
    with django_assert_num_queries(3):
        history = states.history(text)
    with django_assert_num_queries(2):
        history.at(after(4))


def test_what_changed_between_two_moments_is_told_principle_by_principle(text):
    history = states.history(text)
    compared = comparing.whole(history.at(START), history.at(after(4)), "en", "en")
    fates = [(part.number, part.fate) for part in compared.parts]
    same, changed = Fate.SAME, Fate.CHANGED
    assert fates == [
        (1, same),
        (5, same),
        (2, changed),
        (3, Fate.REMOVED),
        (4, same),
        (6, same),
        (7, Fate.ADDED),
    ]
    assert compared.moved == [Moved(5, after=1)]
    removed, added = compared.parts[3], compared.parts[-1]
    assert all(paragraph.is_all(Op.REMOVED) for paragraph in removed.body)
    assert removed.title == [(Op.REMOVED, "Title 3 (en)")]
    assert (added.heading, added.title) == ([(Op.ADDED, "A new part")], [(Op.ADDED, "Title 7 (en)")])
    assert compared.preamble_changed
    again = comparing.whole(history.at(after(4)), history.at(after(4)), "en", "en")
    assert (again.changed, again.moved, again.preamble_changed) == ([], [], False)


def test_two_texts_are_never_compared_across_languages(text):
    publish(text, 4, "English words alone.", days=5, languages=("en",))
    history = states.history(text)
    compared = comparing.whole(history.at(START), history.at(after(5)), "ar", "en")
    languages = {part.number: part.language for part in compared.parts}
    assert languages == {1: "ar", 2: "ar", 3: "ar", 4: "en", 5: "ar", 6: "ar", 7: "ar"}
    publish(text, 4, "Both again.", days=6)
    later = states.history(text).at(after(6))
    [four] = [
        part for part in comparing.whole(history.at(after(5)), later, "ar", "en").parts if part.number == 4
    ]
    assert four.language == "en"


def test_what_stands_around_the_principles_is_kept_once_for_each_change(text):
    kept = list(text.arrangements.values_list("number", "order"))
    assert [number for number, _order in kept] == [1, 2, 3, 4]
    arranging.note(text, at=after(9))
    assert text.arrangements.count() == 4
    text.published_at = None
    arrange(text, [6, 4, 2, 5, 1], days=10)
    assert text.arrangements.count() == 4


def test_ordering_and_grouping_principles_is_kept_by_the_verbs_that_do_it(text):
    secretariat = make.secretariat(text)
    before = [part.number for part in states.history(text).at(after(9)).parts]
    turned = before[::-1]
    reorder_principles(secretariat, consultation_id=text.pk, numbers=turned, base=before, at=after(10))
    set_headings(secretariat, consultation_id=text.pk, number=6, headings={"en": "A heading"}, at=after(11))
    history = states.history(text)
    assert [part.number for part in history.at(after(9)).parts] == before
    assert [part.number for part in history.at(after(10)).parts] == turned
    headings = [
        next(part.headings for part in history.at(after(day)).parts if part.number == 6) for day in (10, 11)
    ]
    assert headings == [{}, {"en": "A heading"}]
