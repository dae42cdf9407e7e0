"""A web process killed between the commit and the answer: who asks again is told what was done."""

from __future__ import annotations

import http.client
from uuid import uuid4

import pytest

from tests.faults.site import Site

DIE = {"X-Die-Before-Answering": "1"}


def written(site: Site, body: str) -> int:
    """How many comments say this."""
    [(count,)] = site.ask("SELECT count(*) FROM consultation_commentrevision WHERE body = %s", body)
    return int(count)


def test_the_same_call_under_the_same_key_gives_the_same_comment(site: Site) -> None:
    contributor = site.contributor()
    comment = {
        "institution": site.known["institution"],
        "principle": 3,
        "kind": "general",
        "body": "Sent by a program whose answer was lost.",
    }
    key = {"Idempotency-Key": str(uuid4())}
    path = f"{site.api}comments/"

    with pytest.raises((http.client.HTTPException, OSError)):
        contributor.call(path, comment, {**key, **DIE})
    assert written(site, comment["body"]) == 1
    again = contributor.call(path, comment, key)
    once_more = contributor.call(path, comment, key)

    assert (again.status, once_more.status) == (201, 201)
    assert again.json()["reference"] == once_more.json()["reference"]
    assert written(site, comment["body"]) == 1


def test_the_same_form_leads_to_the_same_comment(site: Site) -> None:
    person = site.signed_in()
    body = "Sent by somebody whose answer was lost."
    form = person.form(person.get(f"{site.consultation}write/?principle=3"), "body")
    over = person.send(form, body=body, do="look")
    last = person.form(over, "do", "body")

    with pytest.raises((http.client.HTTPException, OSError)):
        person.send(last, DIE, do="send")
    assert written(site, body) == 1
    again = person.send(last, do="send")
    once_more = person.send(last, do="send")

    assert "/comments/P3-" in again.url
    assert again.url == once_more.url
    assert written(site, body) == 1
