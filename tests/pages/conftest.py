"""What tests of pages stand on: a consultation, an institution with its people, and browsers for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Institution, Power, User
from consultation.texts.models import Consultation
from tests import factories as make

Browser = Callable[[User], Client]


@pytest.fixture(scope="module")
def consultation(kept: None) -> Consultation:
    return make.consultation()


@pytest.fixture(scope="module")
def home(consultation: Consultation) -> str:
    return f"/consultations/{consultation.slug}/"


@pytest.fixture(scope="module")
def institution(kept: None) -> Institution:
    return make.verified_institution("Lakeshore University", country="KE")


@pytest.fixture(scope="module")
def owner(institution: Institution) -> User:
    return make.manager(institution)


@pytest.fixture(scope="module")
def colleague(institution: Institution) -> User:
    return make.representative(institution, Power.CONTRIBUTE)


@pytest.fixture(scope="module")
def stranger(kept: None) -> User:
    return make.manager(make.verified_institution("Oslo Metropolitan College", country="NO"))


@pytest.fixture
def browser() -> Browser:
    """A browser in which somebody is signed in."""

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in
