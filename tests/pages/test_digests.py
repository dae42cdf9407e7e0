"""Digests on pages: asking, progress, files, and what visitors may ask for."""

import pytest
from django.db import connection

from consultation.digests.models import Digest
from tests import factories as make
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def digests(home):
    return f"{home}digests/"


def asked(client, digests, **fields) -> dict[str, object]:
    """The form as it comes, with other answers."""
    page = read(client.get(digests))
    return next(form for form in page.forms if "formats" in form.fields).filled(**fields)


def test_anybody_may_ask_for_the_current_digest_and_gets_the_same_one_again(client, consultation, digests):
    first = client.post(digests, asked(client, digests, formats=["pdf", "csv"]))
    digest = Digest.objects.get()
    assert (first.status_code, first.headers["Location"]) == (303, f"{digests}{digest.pk}/")
    assert (digest.formats, digest.language, digest.principle) == (["pdf", "csv"], "en", None)
    assert (
        client.post(digests, asked(client, digests, formats=["pdf", "csv"])).headers["Location"]
        == first.headers["Location"]
    )


def test_a_digest_of_one_principle_names_it(browser, owner, consultation, digests):
    client = browser(owner)
    made = client.post(digests, asked(client, digests, principle="2", language="fr"))
    page = read(client.get(made.headers["Location"]))
    assert "Principle 2, French" in page.text
    assert "asked by you" in page.text


def test_its_page_tells_how_far_it_is_and_htmx_gets_that_alone(client, consultation, digests):
    address = client.post(digests, asked(client, digests)).headers["Location"]
    page = client.get(address)
    assert "0 %" in read(page).text
    assert b'hx-trigger="every 2s"' in page.content
    assert b'<meta http-equiv="refresh" content="4">' in page.content
    part = client.get(address, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b"<progress" in part.content


def ready(digest: Digest) -> None:
    """The digest as a worker leaves it, with one file."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultation_digest SET state = 'building', manifest = '{}', manifest_hash = %s"
            " WHERE id = %s",
            ["ab" * 32, digest.pk],
        )
        cursor.execute(
            "UPDATE consultation_digest SET state = 'ready', ready_at = now() WHERE id = %s", [digest.pk]
        )
    digest.files.create(format="pdf", name="digest.pdf", bytes=2048, sha256="cd" * 32)


def test_a_ready_digest_shows_its_files_with_size_and_check_sum_and_how_to_cite_it(
    client, consultation, digests
):
    address = client.post(digests, asked(client, digests)).headers["Location"]
    digest = Digest.objects.get()
    ready(digest)
    page = read(client.get(address))
    assert f"/api/v1/digests/{digest.pk}/files/pdf/" in page.links
    assert "cd" * 32 in page.text
    assert "2.0 KB" in page.text.replace("\u00a0", " ")
    assert f"up to entry {digest.cutoff} of the record, edition 1" in page.text
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert address in read(client.get(digests)).links


def test_latest_leads_to_the_newest_file_of_a_language_and_format(client, consultation, digests):
    client.post(digests, asked(client, digests))
    digest = Digest.objects.get()
    assert client.get(f"{digests}latest/en.pdf").status_code == 404
    ready(digest)
    found = client.get(f"{digests}latest/en.pdf")
    assert (found.status_code, found.headers["Location"]) == (302, f"/api/v1/digests/{digest.pk}/files/pdf/")
    assert client.get(f"{digests}latest/fr.pdf").status_code == 404
    assert client.get(f"{digests}latest/en.exe").status_code == 404


def test_a_visitor_has_one_build_at_a_time(client, consultation, digests):
    client.post(digests, asked(client, digests))
    refused = client.post(digests, asked(client, digests, principle="1"))
    assert refused.status_code == 429
    assert "A digest of this consultation is being built." in read(refused).text
    assert int(refused.headers["Retry-After"]) > 0


def test_a_visitor_asks_six_times_an_hour(client, consultation, digests):
    fields = asked(client, digests)
    assert [client.post(digests, fields).status_code for _time in range(6)] == [303] * 6
    refused = client.post(digests, fields)
    assert refused.status_code == 429
    assert "six digests an hour" in read(refused).text


@pytest.mark.parametrize(
    "fields",
    [{"language": "xx"}, {"formats": ["exe"]}, {"formats": []}, {"principle": "9"}, {"principle": "x"}],
)
def test_what_is_wrong_is_said_beside_its_field(client, consultation, digests, fields):
    response = client.post(digests, asked(client, digests) | fields)
    assert response.status_code == 400
    assert "needs another look" in read(response).text
    assert not Digest.objects.exists()


def test_a_digest_of_another_consultation_is_not_here(client, consultation, digests):
    address = client.post(digests, asked(client, digests)).headers["Location"]
    other = make.consultation()
    assert client.get(address.replace(consultation.slug, other.slug)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    browser, owner, consultation, digests, number, django_assert_num_queries
):
    client = browser(owner)
    for language in ("en", "fr", "es")[:number]:
        client.post(digests, asked(client, digests, language=language))
    for digest in Digest.objects.all():
        ready(digest)
    client.get(digests)
    # The session, the person and roles (4), the place and its rounds (2), principles with texts (2), digests
    # with files and parts (3), those being built.
    with django_assert_num_queries(12):
        client.get(digests)
