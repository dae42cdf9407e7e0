from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.mail import send_mail

from consultation.kit.mailbox import messages

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = "consultation.kit.mailbox.FolderBackend"
    return settings.EMAIL_FILE_PATH


def test_it_works() -> None:
    send_mail("Première: Académie", "Une ligne.\nالثانية\n", None, ["Ada <ada@test.example>"])

    (mail,) = messages()

    assert (mail.subject, mail.body) == ("Première: Académie", "Une ligne.\nالثانية\n")
    assert mail.to == "Ada <ada@test.example>"
    assert datetime.now(UTC) - mail.at < timedelta(minutes=1)


def test_the_newest_comes_first_and_a_limit_is_kept() -> None:
    for number in range(3):
        send_mail(f"Number {number}", "", None, ["ada@test.example"])

    assert [mail.subject for mail in messages()] == ["Number 2", "Number 1", "Number 0"]
    assert [mail.subject for mail in messages(limit=1)] == ["Number 2"]


def test_what_is_still_being_written_is_not_read(folder: Path) -> None:
    folder.mkdir()
    (folder / ".20260304T093000.000000Z-abcdef.eml").write_text("Subject: half")

    assert messages() == []


def test_a_folder_that_is_not_there_holds_nothing() -> None:
    assert messages() == []
