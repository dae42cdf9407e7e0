"""What the secretariat fills in about a round: its times in the consultation's own zone, its acts, why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consultation.kit import languages, local_time
from consultation.kit.fields import WordsField
from consultation.kit.refusal import Refusal
from consultation.kit.text import TITLE_LIMIT
from consultation.texts.models import Act, Round
from consultation.texts.rounds import RoundPlan
from consultation.web.forms import VerbForm

ACTS = (
    (Act.COMMENT.value, _("commenting")),
    (Act.DISCUSS.value, _("replying and co-signing")),
    (Act.ENDORSE.value, _("endorsing")),
)
# As a field of the type datetime-local takes and gives it (HTML, 2.3.5.5).
LOCAL = "%Y-%m-%dT%H:%M"


class LocalTimeField(forms.Field):
    """A time as clocks in `zone` show it; gives the moment. One that never comes, or twice, is refused."""

    widget = forms.DateTimeInput({"type": "datetime-local", "class": "middle"}, format=LOCAL)
    default_error_messages = forms.DateTimeField.default_error_messages

    def __init__(self, *, zone: str, **options: Any) -> None:
        super().__init__(**options)
        self.zone = zone

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            wall = datetime.fromisoformat(str(value).strip())
            return local_time.moment(wall.replace(tzinfo=None), self.zone)
        except local_time.UnclearTime as error:
            raise ValidationError(str(error)) from error
        except (ValueError, OverflowError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """A moment as clocks in the zone show it; what was typed as it was."""
        return value.astimezone(ZoneInfo(self.zone)) if isinstance(value, datetime) else value


class InLanguages(VerbForm):
    """A form with one short text for each language: fields `NAME_LANGUAGE`."""

    texts: str

    def add_texts(
        self, codes: Sequence[str], label: Any, *, limit: int = TITLE_LIMIT, **options: Any
    ) -> None:
        """A field for each language; `label` has a place for its name."""
        for code in codes:
            name = languages.name(code, get_language() or "en")
            field = WordsField(label=label % {"language": name}, limit=limit, rows=2, **options)
            field.widget.attrs["lang"] = languages.html_lang(code)
            self.fields[f"{self.texts}_{code}"] = field

    @property
    def first(self) -> list[forms.BoundField]:
        """The fields that stand open: all but those in further languages."""
        return [each for each in self if each not in self.further]

    @property
    def further(self) -> list[forms.BoundField]:
        """The text in other languages than the first."""
        return [each for each in self if each.name.startswith(f"{self.texts}_")][1:]

    @property
    def further_open(self) -> bool:
        """Whether something stands in them, or is wrong."""
        return any(each.value() or each.errors for each in self.further)

    def words(self) -> dict[str, str]:
        """What was typed, by language."""
        start = f"{self.texts}_"
        given = {name.removeprefix(start): text for name, text in self.cleaned_data.items() if text}
        return {code: given[code] for code in given if f"{start}{code}" in self.fields}

    def show(self, refusal: Refusal) -> None:
        named = {
            path.replace(f"{self.texts}.", f"{self.texts}_"): said for path, said in refusal.errors.items()
        }
        super().show(Refusal(refusal.code, refusal.sentence, named, refusal.retry_after))


class RoundForm(InLanguages):
    """One round: `plan()` is what `add_round` and `change_round` take."""

    texts = "purposes"
    acts = forms.MultipleChoiceField(
        label=_("What it opens"),
        choices=ACTS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the round opens.")},
    )

    def __init__(
        self,
        zone: str,
        codes: Sequence[str],
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        """`zone` is where times are typed, `codes` the languages in which the purpose may be told."""
        super().__init__(data, initial=dict(initial or {}), prefix=prefix)
        self.fields["opens_at"] = LocalTimeField(zone=zone, label=_("Opens"))
        self.fields["closes_at"] = LocalTimeField(
            zone=zone,
            label=_("Closes"),
            required=False,
            help_text=_("Leave it empty for a round for endorsing alone that stays open."),
        )
        self.add_texts(codes, _("Purpose, in %(language)s"), required=False)
        self.order_fields(["opens_at", "closes_at", "acts"])

    def plan(self) -> RoundPlan:
        """The round as it was filled in. The form is valid."""
        given = self.cleaned_data
        return RoundPlan(given["opens_at"], given["closes_at"], given["acts"], self.words())


class ExtensionForm(InLanguages):
    """Until when a round is extended, and why: `reasons` are public."""

    texts = "reasons"

    def __init__(
        self, zone: str, codes: Sequence[str], authoritative: str, data: Any = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["closes_at"] = LocalTimeField(zone=zone, label=_("New closing time"))
        others = [code for code in codes if code != authoritative]
        self.add_texts([authoritative, *others], _("Reason, in %(language)s"), required=False)
        self.fields[f"reasons_{authoritative}"].required = True

    def carried(self) -> Iterator[tuple[str, str]]:
        """What a look before the act hands on, as hidden fields."""
        return ((name, self.data.get(name, "")) for name in self.fields)


def initial_of(round_: Round) -> dict[str, Any]:
    """What the form of an existing round holds at first."""
    purposes = {f"purposes_{code}": text for code, text in round_.purposes.items()}
    acts = [act.value for act in round_.acts]
    return {"opens_at": round_.opens_at, "closes_at": round_.closes_at, "acts": acts, **purposes}
