import pytest

from accounts.models import Institution
from tests import factories as make
from tests.contract.calls import by, pages, problem, results, visitor

pytestmark = pytest.mark.django_db

GIVEN = {
    "name": "Akademie der Brunnen",
    "country": "de",
    "type": "academy",
    "website": "brunnen.example",
    "ror": "https://ror.org/05dxps055",
    "domains": ["Brunnen.example"],
    "names": {"fr": "Académie des fontaines"},
}
SHOWN = {
    "slug": "akademie-der-brunnen",
    "name": "Akademie der Brunnen",
    "names": {"fr": "Académie des fontaines"},
    "country": "DE",
    "region": "150",
    "type": "academy",
    "website": "https://brunnen.example",
    "ror": "https://ror.org/05dxps055",
    "state": "pending",
    "verified_how": "",
}


def noise():
    """What is in no public list."""
    make.institution()
    make.suspend(make.verified_institution())


def test_who_registers_an_institution_holds_all_powers_for_it():
    person = make.person()
    answer = by(person).post("institutions/", GIVEN)
    assert (answer.status_code, answer.json()) == (201, {**SHOWN, "warnings": []})
    assert answer["Location"].endswith("/api/v1/institutions/akademie-der-brunnen/")
    [mandate] = by(person).get("me/").json()["mandates"]
    assert (mandate["institution"], mandate["powers"]) == (
        "akademie-der-brunnen",
        ["contribute", "sign", "manage"],
    )
    assert by(person).get(answer["Location"]).json() == SHOWN


def test_registering_needs_a_confirmed_address():
    problem(visitor().post("institutions/", GIVEN), 401, "not-signed-in")
    problem(by(make.person(confirmed=False)).post("institutions/", GIVEN), 409, "address-unconfirmed")
    assert not Institution.objects.exists()


def test_until_it_is_verified_it_is_nobody_elses():
    person = make.person()
    by(person).post("institutions/", GIVEN)
    path = "institutions/akademie-der-brunnen/"
    colleague = make.representative(Institution.objects.get())
    for who in (person, colleague, make.registrar()):
        assert by(who).get(path).status_code == 200
    for caller in (visitor(), by(make.person())):
        problem(caller.get(path), 404, "not-found")
    assert results(by(person).get("institutions/")) == []


def test_a_likely_duplicate_is_created_all_the_same_with_a_warning():
    make.institution("Akademie der Bruennen", country="DE")
    make.verified_institution("Akademie der Brunnen", country="DE")
    warnings = by(make.person()).post("institutions/", GIVEN).json()["warnings"]
    assert warnings == [
        {"institution": "akademie-der-brunnen", "why": "Its name is much alike, in the same country."}
    ]


WRONG_FIELDS = [
    ({"name": ""}, "name"),
    ({"name": 7}, "name"),
    ({"name": "…"}, "name"),
    ({"name": "x" * 301}, "name"),
    ({"name": "a\x00"}, "name"),
    ({"name": "a\ud800"}, "name"),
    ({"country": "XX"}, "country"),
    ({"country": 7}, "country"),
    ({"country": None}, "country"),
    ({"type": "club"}, "type"),
    ({"type": []}, "type"),
    ({"website": "not an address"}, "website"),
    ({"website": ["x"]}, "website"),
    ({"ror": "05dxps056"}, "ror"),
    ({"ror": {}}, "ror"),
    ({"domains": "brunnen.example"}, "domains"),
    ({"domains": ["no domain"]}, "domains"),
    ({"domains": [7]}, "domains.0"),
    ({"domains": ["x.example"] * 2 + [None]}, "domains.2"),
    ({"names": ["x"]}, "names"),
    ({"names": {"a language": "x"}}, "names"),
    ({"names": {"fr": 7}}, "names.fr"),
    ({"names": {"fr": "\x00"}}, "names.fr"),
    ({"names": {"f\ud800": "x"}}, "names"),
]


def test_each_wrong_field_is_named():
    caller = by(make.person())
    for changes, field in WRONG_FIELDS:
        problem(caller.post("institutions/", {**GIVEN, **changes}), 400, "invalid", field)
    problem(caller.post("institutions/", {}), 400, "invalid", "country", "name", "type")
    assert not Institution.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_one_query(number, django_assert_num_queries):
    noise()
    for letter in "CAB"[:number]:
        make.verified_institution(f"{letter} Academy")
    with django_assert_num_queries(1):
        found = results(visitor().get("institutions/"))
    assert [each["name"][0] for each in found] == sorted("CAB"[:number])


def test_pages_go_by_name():
    for letter in "CABÅ":
        make.verified_institution(f"{letter} Academy")
    names = [[each["name"][0] for each in page] for page in pages(visitor(), "institutions/?page_size=3")]
    assert names == [["A", "Å", "B"], ["C"]]


def test_those_that_wait_are_for_registrars():
    noise()
    first, second = make.institution("Zeta Academy"), make.institution("Alpha Academy")
    pending = results(by(make.registrar()).get("institutions/?state=pending"))
    assert [each["name"] for each in pending][1:] == [str(first.current), str(second.current)]
    problem(by(make.manager(first)).get("institutions/?state=pending"), 403, "no-role")
    problem(visitor().get("institutions/?state=pending"), 401, "not-signed-in")
    problem(visitor().get("institutions/?state=suspended"), 400, "invalid", "state")


def test_a_registrar_verifies_and_everything_said_before_takes_effect():
    institution, text = make.institution(), make.consultation("rivers")
    make.comment(text, institution)
    path = f"institutions/{institution.slug}/"
    problem(visitor().get("comments/rivers/P1-1/"), 404, "not-found")
    answer = by(make.registrar()).post(f"{path}verify/", {"how": "letter", "note": "Seen."})
    assert (answer.status_code, answer.json()["state"], answer.json()["verified_how"]) == (
        200,
        "verified",
        "letter",
    )
    assert visitor().get(path).json() == answer.json()
    assert visitor().get("comments/rivers/P1-1/").status_code == 200


def test_rejecting_and_suspending():
    registrar = by(make.registrar())
    waiting, verified = make.institution(), make.verified_institution()
    rejected = registrar.post(f"institutions/{waiting.slug}/reject/", {"reason": "Nobody answers."})
    suspended = registrar.post(f"institutions/{verified.slug}/suspend/", {"reason": "It closed."})
    assert [rejected.json()["state"], suspended.json()["state"]] == ["rejected", "suspended"]
    problem(registrar.post(f"institutions/{waiting.slug}/verify/", {"how": "letter"}), 409, "not-waiting")
    problem(visitor().get(f"institutions/{verified.slug}/"), 404, "not-found")


def test_who_may_not_settle_an_institution():
    waiting, verified = make.institution(), make.verified_institution()
    partial = make.registrar()
    make.representative(waiting, by=partial)
    how, reason = {"how": "letter"}, {"reason": "So."}
    problem(by(partial).post(f"institutions/{waiting.slug}/verify/", how), 403, "own-institution")
    problem(by(make.manager(waiting)).post(f"institutions/{waiting.slug}/verify/", how), 403, "no-role")
    problem(by(make.person()).post(f"institutions/{waiting.slug}/verify/", how), 404, "not-found")
    problem(by(make.person()).post(f"institutions/{verified.slug}/suspend/", reason), 403, "no-role")
    problem(visitor().post(f"institutions/{verified.slug}/suspend/", reason), 401, "not-signed-in")


def test_a_wrong_reason_or_way_is_named():
    registrar, path = by(make.registrar()), f"institutions/{make.institution().slug}/"
    for body in ({}, {"how": "hearsay"}, {"how": 7}, {"how": None}):
        problem(registrar.post(f"{path}verify/", body), 400, "invalid", "how")
    for body in ({"how": "letter", "note": "x" * 2_001}, {"how": "letter", "note": 7}):
        problem(registrar.post(f"{path}verify/", body), 400, "invalid", "note")
    for body in (
        {},
        {"reason": ""},
        {"reason": " "},
        {"reason": "x" * 2_001},
        {"reason": "\x00"},
        {"reason": []},
    ):
        problem(registrar.post(f"{path}reject/", body), 400, "invalid", "reason")
