"""Fields that take exactly what the contract says: no number for a text, no text for a number."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts import geography, ror
from consultation.kit.languages import canonical_tag
from consultation.kit.text import UnfitText, clean, too_long

KEY_LIMIT = 2**31 - 1
RECORD_LIMIT = 2**63 - 1


class Words(serializers.CharField):
    """A text kept code point for code point, but for its line ends."""

    def __init__(self, *, limit: int | None = None, **options: Any) -> None:
        """`limit` is in code points; None where the room itself knows it."""
        self.limit = limit
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        try:
            text = clean(data)
        except UnfitText as unfit:
            raise serializers.ValidationError(unfit.args[0]) from unfit
        if self.limit is not None and (sentence := too_long(text, self.limit)):
            raise serializers.ValidationError(sentence)
        return text


class Number(serializers.IntegerField):
    """A whole number that is written as one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": KEY_LIMIT, **options})

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class NumberOrNull(serializers.CharField):
    """In an address: a whole number, or the word `null`."""

    def to_internal_value(self, data: Any) -> Any:
        if data == "null":
            return None
        if not (data.isascii() and data.isdigit() and 0 < int(data[:10]) <= KEY_LIMIT):
            raise serializers.ValidationError(_("Give a number, or null."))
        return int(data)


class Key(serializers.UUIDField):
    """An id, written as the API writes it."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class YesOrNo(serializers.BooleanField):
    """`true` or `false`, and no other spelling."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Language(Words):
    """A language tag (BCP 47), in its usual spelling."""

    def to_internal_value(self, data: Any) -> str:
        tag = canonical_tag(super().to_internal_value(data))
        if tag is None:
            raise serializers.ValidationError(_("Give a language tag, such as en or zh-Hans."))
        return tag


class Country(Words):
    """A country or area by its ISO 3166-1 alpha-2 code, in either case."""

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data).upper()
        if code not in geography.COUNTRIES:
            raise serializers.ValidationError(_("Give a code of ISO 3166-1, such as NO."))
        return code


class Region(serializers.ChoiceField):
    """A region by its UN M49 code, such as `002` for Africa."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=geography.REGIONS, **options)


class Moment(serializers.DateTimeField):
    """A moment in UTC, RFC 3339."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


@extend_schema_field({"not": {}})
class Fixed(serializers.Field[Any, Any, Any, Any]):
    """What was said once and can't be changed: naming it is an error."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, write_only=True, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty:
            raise serializers.ValidationError(_("This can't be changed any more."))
        raise serializers.SkipField


@extend_schema_field({"type": "string", "format": "uri"})
class RorAddress(serializers.Field[str, str, str, str]):
    """A ROR identifier as its address; empty where there is none."""

    def to_representation(self, value: str) -> str:
        return ror.url(value)
