"""Who has a second factor is asked for it where something is signed."""

import time

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from consultation.endorsements.models import Endorsement
from tests import factories as make
from tests.endorsements.acts import by_letter, endorse
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def sheet(home):
    return f"{home}endorse/"


def filled(client, sheet, **fields):
    """The sheet as it comes, with some fields changed."""
    return read(client.get(sheet)).form("look").filled(do="look", **fields)


def with_code(person):
    """The person has an authenticator app; its next code."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return lambda: totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_who_has_a_second_factor_is_asked_for_it_and_nothing_typed_is_lost(
    browser, owner, consultation, home, prefix
):
    code, client = with_code(owner), browser(owner)
    address = f"{prefix}{home}principles/1/endorse/"
    fields = (
        read(client.get(address)).form("look").filled(position="decline", statement="Our words.", do="sign")
    )
    asked = client.post(address, fields)
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(f"{prefix}/accounts/2fa/reauthenticate/")
    assert not Endorsement.objects.exists()
    form = read(client.get(asked.headers["Location"])).forms[-1]
    wrong = client.post(form.action, form.filled(code="000000"))
    assert (wrong.status_code, Endorsement.objects.count()) == (200, 0)
    done = client.post(form.action, form.filled(code=code()))
    held = Endorsement.objects.get()
    assert (held.position, held.statement, held.state) == ("decline", "Our words.", "signed")
    assert done.headers["Location"] == f"{prefix}{home}endorsements/{held.pk}/"
    # A few minutes long it is not asked for again.
    again = f"{prefix}{home}principles/2/endorse/"
    assert (
        client.post(
            again, read(client.get(again)).form("look").filled(position="endorse", do="sign")
        ).status_code
        == 303
    )
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time() - 11 * 60}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(owner.pk)
    session.save()
    third = f"{prefix}{home}principles/3/endorse/"
    old = client.post(third, read(client.get(third)).form("look").filled(position="endorse", do="sign"))
    assert (old.status_code, Endorsement.objects.count()) == (302, 2)


def test_the_second_factor_is_asked_for_on_every_page_that_signs_and_not_for_withdrawing(
    browser, owner, consultation, institution, home, sheet
):
    proposed = endorse(institution, consultation, by=make.representative(institution))
    letter = by_letter(institution, consultation, principle=2)
    Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data={})
    client = browser(owner)
    for row, do in ((proposed, "sign"), (letter, "confirm")):
        address = f"{home}endorsements/{row.pk}/"
        asked = client.post(address, read(client.get(address)).form(do).filled(do=do))
        assert "/accounts/2fa/webauthn/reauthenticate/" in asked.headers["Location"]
    asked = client.post(sheet, filled(client, sheet) | {"do": "sign"})
    assert asked.status_code == 302
    answer = client.post(
        f"/api/v1{home}endorsements/",
        {"institution": institution.slug, "principle": 3, "version": 1, "position": "endorse"},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (403, "second-factor-needed")
    address = f"{home}endorsements/{letter.pk}/"
    assert (
        client.post(address, read(client.get(address)).form("withdraw").filled(do="withdraw")).status_code
        == 303
    )
