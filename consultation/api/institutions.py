"""Institutions: who is heard, registering one, and settling whether it is what it says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries as accounts
from accounts import rules
from accounts.actions import register_institution
from accounts.models import Institution, InstitutionState, InstitutionType, Scope, VerifiedHow
from accounts.queries import Duplicate
from consultation.api import fields
from consultation.api.call import Call, Data, ListCall, etag_of
from consultation.kit.keyset import Key, Ordering
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.text import NAME_LIMIT
from consultation.kit.verb import Verb
from consultation.standing.actions import reject_institution, suspend_institution, verify_institution

REASON_LIMIT = 2_000


class BriefShape(serializers.Serializer[Institution]):
    """Who speaks; `region` is a UN M49 code such as `002` for Africa, empty where there is none."""

    slug = serializers.SlugField()
    name = serializers.CharField(source="current.name")
    country = serializers.CharField(source="current.country", help_text="ISO 3166-1 alpha-2.")
    region = serializers.CharField(source="current.region")
    type = serializers.ChoiceField(source="current.type", choices=InstitutionType.choices)


class InstitutionShape(BriefShape):
    names = serializers.DictField(
        source="current.names",
        child=serializers.CharField(),
        help_text="Names in other languages, by language.",
    )
    website = serializers.CharField(source="current.website")
    ror = fields.RorAddress(source="current.ror")
    state = serializers.ChoiceField(choices=InstitutionState.choices)
    verified_how = serializers.ChoiceField(choices=VerifiedHow.choices, allow_blank=True)


class WarningShape(serializers.Serializer[Duplicate]):
    """Another institution that may be the same one."""

    institution = serializers.SlugField(source="institution.slug")
    why = serializers.CharField(source="why.label")


class RegisteredShape(InstitutionShape):
    warnings = WarningShape(many=True)


class RegistrationShape(serializers.Serializer[Any]):
    name = fields.Words(limit=NAME_LIMIT, help_text="In its own language, as on its letters.")
    country = fields.Words(help_text="ISO 3166-1 alpha-2.")
    type = serializers.ChoiceField(choices=InstitutionType.choices)
    website = fields.Words(required=False, allow_blank=True)
    ror = fields.Words(required=False, allow_blank=True, help_text="As an address or as the bare identifier.")
    domains = serializers.ListField(child=fields.Words(), required=False)
    names = serializers.DictField(
        child=fields.Words(limit=NAME_LIMIT),
        required=False,
        help_text="Names in other languages, by language.",
    )


class InstitutionQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        choices=[InstitutionState.VERIFIED, InstitutionState.PENDING],
        default=InstitutionState.VERIFIED,
        help_text="Those that wait (`pending`) are for registrars.",
    )


def of_slug(call: Call, slug: str) -> Institution:
    """The institution that the caller may see under this slug. Raises NotFound."""
    found = accounts.visible_to(call.person, at=call.at).filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def speaker(call: Call, slug: str) -> Institution:
    """The institution that a body names. Raises Refusal `invalid` for one that the caller can't know of."""
    try:
        return of_slug(call, slug)
    except NotFound:
        raise invalid(institution=_("There is no institution with this address.")) from None


class Institutions(ListCall):
    changing = Scope.MANAGE
    permission_classes = [IsAuthenticatedOrReadOnly]
    by_name = Ordering("name", (Key("current__name_sort", str), Key("id", int)))
    longest_waiting = Ordering("waiting", (Key("registered_at", datetime), Key("id", int)))
    ordering = by_name

    @extend_schema(parameters=[InstitutionQuery], responses=InstitutionShape(many=True))
    def get(self, request: Request) -> Response:
        """The verified institutions by name; for registrars those that wait, the longest waiting first."""
        if self.asked(InstitutionQuery)["state"] == InstitutionState.VERIFIED:
            return self.page(accounts.public(), InstitutionShape)
        rules.may_keep_the_registry(self.person).require()
        self.ordering = self.longest_waiting
        return self.page(accounts.waiting(), InstitutionShape)

    @extend_schema(request=RegistrationShape, responses={201: RegisteredShape})
    def post(self, request: Request) -> Response:
        """Register an institution: it waits for a registrar, and you hold all powers for it."""
        given = self.given(RegistrationShape)
        outcome = self.act(register_institution, status=201, **given)
        [(_label, key)] = outcome.subjects
        found = accounts.visible_to(self.person, at=self.at).get(pk=key)
        found.warnings = self._warnings(found)  # type: ignore[attr-defined]
        address = request.build_absolute_uri(reverse("api:institution", args=[found.slug]))
        return Response(RegisteredShape(found).data, outcome.status, headers={"Location": address})

    def _warnings(self, found: Institution) -> list[Duplicate]:
        assert found.current is not None
        return accounts.likely_duplicates(
            self.person,
            name=found.current.name,
            country=found.current.country,
            ror=found.current.ror,
            domains=[each.domain for each in found.domains.all()],
            names=found.current.names,
            apart_from=found,
        )


class OneInstitution(Call):
    @extend_schema(responses={200: InstitutionShape, 301: None})
    def get(self, request: Request, slug: str) -> Response:
        """One institution; 301 to the one into which it was merged.

        Until it is verified, its own people and registrars alone find it.
        """
        found = accounts.visible_to(self.person, at=self.at).filter(slug=slug).first()
        if found is not None and found.state != InstitutionState.MERGED:
            return Response(InstitutionShape(found).data)
        kept = accounts.moved_to(slug, self.person, at=self.at)
        if kept is None:
            raise NotFound
        address = request.build_absolute_uri(reverse("api:institution", args=[kept.slug]))
        return Response(status=301, headers={"Location": address})


class HowShape(serializers.Serializer[Any]):
    how = serializers.ChoiceField(choices=VerifiedHow.choices)
    note = fields.Words(limit=REASON_LIMIT, required=False, allow_blank=True)


class GroundsShape(serializers.Serializer[Any]):
    reason = fields.Words(limit=REASON_LIMIT)


class _Settle(Call):
    """A registrar settles whether an institution is what it says."""

    conditional = True
    permission_classes = [IsAuthenticatedOrReadOnly]

    def settle(self, verb: Verb[Any, Institution], slug: str, given: Data) -> Response:
        rules.has_its_factor(self.person).require()
        found = of_slug(self, slug)
        outcome = self.act(
            verb, match=etag_of(InstitutionShape(found).data), institution_id=found.pk, **given
        )
        settled = InstitutionShape(of_slug(self, slug)).data
        return Response(settled, outcome.status, headers={"ETag": etag_of(settled)})


class Verify(_Settle):
    @extend_schema(request=HowShape, responses=InstitutionShape)
    def post(self, request: Request, slug: str) -> Response:
        """What it published and signed takes effect at once."""
        return self.settle(verify_institution, slug, self.given(HowShape))


class Reject(_Settle):
    @extend_schema(request=GroundsShape, responses=InstitutionShape)
    def post(self, request: Request, slug: str) -> Response:
        """It is not accepted; its people are told the reason."""
        return self.settle(reject_institution, slug, self.given(GroundsShape))


class Suspend(_Settle):
    @extend_schema(request=GroundsShape, responses=InstitutionShape)
    def post(self, request: Request, slug: str) -> Response:
        """Nothing it said is public or counted until it is verified again."""
        return self.settle(suspend_institution, slug, self.given(GroundsShape))
