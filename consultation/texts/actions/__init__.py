"""The public writers of texts."""

from consultation.texts.actions.creating import (
    change_words,
    create_consultation,
    publish_consultation,
)
from consultation.texts.actions.drafting import (
    add_principle,
    add_translations,
    confirm_translation,
    discard_draft,
    draft_text,
    remove_principle,
    reorder_principles,
    set_headings,
)
from consultation.texts.actions.importing import import_drafts
from consultation.texts.actions.loading import load_text
from consultation.texts.actions.policy import adopt_clauses, end_clause, write_clause
from consultation.texts.actions.publishing import publish_version
from consultation.texts.actions.roles import give_role
from consultation.texts.actions.rounds import add_round, change_round, remove_round

__all__ = [
    "add_principle",
    "add_round",
    "add_translations",
    "adopt_clauses",
    "change_round",
    "change_words",
    "confirm_translation",
    "create_consultation",
    "discard_draft",
    "draft_text",
    "end_clause",
    "give_role",
    "import_drafts",
    "load_text",
    "publish_consultation",
    "publish_version",
    "remove_principle",
    "remove_round",
    "reorder_principles",
    "set_headings",
    "write_clause",
]
