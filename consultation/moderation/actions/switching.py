from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import invalid
from consultation.kit.verb import verb
from consultation.moderation import queries, signals
from consultation.moderation.models import SignalSwitch
from consultation.record.steps import record
from consultation.texts import rules as text_rules
from consultation.texts import steps as texts
from consultation.texts.models import Consultation


@verb
def switch_signals(
    actor: User, *, consultation_id: int, on: Mapping[str, bool], at: datetime
) -> Consultation:
    """These signals, by their codes, look at what comes from now on, or don't; each change is on record.

    Refuses: not-found, no-role, second-factor-needed, invalid (signals).
    """
    consultation = texts.lock_consultation(consultation_id)
    text_rules.may_prepare(actor, consultation).require()
    known = signals.codes()
    if set(on) - set(known):
        raise invalid(signals=_("There is no signal with this name."))
    off = queries.signals_off(consultation)
    for code in known:
        if code not in on or on[code] == (code not in off):
            continue
        made = SignalSwitch.objects.create(
            consultation=consultation, code=code, on=on[code], person=actor, at=at
        )
        record(actor, "signal.switched_on" if on[code] else "signal.switched_off", made)
    return consultation
