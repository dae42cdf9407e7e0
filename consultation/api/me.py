"""Who is calling, for whom they may act, and in which roles."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.fields import Field
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries as accounts
from accounts.models import Mandate, Power, SiteRole
from consultation.api.call import Call
from consultation.api.fields import Moment
from consultation.texts import queries as texts
from consultation.texts.models import ConsultationRole


class MandateShape(serializers.Serializer[Mandate]):
    """For which institution, what, and how long; `until` is a day, UTC, that still counts."""

    institution = serializers.SlugField(source="institution.slug")
    powers = serializers.ListField(child=serializers.ChoiceField(choices=Power.choices))
    until = serializers.DateField(allow_null=True)

    def get_fields(self) -> dict[str, Field[Any, Any, Any, Any]]:
        # `from` is a word of Python's own and can't name an attribute of the class.
        return super().get_fields() | {"from": Moment(source="starts_at")}


class RoleShape(serializers.Serializer[ConsultationRole]):
    consultation = serializers.SlugField(source="consultation.slug")
    role = serializers.ChoiceField(choices=ConsultationRole.Role.choices)


class MeShape(serializers.Serializer[Any]):
    email = serializers.EmailField()
    name = serializers.CharField()
    language = serializers.CharField()
    timezone = serializers.CharField()
    mandates = MandateShape(many=True)
    roles = RoleShape(many=True)
    site_roles = serializers.ListField(child=serializers.ChoiceField(choices=SiteRole.Role.choices))


class Me(Call):
    permission_classes = [IsAuthenticated]

    @extend_schema(responses=MeShape)
    def get(self, request: Request) -> Response:
        """The person whose token or session this is."""
        person = self.person
        assert person is not None
        shown = MeShape(
            {
                "email": person.email,
                "name": person.name,
                "language": person.language,
                "timezone": person.timezone,
                "mandates": accounts.mandates_in_force(person, at=self.at)
                .select_related("institution")
                .order_by("starts_at", "pk"),
                "roles": texts.roles_held(person),
                "site_roles": sorted(accounts.site_roles(person)),
            }
        )
        return Response(shown.data)
