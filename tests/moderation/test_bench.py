"""Beside deciding: keeping a case, languages, what nobody reads, opinions, notes, filters, like decisions."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from consultation.comments.models import Comment
from consultation.kit import clock
from consultation.moderation import actions, filters, queries, readers, steps
from consultation.moderation.likeness import like_decisions
from consultation.moderation.models import Case, CaseNote, Opinion
from consultation.post.models import Message
from consultation.record.models import Entry
from consultation.texts.models import Consultation
from tests import factories as make
from tests.comments.acts import withdraw
from tests.moderation.acts import claim, claim_next, decide, open_case
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")
LEASE, LEAVING = timedelta(minutes=15), timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)
FORM_LETTER = "We ask the authors to name an independent body that watches over the principle every year."


@dataclass
class Bench:
    """A consultation with two moderators, its secretariat, and texts that wait in three languages."""

    consultation: Consultation
    moderator: User
    other: User
    secretariat: User
    english: Comment
    german: Comment
    chinese: Comment

    def cases(self) -> list[Case]:
        return [open_case(each) for each in (self.english, self.german, self.chinese)]


@pytest.fixture(scope="module")
def world(kept: None) -> Bench:
    consultation = make.consultation(principles=2)
    people = [make.moderator(consultation), make.moderator(consultation), make.secretariat(consultation)]
    kenya, japan = make.verified_institution(country="KE"), make.verified_institution(country="JP")
    return Bench(
        consultation,
        *people,
        make.pending_comment(consultation, kenya),
        make.pending_comment(consultation, kenya, principle=2, language="de"),
        make.pending_comment(consultation, japan, principle=None, language="zh-Hant"),
    )


@pytest.fixture
def bench(world: Bench) -> Bench:
    return deepcopy(world)


def seen(*people: User, at: datetime) -> None:
    User.objects.filter(pk__in=[each.pk for each in people]).update(last_login=at)


def state(person: User, *languages: str) -> None:
    actions.state_languages(person, languages=languages, at=clock.now())


def keep(person: User, case: Case, *, at: datetime) -> Case:
    return actions.renew_lease(person, case_id=case.pk, at=at)


def leave(person: User, case: Case, *, at: datetime) -> Case:
    return actions.leave_case(person, case_id=case.pk, at=at)


def test_a_lease_is_kept_while_somebody_works_and_nothing_is_recorded(bench: Bench) -> None:
    case, at = bench.cases()[0], clock.now()
    claim(bench.moderator, case, at=at)
    entries = Entry.objects.count()
    assert keep(bench.moderator, case, at=at + LEASE - MOMENT).lease_until == at + 2 * LEASE - MOMENT
    with refused("case-held"):
        claim(bench.other, case, at=at + LEASE)
    assert leave(bench.moderator, case, at=at + LEASE).lease_until == at + LEASE + LEAVING
    assert keep(bench.moderator, case, at=at + LEASE + LEAVING - MOMENT).holder == bench.moderator
    leave(bench.moderator, case, at=at + LEASE + LEAVING)
    assert Entry.objects.count() == entries
    assert claim(bench.other, case, at=at + LEASE + 2 * LEAVING).holder == bench.other


def test_a_lease_that_is_over_or_another_s_is_not_kept(bench: Bench) -> None:
    case, at = bench.cases()[0], clock.now()
    for act in (keep, leave):
        with refused("case-held"):
            act(bench.moderator, case, at=at)
    claim(bench.moderator, case, at=at)
    for person, moment in ((bench.other, at), (bench.moderator, at + LEASE)):
        for act in (keep, leave):
            with refused("case-held"):
                act(person, case, at=moment)
    for person, code in ((make.observer(bench.consultation), "no-role"), (make.person(), "no-role")):
        with refused(code):
            keep(person, case, at=at)
    decide(bench.moderator, case, at=at)
    with refused("case-closed"):
        keep(bench.moderator, case, at=at)
    with refused("not-found"):
        keep(bench.moderator, Case(pk=uuid4()), at=at)


def test_leaving_never_makes_a_lease_longer(bench: Bench) -> None:
    case, at = bench.cases()[0], clock.now()
    claim(bench.moderator, case, at=at)
    soon = at + LEASE - timedelta(seconds=5)
    assert leave(bench.moderator, case, at=soon).lease_until == at + LEASE


def test_the_words_that_are_judged_stay_those_that_were_taken_when_the_lease_is_kept(bench: Bench) -> None:
    case, at = bench.cases()[0], clock.now()
    claim(bench.moderator, case, at=at)
    steps.Item.objects.filter(pk=case.item_id).update(newest=2)
    assert keep(bench.moderator, case, at=at).revision == 1


def test_the_next_case_comes_from_ones_own_languages_first(bench: Bench) -> None:
    english, german, chinese = bench.cases()
    state(bench.moderator, "zh", "fr", "zh-Hans")
    assert readers.stated_by(bench.moderator) == ["fr", "zh"]
    assert [claim_next(bench.moderator) for _ in range(4)] == [chinese, english, german, None]
    state(bench.other, "de")
    Case.objects.update(holder=None, lease_until=None)
    steps.rank(english, escalated=True)
    assert [claim_next(bench.other) for _ in range(2)] == [german, english]


def test_who_states_nothing_reads_the_language_of_their_pages(bench: Bench) -> None:
    bench.moderator.language = "zh-hans"
    bench.moderator.save()
    assert readers.read_by(bench.moderator) == ["zh"]
    assert claim_next(bench.moderator) == bench.cases()[2]


def test_only_those_who_decide_state_languages_and_only_languages(bench: Bench) -> None:
    with refused("invalid", "languages"):
        state(bench.moderator, "klingonese!")
    for person in (make.observer(bench.consultation), make.person()):
        with refused("no-role"):
            state(person, "de")


def test_what_nobody_active_reads_is_the_secretariats_concern(bench: Bench) -> None:
    english, german, chinese = bench.cases()
    at = clock.now()
    long_ago = at - readers.ACTIVE - MOMENT

    def unread() -> list[Case]:
        return list(readers.unread(bench.consultation, at=at))

    seen(bench.moderator, bench.other, bench.secretariat, at=long_ago)
    assert unread() == [english, german, chinese]
    seen(bench.moderator, bench.secretariat, at=long_ago + MOMENT)
    assert unread() == [german, chinese]
    state(bench.moderator, "zh")
    state(bench.other, "de")
    assert unread() == [german]
    # Deciding, or holding a case, is being there.
    claim(bench.other, german, at=at)
    assert unread() == []
    decide(bench.other, german, at=at)
    assert readers.languages_read(bench.consultation, at=at) == {"zh", "de", "en"}
    bench.other.consultation_roles.update(ended_at=at)
    assert readers.languages_read(bench.consultation, at=at) == {"zh", "en"}
    User.objects.filter(pk=bench.moderator.pk).update(is_active=False)
    ask(bench, chinese, make.person())
    assert unread() == []


def ask(bench: Bench, case: Case, person: User, *, by: User | None = None, question: str = "") -> Opinion:
    return actions.ask_opinion(
        by or bench.secretariat, case_id=case.pk, person_id=person.pk, question=question, at=clock.now()
    )


def give(person: User, opinion: Opinion, words: str = "It is a fair question.") -> Opinion:
    return actions.give_opinion(person, opinion_id=opinion.pk, words=words, at=clock.now())


def test_somebody_asked_by_name_gives_an_opinion_and_gets_no_role(bench: Bench) -> None:
    case, reader = bench.cases()[2], make.person(language="fr")
    opinion = ask(bench, case, reader, question="Is it polite?")
    mail = Message.objects.get(kind="opinion-asked")
    assert (mail.person, mail.context["url"]) == (reader, f"/moderation/opinions/{opinion.pk}/")
    assert mail.context["question"] == "Is it polite?"
    assert not queries.visible_to(reader).exists()
    given = give(reader, opinion, "It is. ")
    assert (given.words, given.given_at is not None) == ("It is.", True)
    assert [each.words for each in readers.opinions_on(case)] == ["It is."]
    assert Message.objects.get(kind="opinion-given").person == bench.secretariat
    kinds = Entry.objects.filter(subject_kind="opinion").values_list("kind", "public", "actor")
    assert list(kinds) == [
        ("opinion.asked", False, bench.secretariat.pk),
        ("opinion.given", False, reader.pk),
    ]
    with refused("already-given"):
        give(reader, opinion)


def test_who_may_ask_whom(bench: Bench) -> None:
    case, reader = bench.cases()[2], make.person()
    for stranger in (bench.moderator, make.observer(bench.consultation), make.person()):
        with refused("no-role"):
            ask(bench, case, reader, by=stranger)
    party = make.representative(bench.chinese.institution)
    for person in (party, make.person(is_active=False), User(pk=0)):
        with refused("invalid", "person"):
            ask(bench, case, person)
    opinion = ask(bench, case, reader)
    with refused("invalid", "person"):
        ask(bench, case, reader)
    with refused("invalid", "words"):
        give(reader, opinion, "  ")
    with refused("invalid", "words"):
        give(reader, opinion, "\x00")
    with refused("not-found"):
        give(bench.secretariat, opinion)
    make.representative(bench.chinese.institution, by=reader)
    with refused("own-institution"):
        give(reader, opinion)


def test_nobody_is_asked_or_answers_once_it_is_decided(bench: Bench) -> None:
    case, reader = bench.cases()[2], make.person()
    opinion = ask(bench, case, reader)
    withdraw(bench.chinese)
    with refused("case-closed"):
        give(reader, opinion)
    with refused("case-closed"):
        ask(bench, case, make.person())


def test_notes_are_for_those_who_decide_and_not_for_the_parties(bench: Bench) -> None:
    case = bench.cases()[0]
    note = actions.write_note(bench.moderator, case_id=case.pk, words=" Ask them. ", at=clock.now())
    decide(bench.other, claim(bench.other, case))
    actions.write_note(bench.secretariat, case_id=case.pk, words="Done.", at=clock.now())
    assert [each.words for each in queries.notes_on(case)] == ["Ask them.", "Done."]
    assert list(Entry.objects.filter(subject_key=str(note.pk)).values_list("kind", "public")) == [
        ("note.written", False)
    ]
    party = make.with_role(bench.consultation, "moderator", make.manager(bench.english.institution))
    for person, code in (
        (party, "own-institution"),
        (make.observer(bench.consultation), "no-role"),
        (make.person(), "no-role"),
    ):
        with refused(code):
            actions.write_note(person, case_id=case.pk, words="Let me in.", at=clock.now())
    with refused("invalid", "words"):
        actions.write_note(bench.moderator, case_id=case.pk, words=" ", at=clock.now())


def test_notes_and_opinions_are_never_rewritten(bench: Bench) -> None:
    case, reader = bench.cases()[2], make.person()
    actions.write_note(bench.moderator, case_id=case.pk, words="As it is.", at=clock.now())
    opinion = give(reader, ask(bench, case, reader))
    notes, opinions = CaseNote.objects.all(), Opinion.objects.filter(pk=opinion.pk)
    tries = [
        lambda: notes.update(words="Otherwise."),
        notes.delete,
        lambda: opinions.update(words="Otherwise."),
        lambda: opinions.update(question="Otherwise?"),
        lambda: opinions.update(given_at=None, words=""),
        lambda: opinions.update(person=bench.moderator),
        opinions.delete,
    ]
    for act in tries:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert opinions.update(person=None) == 1


def test_the_rank_says_what_comes_first_and_nothing_else_writes_it(bench: Bench) -> None:
    case = bench.cases()[0]
    for change in ({"rank": 0}, {"escalated": True}, {"flagged": True}, {"rank": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**change)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "123"),
        ({"language": "de"}, "2"),
        ({"country": "KE"}, "12"),
        ({"principle": 2}, "2"),
        ({"principle": 0}, "3"),
        ({"reason": "first-contribution"}, "123"),
        ({"reason": "edited"}, ""),
        ({"kind": "statement"}, ""),
        ({"mine": True}, "2"),
        ({"age": "late"}, "1"),
        ({"age": "day"}, "13"),
        ({"age": "week"}, "3"),
        ({"age": "day", "country": "KE"}, "1"),
        ({"consultation": "elsewhere"}, ""),
        ({"is_appeal": True}, ""),
    ],
)
def test_the_queue_is_narrowed_to_what_is_asked_for(bench: Bench, asked: dict, found: str) -> None:
    at = clock.now()
    first, second, third = bench.cases()
    days = timedelta(days=1)
    Case.objects.filter(pk=first.pk).update(due_at=at - MOMENT, opened_at=at - days - MOMENT)
    Case.objects.filter(pk=second.pk).update(opened_at=at - days)
    Case.objects.filter(pk=third.pk).update(opened_at=at - 7 * days - MOMENT)
    claim(bench.moderator, second, at=at)
    claim(bench.other, third, at=at)
    cases = filters.CaseFilters(**asked).apply(
        queries.open_cases(bench.moderator), person=bench.moderator, at=at
    )
    places = {first.pk: "1", second.pk: "2", third.pk: "3"}
    assert "".join(sorted(places[each.pk] for each in cases)) == found


def test_what_was_decided_on_the_like_is_found(bench: Bench) -> None:
    same = make.pending_comment(bench.consultation, body=FORM_LETTER)
    far = make.pending_comment(bench.consultation, body="Nothing in it is about what we do.")
    for comment, action in ((same, "return"), (far, "approve")):
        case = open_case(comment)
        decide(bench.moderator, claim(bench.moderator, case), action, clause="1")
    here = open_case(make.pending_comment(bench.consultation, body=FORM_LETTER.replace("year", "month")))
    own = make.pending_comment(bench.consultation, same.institution, body=FORM_LETTER)
    assert [
        (each.decision.item, each.decision.action, each.words) for each in like_decisions(here, FORM_LETTER)
    ] == [(same.item, "return", True)]
    # What was decided on the institution itself stands elsewhere on the page.
    assert like_decisions(open_case(own), FORM_LETTER) == []
