"""What a digest quotes and nobody may read any more: redacted, or approved by a decision that was undone."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from consultation.digests import actions, building, queries, tasks, withholding
from consultation.digests.models import Digest, File
from consultation.kit import clock
from consultation.moderation.actions import decide_case
from consultation.moderation.handlers import Details, Span
from tests import factories as make
from tests.comments.acts import edit, with_a_case
from tests.moderation.acts import claim, decide, open_case, undo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def test_words_that_were_redacted_or_whose_approval_was_undone_are_served_no_more():
    text = make.consultation()
    named, edited = make.comment(text, body="Ask Ana Moreau."), make.comment(text, body="As it was.")
    moderator = make.moderator(text)
    case = claim(moderator, open_case(edit(edited, "Let through by mistake.")))
    decide(moderator, case)
    digest = actions.request_digest(None, consultation=text, language="en", formats=["csv"], at=clock.now())
    building.build(digest.pk)
    file = File.objects.get(digest=digest)
    undo(moderator, case)
    assert not queries.servable(file)
    details = Details((Span(quote="Ana Moreau"),))
    asked = claim(moderator, open_case(with_a_case(named)))
    decide_case(moderator, case_id=asked.pk, action="redact", clause="2", details=details, at=clock.now())
    withheld = withholding.withheld_now(Digest.objects.get(pk=digest.pk).manifest, text.pk)
    assert [(each["reference"], each["why"], each["clause"]) for each in withheld] == [
        ("P1-1", "redacted", "2"),
        ("P1-2", "hidden", ""),
    ]
    tasks.sweep()
    second = Digest.objects.get(pk=digest.pk).next
    building.build(second.pk)
    written = queries.open_file(second.files.get(format="csv")).read()
    with ZipFile(BytesIO(written)) as files:
        everything = b"".join(files.read(name) for name in files.namelist())
    assert (b"Moreau" in everything, b"by mistake" in everything) == (False, False)
