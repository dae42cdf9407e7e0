"""What an author fills in to appeal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from consultation.kit.fields import WordsField
from consultation.kit.text import STATEMENT_LIMIT
from consultation.web.forms import VerbForm


class AppealForm(VerbForm):
    """Why the decision should be another one."""

    grounds = WordsField(
        label=gettext_lazy("Why should it be decided otherwise?"),
        help_text=gettext_lazy("Another moderator reads it, who took no part in the decision."),
        limit=STATEMENT_LIMIT,
        rows=8,
    )
