"""The bench beside the decision: filters, keeping a case, languages, notes, opinions, what nobody reads."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from consultation.comments.models import Comment
from consultation.kit import clock
from consultation.moderation import readers
from consultation.moderation.models import Case, Look, Opinion
from consultation.texts.models import Consultation
from tests import factories as make
from tests.moderation.acts import claim, decide, open_case
from tests.office.browsing import claim_in, page, signed_in

pytestmark = pytest.mark.usefixtures("on_top")
QUEUE, LANGUAGES = "/moderation/", "/moderation/languages/"
FORM_LETTER = "We ask the authors to name an independent body that watches over the principle every year."


@dataclass
class Bench:
    consultation: Consultation
    moderator: User
    secretariat: User
    public: Comment
    reply: Comment
    waiting: Comment


@pytest.fixture(scope="module")
def world(kept: None) -> Bench:
    consultation = make.consultation()
    public = make.comment(consultation, make.verified_institution("Fjord Academy"), body=FORM_LETTER)
    reply = make.comment(consultation, parent=public, body="We answer to that.")
    institution = make.verified_institution("Harbour House", country="KE")
    waiting = make.pending_comment(consultation, institution, body=FORM_LETTER, language="de")
    moderator = make.with_role(consultation, "moderator", make.person(name="M. Sato"))
    return Bench(consultation, moderator, make.secretariat(consultation), public, reply, waiting)


@pytest.fixture
def bench(world: Bench) -> Bench:
    return deepcopy(world)


def at_case(case: Case, name: str = "case") -> str:
    return reverse(f"office:{name}", args=[case.pk])


def test_the_queue_is_narrowed_by_an_address_and_says_so(bench: Bench) -> None:
    make.pending_comment(bench.consultation, make.verified_institution("Second House", country="JP"))
    client = signed_in(bench.moderator)
    whole = page(client.get(QUEUE))
    assert ("Harbour House" in whole, "Second House" in whole) == (True, True)
    response = client.get(QUEUE, {"country": "KE", "language": "de", "principle": "1", "age": "nonsense"})
    narrowed = page(response)
    assert ("Harbour House" in narrowed, "Second House" in narrowed) == (True, False)
    summary = re.search(r"<summary[^>]*>(Show only.*?)</summary>", response.content.decode(), re.S)[1]
    assert re.sub(r"<[^>]+>", " ", summary).split() == ["Show", "only", "Principle", "1", "German", "Kenya"]
    # Taking the next keeps to what the address asks for.
    response = client.post(QUEUE + "?country=JP&principle=x", {"claim": "one"})
    assert Case.objects.get(holder=bench.moderator).item.institution.current.name == "Second House"
    assert page(client.get(QUEUE, {"mine": "1"})).count("Yours, ") == 1
    assert "Nothing like this waits." in page(client.get(QUEUE, {"principle": "0"}))
    assert client.get(QUEUE, {"language": "\x00", "kind": "x" * 5000}).status_code == 200


def test_a_case_is_kept_and_left_by_the_script_and_by_a_button(bench: Bench) -> None:
    case, client = open_case(bench.waiting), signed_in(bench.moderator)
    lease = at_case(case, "lease")
    refused = client.post(lease, {"do": "renew"})
    assert (refused.status_code, refused.json()["sentence"]) == (
        409,
        "Your time with this case is over. Take it again to decide it.",
    )
    with time_machine.travel(clock.now() - timedelta(minutes=10)):
        claim(bench.moderator, case)
    shown = client.get(at_case(case))
    assert f'data-lease="{lease}"' in shown.content.decode()
    assert "Yours for 4 minutes." in page(shown)
    kept = client.post(lease, {"do": "renew"})
    assert (kept.status_code, kept.json()["sentence"]) == (200, "Yours for 15 minutes.")
    assert client.post(lease, {"do": "leave"}).json()["minutes"] == 1
    button = {"do": "take", "claim": claim_in(client.get(at_case(case)), "Keep it longer")}
    assert client.post(at_case(case), button).status_code == 303
    assert "Yours for 14 minutes." in page(client.get(at_case(case)))
    assert client.post(lease, {"do": "steal"}).status_code == 404
    assert client.get(lease).status_code == 405
    for person, status in ((make.person(), 404), (make.observer(bench.consultation), 403)):
        assert signed_in(person).post(lease, {"do": "renew"}).status_code == status


def test_a_moderator_states_languages(bench: Bench) -> None:
    client = signed_in(bench.moderator)
    assert "The next case comes first from what you read: English. Change" in page(client.get(QUEUE))
    form = client.get(LANGUAGES)
    assert 'value="de"' in form.content.decode()  # something waits in it
    sent = client.post(
        LANGUAGES, {"languages": ["de", "fr"], "other": "sw", "claim": claim_in(form, "Keep these languages")}
    )
    assert (sent.status_code, sent.url) == (303, QUEUE)
    assert readers.stated_by(bench.moderator) == ["de", "fr", "sw"]
    assert "from what you read: German, French, Swahili." in page(client.get(QUEUE))
    assert client.post(LANGUAGES, {"languages": ["xx"]}).status_code == 400
    assert client.post(LANGUAGES, {}).status_code == 303
    assert readers.read_by(bench.moderator) == ["en"]
    for person in (make.observer(bench.consultation), make.person()):
        assert signed_in(person).get(LANGUAGES).status_code == 404


def test_a_note_is_written_beside_a_case_and_read_by_moderators_alone(bench: Bench) -> None:
    case, client = open_case(bench.waiting), signed_in(bench.moderator)
    notes = at_case(case, "notes")
    empty = client.post(notes, {"words": " "})
    assert empty.status_code == 400
    long = client.post(notes, {"words": "a" * 5001})
    assert (long.status_code, "a" * 5001 in page(long)) == (400, True)
    claim_key = claim_in(client.get(notes), "Write the note")
    for _ in range(2):
        sent = client.post(notes, {"words": "Ask <b>them</b> first.", "claim": claim_key})
        assert (sent.status_code, sent.url) == (303, at_case(case) + "#notes")
    said = page(signed_in(bench.secretariat).get(at_case(case)))
    assert said.count("M. Sato Ask <b>them</b> first.") == 1
    observer = signed_in(make.observer(bench.consultation))
    assert "Ask <b>them</b> first." not in page(observer.get(at_case(case)))
    assert observer.get(notes).status_code == 404
    party = make.with_role(bench.consultation, "moderator", make.manager(bench.waiting.institution))
    assert "Ask <b>them</b> first." not in page(signed_in(party).get(at_case(case)))
    assert signed_in(party).get(notes).status_code == 404


def test_the_secretariat_asks_somebody_by_name_who_reads_that_one_text(bench: Bench) -> None:
    case, reader = open_case(bench.waiting), make.person("reader@test.example", name="Frau Weiss")
    secretariat, asked = signed_in(bench.secretariat), signed_in(reader)
    ask = at_case(case, "ask_opinion")
    assert signed_in(bench.moderator).get(ask).status_code == 404
    for email in ("nobody@test.example", make.manager(bench.waiting.institution).email):
        sent = secretariat.post(ask, {"email": email, "question": "Is it polite?"})
        assert (sent.status_code, "Is it polite?" in page(sent)) == (400, True)
    sent = secretariat.post(ask, {"email": reader.email, "question": "Is it polite?", "claim": "one"})
    assert (sent.status_code, sent.url) == (303, at_case(case) + "#opinions")
    opinion = Opinion.objects.get(case=case)
    address = reverse("office:opinion", args=[opinion.pk])
    said = page(asked.get(address))
    assert "Is it polite?" in said
    assert FORM_LETTER in said
    assert list(Look.objects.values_list("item", "person", "door")) == [(case.item_id, reader.pk, "page")]
    assert asked.get(at_case(case)).status_code == 404
    for stranger in (make.person(), bench.secretariat):
        assert signed_in(stranger).get(address).status_code == 404
    empty = asked.post(address, {"words": " "})
    assert (empty.status_code, FORM_LETTER in page(empty)) == (400, True)
    given = asked.post(address, {"words": "It is <i>polite</i>.", "claim": "two"})
    assert (given.status_code, given.url) == (303, address)
    after = page(asked.get(address))
    assert ("It is <i>polite</i>." in after, FORM_LETTER in after) == (True, False)
    on_case = page(secretariat.get(at_case(case)))
    assert "Frau Weiss Is it polite? It is <i>polite</i>." in on_case


def test_what_was_decided_meanwhile_is_read_no_longer_and_the_words_are_kept(bench: Bench) -> None:
    case, reader = open_case(bench.waiting), make.person("second@test.example")
    signed_in(bench.secretariat).post(at_case(case, "ask_opinion"), {"email": reader.email, "claim": "one"})
    address = reverse("office:opinion", args=[Opinion.objects.get(case=case).pk])
    decide(bench.moderator, claim(bench.moderator, case), "return", clause="1")
    late = signed_in(reader).post(address, {"words": "It is a fair question."})
    assert late.status_code == 409
    said = page(late)
    assert ("It is a fair question." in said, FORM_LETTER in said) == (True, False)
    assert "This case was decided already." in said


def test_what_nobody_reads_stands_on_the_secretariats_desk(bench: Bench) -> None:
    case, desk = open_case(bench.waiting), f"/secretariat/{bench.consultation.slug}/"
    client = signed_in(bench.secretariat)
    said = page(client.get(desk))
    assert "No moderator who was here in the last two weeks reads German." in said
    assert f'href="{at_case(case, "ask_opinion")}"' in client.get(desk).content.decode()
    signed_in(bench.moderator).post(LANGUAGES, {"languages": ["de"]})
    assert "Nobody reads these" not in page(client.get(desk))


def test_a_case_shows_its_thread_what_says_the_same_and_what_was_decided_on_the_like(bench: Bench) -> None:
    client = signed_in(bench.moderator)
    said = page(client.get(at_case(open_case(bench.waiting)))).replace(" ,", ",")
    assert f"Says nearly the same {bench.public.reference}, Fjord Academy {FORM_LETTER}" in said
    assert f"Decided before on the like {bench.public.reference}, " in said
    assert "Approved nearly the same words" in said
    answer = make.pending_comment(bench.consultation, parent=bench.public, body="We see it otherwise.")
    threaded = page(client.get(at_case(open_case(answer)))).replace(" ,", ",")
    assert f"In answer to {bench.public.reference}: {FORM_LETTER}" in threaded
    assert re.search(rf"In the same thread {bench.reply.reference}, .{{1,60}} We answer to that\.", threaded)
