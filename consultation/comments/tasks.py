"""Woken: make one translation. By the clock: wake what nobody works on."""

from consultation.comments import actions, queries
from consultation.kit import jobs

AT_MOST = 200


@jobs.task(actions.TRANSLATE)
def translate(translation_id: int) -> None:
    """Make the translation with this key, if it is due."""
    actions.translate(translation_id)


@jobs.task("comments.sweep")
def sweep() -> None:
    """Wake the translations that are due and that nobody works on."""
    for key in queries.untranslated().values_list("pk", flat=True)[:AT_MOST]:
        jobs.wake(actions.TRANSLATE, key)
