"""A consultation is created, described, given its policy and published; nothing of it is public before."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from consultation.kit import clock
from consultation.record.models import Entry
from consultation.standing.actions import change_facts
from consultation.texts import actions, facts, policy, queries, readiness
from consultation.texts.models import Consultation, ConsultationChange, Principle
from consultation.texts.readiness import Place
from consultation.texts.rounds import RoundPlan
from tests import factories as make
from tests.refusals import refused

pytestmark = pytest.mark.django_db
FACTS = {"authoritative": "ar", "languages": ["fr", "pt-BR"], "zone": "Africa/Cairo", "policy": "pre"}
ARABIC = {"ar": {"title": "ميثاق الأنهار"}}


def begun(actor=None, slug="rivers-2027", **changes):
    return actions.create_consultation(
        actor or make.registrar(),
        facts={**FACTS, **changes},
        words={
            facts.language(str({**FACTS, **changes}["authoritative"])) or "ar": {"title": "ميثاق الأنهار"}
        },
        slug=slug,
        at=clock.now(),
    )


def ready(actor, consultation):
    """Everything that it must have."""
    consultation.refresh_from_db()
    at, pk = clock.now(), consultation.pk
    for code in consultation.languages:
        say(actor, consultation, code, title=f"Title {code}")
    actions.adopt_clauses(actor, consultation_id=pk, at=at)
    plan = RoundPlan(at, at + timedelta(days=30), ["comment", "discuss", "endorse"])
    actions.add_round(actor, consultation_id=pk, plan=plan, at=at)
    for number in (1, 2):
        actions.add_principle(actor, consultation_id=pk, title=f"مبدأ {number}", body="نص المبدأ.", at=at)


def say(actor, consultation, code, *, seen=None, **words):
    consultation.refresh_from_db()
    now = facts.fingerprint(facts.words_of(consultation, code))
    return actions.change_words(
        actor, consultation_id=consultation.pk, language=code, words=words, seen=seen or now, at=clock.now()
    )


def settle(actor, consultation, *, seen=None, **changes):
    consultation.refresh_from_db()
    now = facts.fingerprint(facts.plain_of(consultation))
    return change_facts(
        actor, consultation_id=consultation.pk, facts=changes, seen=seen or now, at=clock.now()
    )


def write(actor, consultation, number="", *, seen="", **words):
    return actions.write_clause(
        actor, consultation_id=consultation.pk, number=number, words=words, seen=seen, at=clock.now()
    )


def publish(actor, consultation):
    return actions.publish_consultation(actor, consultation_id=consultation.pk, at=clock.now())


def test_a_registrar_creates_one_that_nobody_else_sees_and_becomes_its_secretariat_on_record():
    registrar, colleague = make.registrar(), make.registrar()
    at = clock.now()
    plan = RoundPlan(at + timedelta(days=1), at + timedelta(days=9), ["comment"])
    made = actions.create_consultation(
        registrar, facts=FACTS, words=ARABIC, slug="rivers-2027", first_rounds=[plan], at=at
    )
    assert (made.authoritative, made.languages, made.zone) == ("ar", ["ar", "fr", "pt-br"], "Africa/Cairo")
    assert (made.titles, made.published_at, made.rounds.get().opens_comment) == (
        {"ar": "ميثاق الأنهار"}, None, True,
    )  # fmt: skip
    assert queries.roles_of(registrar, made) == {"secretariat"}
    assert [queries.visible_to(each).count() for each in (registrar, colleague, None)] == [1, 0, 0]
    entries = (
        Entry.objects.filter(stream__consultation=made.pk).order_by("number").values_list("kind", "public")
    )
    assert list(entries) == [("consultation.created", False), ("role.given", False), ("round.added", False)]
    for other in (make.person(), make.manager(make.institution()), make.administrator()):
        with refused("no-role"):
            begun(other, "other-rivers")


@pytest.mark.parametrize(
    ("slug", "title", "becomes"),
    [
        ("Rivers-2027", "x", "rivers-2027"),
        ("", "Rivers, and the seas", "rivers-and-the-seas"),
        ("", "Les fleuves d’été", "les-fleuves-dete"),
        ("", "Taken here", "taken-here-2"),
        ("", "New", "new-2"),
        ("", "ميثاق الأنهار", None),
        ("", "河流宪章", None),
        ("new", "x", None),
        ("id", "x", None),
        ("latest", "x", None),
        ("taken-here", "x", None),
        ("two words", "x", None),
        ("under_score", "x", None),
        ("-edge", "x", None),
        ("нева", "x", None),
        ("a" * 81, "x", None),
    ],
)
def test_its_address_is_latin_and_its_own(slug, title, becomes):
    begun(slug="taken-here")
    given = {"facts": {**FACTS, "authoritative": "en"}, "words": {"en": {"title": title}}, "slug": slug}
    if becomes is None:
        with refused("invalid", "slug"):
            actions.create_consultation(None, **given, at=clock.now())
    else:
        assert actions.create_consultation(None, **given, at=clock.now()).slug == becomes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"authoritative": "tlhx"}, "authoritative"),
        ({"authoritative": ""}, "authoritative"),
        ({"languages": ["fr", "not a tag"]}, "languages"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"policy": "none"}, "policy"),
        ({"licence": " "}, "licence"),
        ({"target_hours": 0}, "target_hours"),
    ],
)
def test_what_can_not_be_kept_is_named(changes, field):
    with refused("invalid", field):
        begun(make.registrar(), **changes)
    assert not Consultation.objects.exists()


def test_a_title_in_the_authoritative_language_is_what_it_begins_with():
    with refused("invalid", "title"):
        actions.create_consultation(
            None, facts=FACTS, words={"fr": {"title": "Un"}}, slug="un", at=clock.now()
        )


def test_what_is_missing_is_listed_until_nothing_is_and_then_it_is_published_whole():
    registrar = make.registrar()
    made = begun(registrar)
    now = clock.now()
    lacks = readiness.must_have(readiness.draft(made), at=now)
    assert [(lack.place, lack.language) for lack in lacks] == [
        (Place.WORDS, "fr"), (Place.WORDS, "pt-br"),
        (Place.PRINCIPLES, ""), (Place.POLICY, ""), (Place.ROUNDS, ""),
    ]  # fmt: skip
    with refused("not-ready", "missing"):
        publish(registrar, made)
    ready(registrar, made)
    made.refresh_from_db()
    empty = actions.add_principle(registrar, consultation_id=made.pk, at=now)
    [lack] = readiness.must_have(readiness.draft(made), at=now)
    assert (lack.place, lack.principle) == (Place.PRINCIPLES, 3)
    actions.remove_principle(registrar, consultation_id=made.pk, number=empty.number, at=now)
    advice = [lack.place for lack in readiness.lacking(readiness.draft(made), at=now)]
    assert advice == [Place.PRINCIPLES, Place.PRINCIPLES, Place.POLICY, Place.WORDS, Place.WORDS, Place.ROLES]
    assert [
        lack.place for lack in readiness.must_have(readiness.draft(made), at=now + timedelta(days=31))
    ] == [Place.ROUNDS]
    for other in (make.moderator(made), make.observer(made)):
        with refused("no-role"):
            publish(other, made)
    with refused("not-found"):
        publish(make.registrar(), made)
    public = publish(registrar, made)
    assert public.published_at is not None
    assert [(each.number, each.current.number) for each in queries.principles(public)] == [(1, 1), (2, 1)]
    assert list(Entry.objects.filter(public=True).order_by("number").values_list("kind", flat=True)) == [
        "version.published", "version.published", "consultation.published",
    ]  # fmt: skip
    with refused("already-public"):
        publish(registrar, made)


def test_nothing_of_a_half_ready_one_is_published_where_a_version_can_not_be():
    registrar = make.registrar()
    made = begun(registrar, languages=[])
    ready(registrar, made)
    actions.draft_text(
        registrar, consultation_id=made.pk, number=2, language="ar", title="مبدأ 2", body="",
        base=_token(made, 2), at=clock.now(),
    )  # fmt: skip
    with refused("not-ready", "missing"):
        publish(registrar, made)
    assert not Entry.objects.filter(public=True).exists()
    assert not Principle.objects.filter(current__isnull=False).exists()


def _token(consultation, number):
    from consultation.texts import drafts

    principle = Principle.objects.get(consultation=consultation, number=number)
    return drafts.token(drafts.writing(principle).standing("ar"))


def test_two_who_change_the_same_words_never_overwrite_each_other():
    registrar = make.registrar()
    made = begun(registrar)
    colleague = make.secretariat(made)
    seen = facts.fingerprint(facts.words_of(made, "fr"))
    say(registrar, made, "fr", title="Mien", lead="Mon chapeau.", seen=seen)
    with refused("changed-meanwhile"):
        say(colleague, made, "fr", title="Tien", lead="", seen=seen)
    made.refresh_from_db()
    assert (made.titles["fr"], made.leads) == ("Mien", {"fr": "Mon chapeau."})
    # Who says the same overwrites nothing, and another language is another sheet.
    say(colleague, made, "fr", title="Mien", lead="Mon chapeau.", seen=seen)
    say(
        colleague,
        made,
        "ar",
        title="ميثاق البحار",
        note="  ",
        seen=facts.fingerprint(facts.words_of(made, "ar")),
    )
    seen = facts.fingerprint(facts.plain_of(made))
    settle(registrar, made, zone="Asia/Dubai", seen=seen)
    with refused("changed-meanwhile"):
        settle(colleague, made, policy="post", seen=seen)
    assert (Consultation.objects.get().zone, Consultation.objects.get().policy) == ("Asia/Dubai", "pre")
    assert not ConsultationChange.objects.exists()


def test_once_public_what_was_announced_stays_and_what_changes_is_on_public_record():
    registrar = make.registrar()
    made = begun(registrar, languages=["fr"])
    say(registrar, made, "fr", title="Charte")
    settle(registrar, made, authoritative="ar", languages=["ar", "en"], zone="Asia/Dubai", licence="CC0 1.0")
    ready(registrar, made)
    with refused("invalid", "authoritative"):
        settle(registrar, made, authoritative="en")
    assert publish(registrar, made).titles.keys() == {"ar", "en"}
    for fixed in ({"zone": "UTC"}, {"authoritative": "en"}, {"licence": "CC BY 4.0"}, {"languages": ["ar"]}):
        with refused("invalid", next(iter(fixed))):
            settle(registrar, made, **fixed)
    with refused("invalid", "title"):
        say(registrar, made, "en", title=" ")
    before = Entry.objects.filter(public=True).count()
    say(registrar, made, "en", title="Charter of rivers", lead="Read it.")
    settle(registrar, made, languages=["ar", "en", "sw"], policy="post", target_hours=24)
    settle(registrar, made, policy="post")
    rows = list(queries.changes(made).values_list("number", "before", "after"))
    assert rows == [
        (2, {"languages": ["ar", "en"], "policy": "pre", "target_hours": 72},
         {"languages": ["ar", "en", "sw"], "policy": "post", "target_hours": 24}),
        (1, {"titles": {"ar": "Title ar", "en": "Title en"}, "leads": {}},
         {"titles": {"ar": "Title ar", "en": "Charter of rivers"}, "leads": {"en": "Read it."}}),
    ]  # fmt: skip
    entries = Entry.objects.filter(public=True).order_by("number")[before:]
    assert [(each.kind, each.revision) for each in entries] == [
        ("consultation.changed", 1), ("consultation.changed", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda: Consultation.objects.update(zone="UTC"),
        lambda: Consultation.objects.update(slug="another"),
        lambda: Consultation.objects.update(authoritative="fr"),
        lambda: Consultation.objects.update(published_at=None),
        lambda: Consultation.objects.get().clauses.filter(number="1").update(texts={"en": "Other words."}),
        lambda: Consultation.objects.get().clauses.filter(number="1").update(number="9"),
        lambda: Consultation.objects.get().clauses.filter(number="1").delete(),
        lambda: ConsultationChange.objects.update(after={}),
        lambda: ConsultationChange.objects.all().delete(),
    ],
)
def test_the_database_itself_keeps_what_is_public(change):
    made = make.consultation(principles=1)
    say(None, made, "en", title="Another title")
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_clauses_are_written_freely_until_they_are_public_and_then_stay_word_for_word():
    registrar = make.registrar()
    made = begun(registrar, languages=["fr"])
    with refused("invalid", "ar.text", "ar.title"):
        write(registrar, made, fr={"title": "Un", "text": "Deux."})
    with refused("invalid", "fr.text"):
        write(registrar, made, ar={"title": "أ", "text": "ب"}, fr={"title": "Un", "text": ""})
    ready(registrar, made)
    assert [each.number for each in made.clauses.all()] == [str(number) for number in range(1, 9)]
    with refused("has-clauses"):
        actions.adopt_clauses(registrar, consultation_id=made.pk, at=clock.now())
    first = made.clauses.get(number="1")
    seen = facts.fingerprint(policy.words_of(first))
    other = {"ar": {"title": "أ", "text": "ب"}}
    write(registrar, made, "1", seen=seen, **other)
    with refused("changed-meanwhile"):
        write(registrar, made, "1", seen=seen, ar={"title": "ج", "text": "د"})
    actions.end_clause(registrar, consultation_id=made.pk, number="8", at=clock.now())
    assert write(registrar, made, **other).number == "8"
    publish(registrar, made)

    now = facts.fingerprint(other)
    with refused("clause-fixed"):
        write(registrar, made, "1", seen=now, ar={"title": "أ", "text": "غير ذلك"})
    write(registrar, made, "1", seen=now, **other, fr={"title": "Un", "text": "Deux."})
    actions.end_clause(registrar, consultation_id=made.pk, number="8", at=clock.now())
    with refused("not-found"):
        actions.end_clause(registrar, consultation_id=made.pk, number="8", at=clock.now())
    assert write(registrar, made, **other).number == "9"
    kinds = list(
        Entry.objects.filter(public=True, kind__startswith="clause")
        .order_by("number")
        .values_list("kind", "subject_key")
    )
    assert kinds == [("clause.translated", "1"), ("clause.withdrawn", "8"), ("clause.added", "9")]
    for number in ("1", "2", "3", "4", "5", "6", "7"):
        actions.end_clause(registrar, consultation_id=made.pk, number=number, at=clock.now())
    with refused("last-clause"):
        actions.end_clause(registrar, consultation_id=made.pk, number="9", at=clock.now())


def test_no_decision_names_a_clause_that_was_withdrawn():
    made = make.consultation(principles=1)
    comment = make.pending_comment(made)
    actions.end_clause(None, consultation_id=made.pk, number="2", at=clock.now())
    with refused("invalid", "clause"):
        make.decide(comment, "reject", clause="2")
    make.decide(comment, "reject", clause="1")


def test_there_are_usual_clauses_in_six_languages_and_in_no_other():
    made = begun(make.registrar(), authoritative="sw", languages=[])
    with refused("no-usual-clauses"):
        actions.adopt_clauses(None, consultation_id=made.pk, at=clock.now())
    settle(None, made, languages=["sw", "zh-Hans"])
    actions.adopt_clauses(None, consultation_id=made.pk, at=clock.now())
    made.refresh_from_db()
    assert {code for each in made.clauses.all() for code in each.texts} == {"zh-hans"}
    assert [lack.place for lack in readiness.must_have(readiness.draft(made), at=clock.now())].count(
        Place.POLICY
    ) == 8
