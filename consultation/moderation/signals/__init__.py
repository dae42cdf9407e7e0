"""The signals of this room: the pace of an institution, and what stands in the words."""

from consultation.moderation.models import Reason
from consultation.moderation.signals import numbers, pace, words
from consultation.moderation.signals.registry import (
    Contribution,
    Signal,
    about_words,
    codes,
    found,
    marks,
    register,
)

__all__ = ["Contribution", "Signal", "about_words", "codes", "found", "marks", "register"]

register(Signal(Reason.FIRST, pace.is_first))
register(Signal(Reason.MANY, pace.many_at_once))
register(about_words(Reason.LINKS, words.links))
register(about_words(Reason.SHOUTING, words.shouted))
register(about_words(Reason.TELEPHONE, numbers.telephones))
register(about_words(Reason.IDENTITY, numbers.identities))
