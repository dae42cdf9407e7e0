"""What is read from the record: the public history, stamps, cut-offs."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from consultation.kit import clock
from consultation.kit.verb import verb
from consultation.record import queries
from consultation.record.models import SITE, Entry, Stream
from consultation.record.steps import Facts, record
from tests import factories as make
from tests import truths

pytestmark = pytest.mark.django_db


class Thing:
    """Something recorded, in the consultation with the key 7 unless told."""

    def __init__(self, consultation=7, principle=None, revision=None, institution=None):
        self.of = {
            "consultation": consultation,
            "principle": principle,
            "revision": revision,
            "institution": institution,
        }

    def facts(self):
        return Facts("thing", "42", **self.of)


@verb
def tell(actor, *notes):
    """A verb for tests: each note is (kind, public, thing)."""
    for kind, public, thing in notes:
        record(actor, kind, thing, public=public)


def entries(stream=7):
    rows = Entry.objects.filter(stream=stream).order_by("number")
    return list(rows.values_list("number", "kind", "public"))


def test_notes_of_one_verb_stand_in_their_streams_in_the_order_in_which_they_were_made():
    tell(None, ("a", True, Thing()), ("b", False, Thing(consultation=SITE)), ("c", False, Thing()))
    tell(None, ("d", True, Thing()))
    assert entries() == [(1, "a", True), (2, "c", False), (3, "d", True)]
    assert [kind for _number, kind, _public in entries(SITE)][-1:] == ["b"]
    assert (Stream.objects.get(pk=7).number, Stream.objects.get(pk=7).public_number) == (3, 3)
    truths.assert_streams_have_no_gap()


def test_an_entry_names_who_what_and_where_and_holds_no_text():
    person = make.person()
    tell(person, ("a", True, Thing(principle=3, revision=2, institution=5)))
    entry = Entry.objects.get(stream=7)
    assert (entry.actor, entry.institution, entry.principle, entry.revision) == (person, 5, 3, 2)
    assert (entry.subject_kind, entry.subject_key) == ("thing", "42")
    texts = {field.name for field in Entry._meta.fields if field.get_internal_type() == "TextField"}
    assert texts == set()


def test_a_verb_that_failed_left_no_entry_and_no_gap():
    @verb
    def fails(actor):
        record(actor, "a", Thing())
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fails(None)
    tell(None, ("b", True, Thing()))
    assert entries() == [(1, "b", True)]


def test_the_public_history_is_newest_first_and_holds_public_entries_of_its_consultation_only():
    tell(None, ("a", True, Thing()), ("b", False, Thing()), ("c", True, Thing()), ("d", True, Thing(8)))
    assert [entry.kind for entry in queries.public(7)] == ["c", "a"]


def test_the_newest_public_number_passes_over_what_is_not_public():
    assert queries.newest_public(7) == 0
    tell(None, ("a", True, Thing()), ("b", False, Thing()))
    assert queries.newest_public(7) == 1


def test_a_cut_off_is_the_highest_public_number_at_or_before_a_time():
    start = clock.now()
    tell(None, ("a", True, Thing()))
    tell(None, ("b", True, Thing()), ("c", False, Thing()))
    first, second = (Entry.objects.get(stream=7, number=number).at for number in (1, 2))
    moments = [start, first - timedelta(microseconds=1), first, second, clock.now() + timedelta(days=1)]
    with transaction.atomic():
        assert [queries.newest_public_at(7, moment) for moment in moments] == [0, 0, 1, 2, 2]
        assert queries.newest_public_at(8, start) == 0


def test_what_concerns_one_principle_is_what_names_it_or_none():
    tell(None, ("a", True, Thing(principle=1)), ("b", True, Thing(principle=2)), ("c", False, Thing()))
    assert [queries.newest_public_for(7, number) for number in (1, 2, 3, None)] == [1, 2, 0, 2]
    tell(None, ("d", True, Thing()))
    assert [queries.newest_public_for(7, number) for number in (1, 2, 3, None)] == [4, 4, 4, 4]


def test_a_stamp_changes_with_what_readers_of_its_page_see_and_with_nothing_else():
    def stamps():
        return [queries.stamp(7), queries.stamp(7, 1), queries.stamp(7, 2), queries.stamp(8)]

    def changed(*note):
        before = stamps()
        tell(None, note)
        return [old != new for old, new in zip(before, stamps(), strict=True)]

    assert changed("a", True, Thing(principle=1)) == [True, True, False, False]
    assert changed("b", True, Thing()) == [True, True, True, False]
    assert changed("c", False, Thing(principle=1)) == [False] * 4
    assert changed("d", True, Thing(consultation=SITE)) == [True] * 4
    assert changed("e", False, Thing(consultation=SITE)) == [False] * 4


def test_what_an_entry_names_never_changes():
    tell(None, ("a", True, Thing()), ("b", True, Thing(8)))
    names = {"principle": 9, "institution": 9, "subject_key": "9", "revision": 9, "stream": 8}
    for name, value in {"at": clock.now(), **names}.items():
        with pytest.raises(DatabaseError, match="entry_never_changed"), transaction.atomic():
            Entry.objects.filter(stream=7).update(**{name: value})
