"""The demonstration: complete, lively, marked as such, and gone again for all who read."""

from dataclasses import replace

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db.models import Count

from accounts import geography
from accounts import queries as accounts
from accounts.models import Institution, Mandate, SiteRole, User
from consultation.comments import queries as comments
from consultation.comments.models import Comment, CommentState, Cosignature
from consultation.endorsements import queries as endorsements
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.management.demonstration import clearing, loading, people, script
from consultation.moderation.models import Case, Decision
from consultation.post.models import Message
from consultation.record.models import Entry
from consultation.texts import queries as texts
from consultation.texts.models import Change, Consultation
from tests import factories as make
from tests import truths
from tests.endorsements.acts import anew, by_letter, contest, endorse, take, withdraw
from tests.standing.acts import suspend

pytestmark = pytest.mark.django_db
ACCOUNTS = {
    *(f"signatory{number}@demo.example" for number in range(1, 7)),
    "secretariat@demo.example",
    "moderator1@demo.example",
    "moderator2@demo.example",
    "contributor1@demo.example",
    "observer@demo.example",
    "admin@demo.example",
}


@pytest.fixture
def initiative() -> Consultation:
    call_command("load_initiative", verbosity=0)
    return Consultation.objects.get()


@pytest.fixture
def short() -> script.Script:
    """A part of the script that still has everything in it: replies, a refusal, a second text, what waits."""
    whole = script.read()
    voices = {"lakeshore", "two-rivers", "bamboo", "nordlys", "littoral"}
    kept = {"p1-trace", "p1-trace-reply", "p5-seal", "p6-lead"}
    return replace(
        whole,
        institutions=[each for each in whole.institutions if each.key in voices],
        comments=[
            replace(each, agree=sorted(voices & {*each.agree}), disagree=sorted(voices & {*each.disagree}))
            for each in whole.comments
            if each.key in kept or each.institution == "littoral"
        ],
        positions=[
            each for each in whole.positions if each.institution in voices and each.principle in (2, 6)
        ],
    )


def everything():
    tables = (User, Institution, Mandate, Comment, Cosignature, Endorsement, Case, Decision, Entry)
    return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.mark.long
def test_the_whole_demonstration_is_as_the_contract_says_and_again_changes_nothing(initiative):
    call_command("load_demo", verbosity=0)
    truths.assert_all_hold()
    _accounts_can_sign_in()
    _six_signatories_speak_for_six_countries_in_all_five_regions()
    _staff_hold_their_roles(initiative)
    _everything_is_marked_and_most_is_public(initiative)
    _principle_six_has_a_second_text_with_positions_to_reaffirm(initiative)
    before = everything()
    call_command("load_demo", verbosity=0)
    assert everything() == before


def _accounts_can_sign_in():
    people = User.objects.filter(email__endswith="@demo.example")
    assert {each.email for each in people} == ACCOUNTS
    assert all(each.check_password("accord-demo") for each in people)
    others = User.objects.exclude(email__endswith="@demo.example")
    assert not any(each.has_usable_password() for each in others)
    confirmed = EmailAddress.objects.filter(verified=True, primary=True)
    assert set(confirmed.values_list("user", flat=True)) == set(User.objects.values_list("pk", flat=True))


def _six_signatories_speak_for_six_countries_in_all_five_regions():
    theirs = Mandate.objects.filter(person__email__startswith="signatory").select_related(
        "institution__current"
    )
    assert {each.institution.state for each in theirs} == {"verified"}
    assert len({each.institution.current.country for each in theirs}) == 6
    assert {each.institution.current.region for each in theirs} == set(geography.REGIONS)
    assert all(each.powers == ["contribute", "sign", "manage"] for each in theirs)
    contributor = Mandate.objects.get(person__email="contributor1@demo.example")
    assert contributor.powers == ["contribute"]
    assert contributor.institution == theirs.get(person__email="signatory1@demo.example").institution


def _staff_hold_their_roles(initiative):
    def roles(name):
        return texts.roles_of(User.objects.get(email=f"{name}@demo.example"), initiative)

    assert roles("secretariat") == {"secretariat"}
    assert roles("moderator1") == roles("moderator2") == {"moderator"}
    assert roles("observer") == {"observer"}
    held = SiteRole.objects.filter(ended_at=None).values_list("person__email", "role")
    assert sorted(held) == [
        ("admin@demo.example", "administrator"),
        ("secretariat@demo.example", "registrar"),
    ]


def _everything_is_marked_and_most_is_public(initiative):
    assert not Institution.objects.filter(demonstration=False).exists()
    assert not User.objects.filter(demonstration=False).exists()
    assert accounts.has_demonstration()
    by_state = dict(Comment.objects.order_by().values_list("state").annotate(Count("pk")))
    written = script.read().comments
    expected = {state: sum(each.state == state for each in written) for state in by_state}
    assert by_state == expected
    assert set(by_state) == {"published", "pending", "returned", "rejected"}
    assert Institution.objects.filter(state="pending").count() == 1
    assert len(comments.counts(initiative)) == 11
    moments = Comment.objects.filter(public_since__isnull=False).order_by("public_since")
    first, last = moments.first().public_since, moments.last().public_since
    assert (last - first).days > 30
    assert last < clock.now()
    # Nobody imagined is written to about what is said to have happened weeks ago.
    assert Message.objects.count() == 0


def _principle_six_has_a_second_text_with_positions_to_reaffirm(initiative):
    current = texts.principle(initiative, 6).current
    assert (current.number, current.change) == (2, Change.SUBSTANTIVE)
    tally = endorsements.tallies(initiative)[6]
    wanted = [each for each in script.read().positions if each.principle == 6]
    assert tally.to_reaffirm == sum(each.version == 1 and not each.reaffirmed for each in wanted) > 0
    assert tally.support + tally.decline == len(wanted) - tally.to_reaffirm


def test_an_interrupted_load_is_finished_by_the_next_one(initiative, short, monkeypatch):
    deeds = []

    def until_the_power_fails(self, part, *, at):
        if len(deeds) == 2:
            raise KeyboardInterrupt
        deeds.append(part)
        return written(self, part, at=at)

    written = loading.Discussion.write
    monkeypatch.setattr(loading.Discussion, "write", until_the_power_fails)
    with pytest.raises(KeyboardInterrupt):
        loading.load(initiative, short, at=clock.now())
    assert not loading.is_loaded()
    monkeypatch.undo()
    loading.load(initiative, short, at=clock.now())
    assert loading.is_loaded()
    assert Comment.objects.count() == len(short.comments)
    wanted = sum(1 + each.reaffirmed for each in short.positions)
    assert Endorsement.objects.count() == wanted
    truths.assert_all_hold()


def test_what_a_demonstration_account_registers_by_hand_is_marked_as_well():
    person = make.person(demonstration=True)
    assert make.institution(by=person).demonstration
    assert not make.institution().demonstration


def test_clearing_takes_away_the_demonstration_and_nothing_else(initiative, short):
    real = make.verified_institution("A Real House")
    mine = make.comment(initiative, real, body="We are real.")
    loading.load(initiative, short, at=clock.now())
    answered = make.cosign(Comment.objects.get(reference="P1-2"), real)
    position = make.endorsement(initiative, real, principle=2)
    reply = make.comment(initiative, real, parent=answered, body="We answer imagined people.")
    Comment.objects.get(pk=make.draft(initiative, real).pk)

    assert clearing.clear(short, at=clock.now())

    truths.assert_all_hold()
    assert not accounts.has_demonstration()
    assert list(accounts.public()) == [real]
    assert list(comments.public()) == [mine]
    assert list(endorsements.public()) == [position]
    assert not User.objects.filter(demonstration=True).exists()
    assert not Case.objects.filter(closed_at=None).exists()
    assert (
        texts.principle(initiative, 6).current.text_hash
        == initiative.principles.get(number=6).versions.get(number=1).text_hash
    )
    reply.refresh_from_db()
    # What answers a comment that is gone is still its author's, and public no longer.
    assert (reply.state, reply.public_since) == (CommentState.PUBLISHED, None)
    assert real.comments.filter(state=CommentState.DRAFT).count() == 1


def test_clearing_after_people_have_used_it_leaves_nothing_that_waits_or_stands(initiative, short):
    real = make.verified_institution("A Real House")
    position = make.endorsement(initiative, real, principle=2)
    loading.load(initiative, short, at=clock.now())
    signatory, secretariat = (people.person(f"{name}@demo.example") for name in ("signatory1", "secretariat"))
    mine = Institution.objects.get(mandates__person=signatory)
    choice = endorse(mine, initiative, principle=3, by=signatory)
    withdraw(choice, by=signatory, reason="Our senate decided otherwise.")
    named = take(mine, initiative, Choice(4, 1, "endorse"), by=signatory, name_shown=True, office="Rector")[0]
    contest(endorse(mine, initiative, principle=5, by=signatory), by=signatory)
    letter = by_letter(real, initiative, principle=3, by=secretariat)
    suspended = Institution.objects.exclude(pk=mine.pk).filter(demonstration=True, state="verified").first()
    suspend(suspended)

    assert clearing.clear(short, at=clock.now())

    truths.assert_all_hold()
    assert not Case.objects.filter(closed_at=None).exists()
    assert list(endorsements.public()) == [position]
    assert not endorsements.published_reasons(initiative).exists()
    assert {anew(each).state for each in (named, letter)} == {"withdrawn"}
    assert (anew(named).signed_name, anew(named).signed_by) == ("", None)
    assert not Endorsement.objects.filter(institution=suspended, state="signed").exists()
    assert not clearing.clear(short, at=clock.now())


def test_clearing_where_there_is_nothing_changes_nothing(initiative):
    make.comment(initiative)
    before = everything()
    call_command("load_demo", clear=True, verbosity=0)
    assert everything() == before


def test_a_cleared_demonstration_can_be_loaded_anew(initiative, short):
    loading.load(initiative, short, at=clock.now())
    public = comments.public().count()
    clearing.clear(short, at=clock.now())
    loading.load(initiative, short, at=clock.now())
    truths.assert_all_hold()
    assert comments.public().count() == public
    assert loading.is_loaded()


def test_a_start_does_not_bring_back_what_was_cleared(initiative, short):
    loading.load(initiative, short, at=clock.now())
    call_command("load_demo", clear=True, verbosity=0)
    before = everything()
    call_command("load_demo", unless_cleared=True, verbosity=0)
    assert everything() == before


def test_a_server_for_real_work_gets_no_demonstration_unless_forced(initiative, settings, short, monkeypatch):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="Add --force"):
        call_command("load_demo", verbosity=0)
    assert not User.objects.exists()
    monkeypatch.setattr(script, "read", lambda: short)
    call_command("load_demo", force=True, verbosity=0)
    assert loading.is_loaded()


def test_without_the_initiative_the_command_says_what_to_do():
    with pytest.raises(CommandError, match="Load the initiative first"):
        call_command("load_demo", verbosity=0)
