"""Consultations, their principles, and who takes part in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consultation.api import fields
from consultation.api.call import Call, ListCall
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.endorsements.queries import Tally
from consultation.insights import queries as insights
from consultation.insights.voices import Voice
from consultation.kit.keyset import Key, Ordering
from consultation.kit.refusal import NotFound
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationState, Principle, PrincipleVersion


class ConsultationShape(serializers.Serializer[Any]):
    """`opens_at` and `closes_at` are those of the running round, else of the next, else of the last."""

    slug = serializers.SlugField()
    title = serializers.CharField(help_text="In the language of the request, else in the authoritative one.")
    state = serializers.ChoiceField(choices=ConsultationState.choices)
    opens_at = fields.Moment(allow_null=True)
    closes_at = fields.Moment(allow_null=True)
    timezone = serializers.CharField()
    principles_count = serializers.IntegerField()
    comments_count = serializers.IntegerField()
    endorsements_count = serializers.IntegerField(
        help_text="Effective positions of the two endorsing kinds on current versions."
    )
    institutions_count = serializers.IntegerField()
    countries_count = serializers.IntegerField()


def of_slug(call: Call, slug: str) -> Consultation:
    """The consultation that the caller may see under this slug. Raises NotFound."""
    found = texts.visible_to(call.person).filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def _shown(consultations: Sequence[Consultation], *, at: datetime) -> list[dict[str, Any]]:
    figures = insights.headlines(consultations)
    return [_facts(each, figures[each.pk], at=at) for each in consultations]


def _facts(consultation: Consultation, figures: insights.Headline, *, at: datetime) -> dict[str, Any]:
    standing = texts.standing(list(consultation.rounds.all()), at=at)
    return {
        "slug": consultation.slug,
        "title": consultation.title(get_language() or consultation.authoritative),
        "state": standing.state.value,
        "opens_at": standing.round.opens_at if standing.round else None,
        "closes_at": standing.round.closes_at if standing.round else None,
        "timezone": consultation.zone,
        "principles_count": figures.principles,
        "comments_count": figures.comments,
        "endorsements_count": figures.endorsements,
        "institutions_count": figures.institutions,
        "countries_count": figures.countries,
    }


class Consultations(ListCall):
    ordering = Ordering("published", (Key("-published_at", datetime), Key("-id", int)))

    @extend_schema(responses=ConsultationShape(many=True))
    def get(self, request: Request) -> Response:
        """Published consultations, the newest first."""
        return self.page(texts.public().prefetch_related("rounds"), ConsultationShape)

    def rendered(self, rows: Sequence[Any], shape: type[serializers.BaseSerializer[Any]]) -> Any:
        return super().rendered(_shown(rows, at=self.at), shape)


class OneConsultation(Call):
    @extend_schema(responses=ConsultationShape)
    def get(self, request: Request, slug: str) -> Response:
        """Where one consultation stands."""
        [facts] = _shown([of_slug(self, slug)], at=self.at)
        return Response(ConsultationShape(facts).data)


class PositionsShape(serializers.Serializer[Tally]):
    """Effective positions on the current text, and those on an earlier one that wait to be re-affirmed."""

    endorse = serializers.IntegerField()
    endorse_with_reservation = serializers.IntegerField()
    decline = serializers.IntegerField()
    to_reaffirm = serializers.IntegerField()


class PrincipleShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    body = serializers.CharField()
    language = serializers.CharField(help_text="Of this title and body.")
    languages = serializers.ListField(child=serializers.CharField())
    comments_count = serializers.IntegerField()
    endorsements = PositionsShape()
    withdrawn_at = fields.Moment(
        allow_null=True, help_text="When it left the text; then nothing more is said on it."
    )


class PrincipleQuery(serializers.Serializer[Any]):
    language = fields.Language(
        required=False, help_text="If the text is not in it, the nearest language it is in is answered."
    )
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=fields.KEY_LIMIT, help_text="An earlier text."
    )


class _PrincipleCall(Call):
    """What the list and the single principle have in common."""

    def facts(self, consultation: Consultation, principles: Sequence[Principle]) -> list[dict[str, Any]]:
        """The principles as asked for; those without the version asked for are left out."""
        asked = self.asked(PrincipleQuery)
        language = asked.get("language") or get_language() or consultation.authoritative
        versions = {each.pk: each.current for each in principles}
        if "version" in asked:
            versions = dict(texts.versions_with_number(principles, asked["version"]))
        counts, tallies = comments.counts(consultation), endorsements.tallies(consultation)
        return [
            {
                **_words(version, language),
                "number": each.number,
                "comments_count": counts.get(each.number, 0),
                "endorsements": tallies.get(each.number, Tally()),
                "withdrawn_at": each.withdrawn_at,
            }
            for each in principles
            if (version := versions.get(each.pk)) is not None
        ]


def _words(version: PrincipleVersion, language: str) -> dict[str, Any]:
    words = texts.translation(version, language)
    return {
        "version": version.number,
        "title": words.title,
        "body": words.body,
        "language": words.language,
        "languages": [each.language for each in version.translations.all()],
    }


class Principles(_PrincipleCall, ListCall):
    ordering = Ordering("principles", (Key("order", int), Key("number", int)))

    @extend_schema(parameters=[PrincipleQuery], responses=PrincipleShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The principles in force, in the order of the text; withdrawn ones are left out."""
        self.consultation = of_slug(self, slug)
        return self.page(texts.principles(self.consultation), PrincipleShape)

    def rendered(self, rows: Sequence[Any], shape: type[serializers.BaseSerializer[Any]]) -> Any:
        return super().rendered(self.facts(self.consultation, rows), shape)


class OnePrinciple(_PrincipleCall):
    @extend_schema(parameters=[PrincipleQuery], responses=PrincipleShape)
    def get(self, request: Request, slug: str, number: int) -> Response:
        """One principle by its permanent number, withdrawn ones too: `withdrawn_at` tells them."""
        consultation = of_slug(self, slug)
        found = texts.principle(consultation, number)
        facts = self.facts(consultation, [found] if found else [])
        if not facts:
            raise NotFound
        return Response(PrincipleShape(facts[0]).data)


class TotalsShape(serializers.Serializer[Any]):
    institutions = serializers.IntegerField()
    countries = serializers.IntegerField()
    comments = serializers.IntegerField()
    endorsements = serializers.IntegerField()


class CountryShape(serializers.Serializer[insights.Country]):
    code = serializers.CharField()
    institutions = serializers.IntegerField()
    comments = serializers.IntegerField()
    endorsements = serializers.IntegerField()
    weight = serializers.FloatField(help_text="One divided by the number of its heard institutions.")


class SharesShape(serializers.Serializer[Any]):
    """Means, over the countries heard, of the share of each country's heard institutions."""

    endorse = serializers.FloatField()
    endorse_with_reservation = serializers.FloatField()
    decline = serializers.FloatField()
    to_reaffirm = serializers.FloatField()
    support = serializers.FloatField()


class VoiceShape(serializers.Serializer[Voice]):
    number = serializers.IntegerField()
    raw = PositionsShape()
    equal_voice = SharesShape()


@extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
class Totals(serializers.DictField):
    """How many, by code."""

    child = serializers.IntegerField()


class ParticipationShape(serializers.Serializer[Any]):
    """Regions are UN M49 codes, countries ISO 3166-1, languages BCP 47."""

    as_of = serializers.IntegerField(help_text="The record number up to which these figures count.")
    totals = TotalsShape()
    countries = CountryShape(many=True)
    regions = Totals(help_text="Institutions heard, by region.")
    types = Totals(help_text="Institutions heard, by type.")
    languages = Totals(help_text="Public comments, by language.")
    silent = serializers.ListField(
        child=serializers.CharField(), help_text="Member States of the United Nations that have not spoken."
    )
    principles = VoiceShape(many=True)


class Participation(Call):
    @extend_schema(responses=ParticipationShape)
    def get(self, request: Request, slug: str) -> Response:
        """The figures behind the participation page, raw and with an equal voice for each country."""
        consultation = of_slug(self, slug)
        figures = insights.participation(consultation)
        numbers = texts.principles(consultation).values_list("number", flat=True)
        voices = [figures.voice(number) for number in numbers]
        return Response(ParticipationShape({**vars(figures), "principles": voices}).data)
