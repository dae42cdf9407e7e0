"""Flagging a comment on its page."""

import pytest
from django.test import Client

from consultation.moderation.models import Flag
from tests import factories as make

pytestmark = pytest.mark.usefixtures("on_top")


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_a_reader_chooses_a_clause_and_is_told_that_a_moderator_looks(consultation):
    comment = make.comment(consultation)
    page = f"/consultations/{consultation.slug}/comments/{comment.reference}/"
    assert f'href="{page}flag/"' in Client().get(page).content.decode()
    assert Client().get(f"{page}flag/").status_code == 302
    reader = signed_in(make.person())
    form = reader.get(f"{page}flag/").content.decode()
    assert "1. Clause 1" in form
    assert "When 3 readers have flagged it, it is hidden until then." in form
    unsaid = reader.post(f"{page}flag/", {"note": "Look at <b>this</b>.", "claim": "1"})
    assert (unsaid.status_code, "Look at &lt;b&gt;this" in unsaid.content.decode()) == (400, True)
    said = {"reason": "1", "note": "Look at this.", "claim": "2"}
    for _twice in range(2):
        sent = reader.post(f"{page}flag/", said, follow=True)
        assert sent.redirect_chain == [(page, 303)]
        assert "You will be told what came of it." in sent.content.decode()
    assert Flag.objects.get(item=comment.item).note == "Look at this."
    again = reader.get(f"{page}flag/").content.decode()
    assert ("You flagged this already." in again, "<form class" in again) == (True, False)
    assert "already" in reader.post(f"{page}flag/", {**said, "claim": "3"}).content.decode()
    own = signed_in(make.manager(comment.institution))
    assert f'href="{page}flag/"' not in own.get(page).content.decode()
    for name in ("one", "two"):
        signed_in(make.person()).post(f"{page}flag/", {**said, "claim": name})
    gone = Client().get(page)
    assert (gone.status_code, "This comment is not shown since" in gone.content.decode()) == (410, True)
    assert reader.get(f"{page}flag/").status_code == 404
