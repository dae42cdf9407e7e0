from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from accounts.actions import register_institution
from accounts.models import Institution, InstitutionState, Mandate
from accounts.slugs import candidates
from consultation.kit.refusal import Refusal
from consultation.record.models import Entry
from tests import factories as make

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
OSLO = {"name": "University of Oslo", "country": "NO", "type": "university"}


@pytest.mark.django_db
def test_it_works() -> None:
    person = make.person()

    institution = register_institution(
        person,
        **OSLO,
        website="www.uio.no",
        ror="https://ror.org/01xtthb56",
        domains=["@UiO.no", "uio.no"],
        names={"nb": "Universitetet i Oslo"},
        at=AT,
    )

    institution.refresh_from_db()
    version = institution.current
    assert version is not None
    assert institution.slug == "university-of-oslo"
    assert institution.state == InstitutionState.PENDING
    assert (version.number, version.name, version.country, version.region) == (
        1,
        "University of Oslo",
        "NO",
        "150",
    )
    assert (version.website, version.ror) == ("https://www.uio.no", "01xtthb56")
    assert version.names == {"nb": "Universitetet i Oslo"}
    assert list(institution.domains.values_list("domain", flat=True)) == ["uio.no"]


@pytest.mark.django_db
def test_the_longest_name_has_an_address_that_the_record_holds() -> None:
    name = "International Federation of " + "Societies and " * 18 + "Friends"

    institution = make.verified_institution(name)

    assert len(institution.slug) > 60
    keys = Entry.objects.filter(subject_kind="institution").values_list("subject_key", flat=True)
    assert institution.slug in keys


@pytest.mark.django_db
def test_whoever_registers_holds_all_powers() -> None:
    person = make.person()

    institution = register_institution(person, **OSLO, at=AT)

    mandate = Mandate.objects.get()
    assert (mandate.person, mandate.institution) == (person, institution)
    assert mandate.powers == ["contribute", "sign", "manage"]
    assert mandate.evidence == Mandate.Evidence.REGISTERED


@pytest.mark.django_db
def test_the_record_tells_of_it_and_not_in_public() -> None:
    person = make.person()

    institution = register_institution(person, **OSLO, at=AT)

    entries = Entry.objects.order_by("number").values_list("kind", "actor", "institution", "public")
    assert list(entries) == [
        ("institution.registered", person.pk, institution.pk, False),
        ("mandate.granted", person.pk, institution.pk, False),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("visitor", [None, AnonymousUser()])
def test_a_visitor_is_refused(visitor: AnonymousUser | None) -> None:
    with pytest.raises(Refusal) as refused:
        register_institution(visitor, **OSLO, at=AT)  # type: ignore[arg-type]

    assert (refused.value.code, refused.value.status) == ("not-signed-in", 401)
    assert not Institution.objects.exists()


@pytest.mark.django_db
def test_a_person_without_a_confirmed_address_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        register_institution(make.person(confirmed=False), **OSLO, at=AT)

    assert refused.value.code == "address-unconfirmed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("name", "", "name"),
        ("name", "  ", "name"),
        ("name", "1234", "name"),
        ("name", "x" * 301, "name"),
        ("name", "University\u202eolsO fo", "name"),
        ("name", "Uni\x00versity", "name"),
        ("name", "Uni\ud800versity", "name"),
        ("country", "XX", "country"),
        ("country", "", "country"),
        ("type", "club", "type"),
        ("website", "javascript:alert(1)", "website"),
        ("website", "ftp://uio.no", "website"),
        ("website", "https://user:secret@uio.no", "website"),
        ("website", "https://uio.no/" + "x" * 300, "website"),
        ("website", "not an address", "website"),
        ("ror", "01xtthb57", "ror"),
        ("domains", ["uio"], "domains"),
        ("domains", ["someone@uio.no"], "domains"),
        ("domains", [f"d{number}.example" for number in range(21)], "domains"),
        ("names", {"not a language": "Oslo"}, "names"),
        ("names", {"fr": "Universit\u2067é"}, "names.fr"),
        ("names", {f"en-x{number:03}abc"[:8]: "Oslo" for number in range(31)}, "names"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(field: str, value: object, path: str) -> None:
    with pytest.raises(Refusal) as refused:
        register_institution(make.person(), **{**OSLO, field: value}, at=AT)

    assert refused.value.code == "invalid"
    assert list(refused.value.errors) == [path]
    assert not Institution.objects.exists()


@pytest.mark.django_db
def test_all_wrong_fields_are_named_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        register_institution(make.person(), name="", country="", type="", website="x y", at=AT)

    assert set(refused.value.errors) == {"name", "country", "type", "website"}


@pytest.mark.django_db
def test_white_space_in_a_name_becomes_one_space() -> None:
    institution = register_institution(make.person(), **{**OSLO, "name": " University\n of\tOslo "}, at=AT)

    assert institution.current is not None
    assert institution.current.name == "University of Oslo"


@pytest.mark.parametrize(
    ("name", "names", "country", "slugs"),
    [
        ("University of Oslo", {}, "NO", ["university-of-oslo", "university-of-oslo-2"]),
        ("Universität zu Köln", {}, "DE", ["universitat-zu-koln", "universitat-zu-koln-2"]),
        ("Łódź Straße", {}, "PL", ["lodz-strasse", "lodz-strasse-2"]),
        ("中国科学院", {"en": "Chinese Academy of Sciences"}, "CN", ["chinese-academy-of-sciences"]),
        ("中国科学院", {}, "CN", ["cn-1", "cn-2"]),
        ("أكاديمية", {"fr": "Académie", "ar": "أكاديمية"}, "MA", ["academie"]),
        ("Институт 42", {}, "RU", ["ru-1"]),
        ("北京大学（PKU）研究院", {}, "CN", ["cn-1"]),
        ("New", {}, "US", ["new-2", "new-3"]),
        ("ID", {}, "US", ["id-2"]),
        ("Latest!", {}, "US", ["latest-2"]),
        ("word " * 60, {}, "US", ["-".join(["word"] * 14)]),
        ("w" * 300, {}, "US", ["w" * 70]),
    ],
)
def test_slugs_are_readable_in_every_script(
    name: str, names: dict[str, str], country: str, slugs: list[str]
) -> None:
    assert list(islice(candidates(name, names, country), len(slugs))) == slugs


@pytest.mark.django_db
def test_the_same_name_again_gets_another_slug() -> None:
    person = make.person()

    slugs = [register_institution(person, **OSLO, at=AT).slug for _ in range(3)]

    assert slugs == ["university-of-oslo", "university-of-oslo-2", "university-of-oslo-3"]


@pytest.mark.django_db(transaction=True)
def test_registrations_of_one_name_at_the_same_moment_get_different_slugs() -> None:
    people = [make.person() for _ in range(6)]

    def register(number: int) -> str:
        try:
            return register_institution(people[number], **OSLO, at=AT).slug
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        slugs = list(threads.map(register, range(6)))

    assert sorted(slugs) == ["university-of-oslo"] + [
        f"university-of-oslo-{number}" for number in range(2, 7)
    ]
    assert Mandate.objects.count() == 6
