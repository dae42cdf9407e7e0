"""Machine translations as readers and moderators see them, and how many somebody may ask for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from consultation.comments.models import MachineTranslation
from consultation.kit import languages, markdown
from consultation.kit.refusal import Refusal
from consultation.web import limits
from consultation.web.acts import person_of

State = MachineTranslation.State
# Each costs the installation time or money.
AN_HOUR = {"person": 120, "visitor": 20}


def count(request: HttpRequest, known: MachineTranslation | None) -> None:
    """Count one request, unless it is for what was made or is being made already.

    Raises Refusal `too-many`.
    """
    if known is not None and known.job_state != State.FAILED:
        return
    person = person_of(request)
    kind = "person" if person else "visitor"
    seconds = limits.wait(
        f"translations:{kind}",
        str(person.pk) if person else limits.visitor(request),
        most=AN_HOUR[kind],
        seconds=limits.HOUR,
        at=request.received_at,  # type: ignore[attr-defined]
    )
    if seconds is not None:
        sentence = _("You asked for many translations within an hour. Come back later.")
        raise Refusal("too-many", sentence, retry_after=seconds)


def standing(asked: MachineTranslation | None) -> dict[str, Any]:
    """What there is of a translation: its words, or whether it is being made or could not be."""
    state = asked.job_state if asked else ""
    made = None
    if asked is not None and state == State.DONE:
        told = words(asked.body, asked.proposed_text, asked.language)
        made = {"translator": asked.translator, "at": asked.made_at, **told}
    return {"made": made, "waits": state == State.WAITING, "failed": state == State.FAILED}


def words(body: str, proposed: str, language: str) -> dict[str, Any]:
    """Words in one language, as `_machine_made.html` shows them."""
    return {"html": markdown.render(body), "proposed": proposed, "lang": languages.html_lang(language)}
