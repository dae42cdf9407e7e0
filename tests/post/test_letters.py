from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist

from consultation.kit.link_keys import key_of
from consultation.post.letters import check_kind, compose

FOLDER = Path(settings.BASE_DIR) / "templates" / "mail"
KINDS = sorted(file.stem for file in FOLDER.glob("*.txt") if file.stem != "base" and file.stem[0] != "_")
LANGUAGES = list(dict(settings.LANGUAGES))
FACTS: dict[str, Any] = {
    "reference": "P3-42",
    "url": "/consultations/ai/comments/P3-42/",
    "title": "Governance of <AI> & us",
    "institution": 'Royal Society\'s "Fellows"',
    "clause": "4",
    "clause_title": "Stay with the matter",
    "message": "First line.\n\nSecond line.",
    "at": "2026-03-04T09:30:05+01:00",
    "words_hash": "ab" * 32,
    "principles": "3 (endorses), 5 (declines)",
    "deadline": "2026-03-14",
}


def test_every_kind_that_is_needed_is_written() -> None:
    assert set(KINDS) >= {
        "comment-hidden",
        "comment-published",
        "comment-received",
        "comment-rejected",
        "comment-returned",
        "endorsement-confirmed",
        "endorsement-contested",
        "endorsement-ended",
        "endorsement-recorded",
        "endorsement-refused",
        "endorsement-signed",
        "endorsement-waits",
        "institution-rejected",
        "institution-verified",
        "invitation",
        "join-asked",
        "join-declined",
        "mandate-changed",
        "mandate-ended",
        "mandate-granted",
    }


def test_a_kind_that_nobody_wrote_is_refused() -> None:
    with pytest.raises(TemplateDoesNotExist):
        check_kind("comment-adored")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("facts", [FACTS, {}], ids=["all", "none"])
def test_a_mail_is_one_line_and_plain_text_that_leads_to_its_page(
    kind: str, language: str, facts: dict[str, Any]
) -> None:
    letter = compose(kind, language, facts)

    assert letter.subject
    assert "\n" not in letter.subject
    assert f"\n\n{settings.SITE_URL}{facts.get('url', '/')}\n\n-- \n" in letter.body
    assert letter.body.endswith(f"\n{settings.SITE_NAME}, {settings.SITE_URL}\n")
    assert "\n\n\n" not in letter.body
    for sign in ("{{", "{%", "&amp;", "&#", "!", " None", "  ", " ,", " .", "()", "“”"):
        assert sign not in letter.subject + letter.body.replace("-- \n", "")


def test_a_receipt_says_what_came_when_and_with_which_words() -> None:
    letter = compose("comment-received", "en", FACTS)

    assert letter.subject == "P3-42 has arrived"
    assert "Reference: P3-42\n" in letter.body
    assert "Arrived: 4 March 2026, 08:30:05 UTC\n" in letter.body
    assert f"\n{'ab' * 32}\n" in letter.body
    assert "on “Governance of <AI> & us”" in letter.body


def test_a_returned_comment_says_why_by_which_clause_and_until_when() -> None:
    letter = compose("comment-returned", "en", FACTS)

    assert letter.subject == "P3-42 came back to you"
    assert "until 14 March 2026" in letter.body
    assert "Clause 4 of the moderation policy: Stay with the matter\n" in letter.body
    assert "The moderator writes:\n\nFirst line.\n\nSecond line.\n" in letter.body


@pytest.mark.parametrize("kind", ["comment-rejected", "comment-hidden"])
def test_an_appeal_is_offered_only_with_its_deadline(kind: str) -> None:
    offered = "you can appeal once, until 14 March 2026"

    assert offered in compose(kind, "en", FACTS).body
    assert "appeal" not in compose(kind, "en", {**FACTS, "deadline": None}).body


def test_an_approved_comment_of_an_unverified_institution_is_not_called_public() -> None:
    letter = compose("comment-published", "en", {**FACTS, "waits": "verification"})

    assert letter.subject == "P3-42 is approved"
    assert "as soon as your institution is verified" in letter.body
    assert compose("comment-published", "en", FACTS).subject == "P3-42 is public"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_comment_for_the_secretariat_is_not_called_public(language: str) -> None:
    public, waiting, secret = (
        compose("comment-published", language, {**FACTS, **facts})
        for facts in ({"visibility": "named"}, {"waits": "verification"}, {"visibility": "secretariat"})
    )

    assert secret.subject == waiting.subject != public.subject
    assert len({public.body, waiting.body, secret.body}) == 3


def test_a_signature_names_institution_text_principles_and_time() -> None:
    letter = compose("endorsement-signed", "en", FACTS)

    assert letter.subject == 'Signed for Royal Society\'s "Fellows": Governance of <AI> & us'
    assert "Principles: 3 (endorses), 5 (declines)\n" in letter.body
    assert "At: 4 March 2026, 08:30:05 UTC\n" in letter.body


def test_a_line_break_in_a_name_stays_out_of_the_subject() -> None:
    letter = compose("institution-verified", "en", {"institution": "Academy\r\nBcc: all@test.example"})

    assert letter.subject == "Academy Bcc: all@test.example is verified"


def test_a_long_name_is_cut_in_the_subject_only() -> None:
    letter = compose("institution-verified", "en", {"institution": "A" * 400})

    assert len(letter.subject) == 300
    assert "A" * 400 in letter.body


@pytest.mark.parametrize(
    ("language", "institution", "shown"),
    [
        ("en", "Oslo", "Oslo"),
        ("ar", "Oslo", "\u2068Oslo\u2069"),
        ("en", "أكاديمية", "\u2068أكاديمية\u2069"),
        ("zh-hans", "科学院", "科学院"),
    ],
)
def test_names_written_the_other_way_are_isolated(language: str, institution: str, shown: str) -> None:
    assert shown in compose("institution-verified", language, {"institution": institution}).subject


def test_moments_are_in_the_words_of_the_language() -> None:
    assert "4 mars 2026, 08:30:05 UTC" in compose("comment-received", "fr", FACTS).body
    assert "2026年3月4日, 08:30:05 UTC" in compose("comment-received", "zh-hans", FACTS).body


def test_a_time_that_is_no_time_stays_as_it_is() -> None:
    assert "Arrived: yesterday" in compose("comment-received", "en", {"at": "yesterday"}).body


def test_an_unknown_language_is_read_in_english() -> None:
    assert compose("comment-received", "tlh", FACTS).subject == "P3-42 has arrived"


def test_the_key_of_a_link_is_made_from_its_seed() -> None:
    facts = {"url": "/invitations/{key}/", "seed": "one"}
    letter = compose("invitation", "en", facts)

    assert f"\n{settings.SITE_URL}/invitations/{key_of('one')}/\n" in letter.body
    assert key_of("one") not in compose("invitation", "en", facts | {"seed": "two"}).body


def test_an_invitation_says_who_invites_for_whom_and_until_when() -> None:
    letter = compose("invitation", "en", {**FACTS, "person": "Amina", "deadline": "2026-03-14T09:30:05Z"})

    assert letter.subject == 'Act for Royal Society\'s "Fellows"'
    assert 'Amina invites you to act for Royal Society\'s "Fellows"' in letter.body
    assert "It works once, until 14 March 2026, 09:30:05 UTC." in letter.body


@pytest.mark.parametrize(
    ("yours", "subject"),
    [(True, "You may act for Institute"), (None, "Amina may act for Institute")],
)
def test_a_mandate_is_told_to_its_person_and_to_others_in_other_words(yours: bool, subject: str) -> None:
    facts = {"person": "Amina", "institution": "Institute", "can_sign": True, "until": "2026-03-14"}
    letter = compose("mandate-granted", "en", {**facts, "yours": yours})

    assert letter.subject == subject
    assert "– sign: sign and withdraw endorsements\n" in letter.body
    assert "Until the end of 14 March 2026 (UTC).\n" in letter.body
    assert "– manage" not in letter.body


@pytest.mark.parametrize("kind", ["mandate-granted", "mandate-changed", "mandate-ended"])
def test_a_name_that_was_forgotten_makes_nobody_else_the_person_of_a_mandate(kind: str) -> None:
    letter = compose(kind, "en", {"person": "", "institution": "Institute"})

    assert "you may" not in letter.body
    assert "You" not in letter.subject
