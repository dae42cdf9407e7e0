"""Positions: who endorses which words; taking one, signing, withdrawing, re-affirming."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken, Scope
from consultation.api import consultations, fields, institutions
from consultation.api.call import Call, Data, ListCall, etag_of
from consultation.endorsements import actions, signatures
from consultation.endorsements import queries as endorsements
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import Endorsement, EndorsementState, Position
from consultation.endorsements.queries import EndorsementFilters
from consultation.endorsements.signatures import Signature
from consultation.kit.languages import canonical_tag
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.kit.text import STATEMENT_LIMIT
from consultation.kit.verb import Verb
from consultation.web import factor

ALL = "all"


class SignatureShape(serializers.Serializer[Signature]):
    """Who signed: by name only where the person said so, else by office, or neither."""

    name = serializers.CharField()
    office = serializers.CharField()
    former_representative = serializers.IntegerField(source="former", allow_null=True)


class EndorsementShape(serializers.Serializer[Endorsement]):
    """`to_reaffirm`: the text changed in substance since; it counts for the version that was signed only."""

    id = serializers.UUIDField()
    institution = serializers.SlugField(source="institution.slug")
    principle = serializers.IntegerField(source="principle.number")
    version = serializers.IntegerField(source="version.number")
    position = serializers.ChoiceField(choices=Position.choices)
    statement = serializers.CharField()
    signed_at = fields.Moment(allow_null=True)
    effective_at = fields.Moment(allow_null=True)
    signed_as = serializers.CharField(
        source="signed_as.name", default="", help_text="What the institution was called when it signed."
    )
    signatures = serializers.SerializerMethodField()
    recorded = serializers.BooleanField(help_text="It came by letter.")
    letter_dated = serializers.DateField(allow_null=True)
    confirmed_at = fields.Moment(allow_null=True, help_text="When the institution confirmed its letter.")
    to_reaffirm = serializers.BooleanField()
    log_index = serializers.SerializerMethodField()

    @extend_schema_field(SignatureShape(many=True))
    def get_signatures(self, endorsement: Endorsement) -> Any:
        return [SignatureShape(each).data for each in signatures.of(endorsement)]

    @extend_schema_field({"type": ["integer", "null"]})
    def get_log_index(self, endorsement: Endorsement) -> int | None:
        return None


class OwnEndorsementShape(EndorsementShape):
    state = serializers.ChoiceField(choices=EndorsementState.choices)


class EndorsementQuery(serializers.Serializer[Any]):
    principle = serializers.IntegerField(required=False, min_value=1, max_value=fields.KEY_LIMIT)
    institution = serializers.SlugField(required=False)
    country = fields.Country(required=False)
    region = fields.Region(required=False)
    position = serializers.ChoiceField(choices=Position.choices, required=False)


@extend_schema_field({"oneOf": [{"type": "integer", "minimum": 1}, {"const": ALL}]})
class NumberOrAll(fields.Number):
    """A principle by its number, or `all`."""

    def to_internal_value(self, data: Any) -> Any:
        return ALL if data == ALL else super().to_internal_value(data)

    def run_validators(self, value: Any) -> None:
        if value != ALL:
            super().run_validators(value)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 1},
            {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
        ]
    }
)
class NumberOrNumbers(fields.Number):
    """A version; or, by principle, the versions of those that are signed."""

    by_principle = serializers.DictField(child=fields.Number(), allow_empty=False)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            return super().to_internal_value(data)
        wrong = [name for name in data if not (name.isascii() and name.isdigit() and len(name) < 10)]
        if wrong:
            raise serializers.ValidationError(_("Name each principle by its number."))
        return {int(name): version for name, version in self.by_principle.run_validation(data).items()}

    def run_validators(self, value: Any) -> None:
        if not isinstance(value, dict):
            super().run_validators(value)


class SigningShape(serializers.Serializer[Any]):
    """What readers learn of whoever signs."""

    office = fields.Words(
        limit=actions.OFFICE_LIMIT,
        required=False,
        default="",
        allow_blank=True,
        help_text="Shown with the position.",
    )
    name_shown = serializers.BooleanField(
        required=False, default=False, help_text="Whether your name is shown with the position."
    )


class ReaffirmingShape(SigningShape):
    version = fields.Number(required=False, help_text="The one that was read; else the one that is current.")


class WithdrawingShape(serializers.Serializer[Any]):
    reason = fields.Words(
        limit=actions.REASON_LIMIT,
        required=False,
        default="",
        allow_blank=True,
        help_text="For everybody, once moderation has released it.",
    )
    language = fields.Language(required=False, help_text="Of the reason; the caller's own unless given.")


class ContestingShape(serializers.Serializer[Any]):
    reason = fields.Words(limit=actions.CONTEST_LIMIT, help_text="For the secretariat and the registrars.")


class NewPositionShape(SigningShape):
    institution = serializers.SlugField(help_text="For whom this is said.")
    principle = NumberOrAll()
    version = NumberOrNumbers(help_text="As read; with `all` a map from principle to version.")
    position = serializers.ChoiceField(choices=Position.choices)
    statement = fields.Words(
        limit=STATEMENT_LIMIT,
        required=False,
        default="",
        allow_blank=True,
        help_text="Needed for a reservation.",
    )
    language = fields.Language(required=False, help_text="Of the statement; the caller's own unless given.")


TAKEN = PolymorphicProxySerializer(
    component_name="Taken",
    serializers=[OwnEndorsementShape, OwnEndorsementShape(many=True)],
    resource_type_field_name=None,
    many=False,
)


def _choices(given: Data) -> list[Choice]:
    """What is signed. Raises Refusal `invalid` where principle and version do not go together."""
    of_all = given["principle"] == ALL
    if of_all != isinstance(given["version"], dict):
        raise invalid(version=_("Give one version, or for all principles a map from each to its version."))
    if given["position"] == Position.RESERVATION and not given["statement"].strip():
        raise invalid(statement=_("Say what your reservation is."))
    versions = given["version"] if of_all else {given["principle"]: given["version"]}
    return [
        Choice(principle, version, given["position"], given["statement"])
        for principle, version in sorted(versions.items())
    ]


def _require_factor(call: Call) -> None:
    """Raise Refusal `second-factor-needed` in a browser's session that has not just shown one.

    A token was made by somebody who was asked then, and is limited to its scopes: it is not asked.
    """
    browser = not isinstance(call.request.auth, ApiToken)
    if browser and call.person is not None and not factor.shown(call.request._request, call.person):
        raise Refusal("second-factor-needed", _("Show your second factor on a page of this site first."))


class Endorsements(ListCall):
    changing = Scope.SIGN
    permission_classes = [IsAuthenticatedOrReadOnly]
    ordering = endorsements.NEWEST

    @extend_schema(parameters=[EndorsementQuery], responses=EndorsementShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Effective positions, the newest first."""
        filters = EndorsementFilters(**self.asked(EndorsementQuery))
        found = endorsements.public().filter(consultation=consultations.of_slug(self, slug))
        return self.page(endorsements.with_rows(filters.apply(found)), EndorsementShape)

    @extend_schema(
        request=NewPositionShape,
        responses={201: TAKEN, 200: TAKEN},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Take a position: signed where you may sign, else proposed. For `all`, a list is answered.

        200 where the very same position stands or waits already.
        """
        given = self.given(NewPositionShape)
        assert self.person is not None
        _require_factor(self)
        outcome = self.act(
            actions.take_positions,
            status=_created(self),
            consultation_id=consultations.of_slug(self, slug).pk,
            institution_id=institutions.speaker(self, given["institution"]).pk,
            choices=_choices(given),
            language=given.get("language") or canonical_tag(self.person.language),
            office=given["office"],
            name_shown=given["name_shown"],
        )
        taken = self._taken([UUID(key) for _label, key in outcome.subjects])
        shown = [OwnEndorsementShape(each).data for each in taken]
        if given["principle"] == ALL:
            return Response(shown, outcome.status)
        return Response(shown[0], outcome.status, headers={"ETag": etag_of(shown[0])})

    def _taken(self, keys: list[UUID]) -> list[Endorsement]:
        found = endorsements.with_rows(endorsements.visible_to(self.person, at=self.at)).in_bulk(keys)
        return [found[key] for key in keys if key in found]


def _created(call: Call) -> Callable[[Sequence[Endorsement]], int]:
    return lambda taken: 201 if any(each.made_at == call.at for each in taken) else 200


class _OnePosition(Call):
    """An act on one position."""

    changing = Scope.SIGN
    conditional = True
    permission_classes = [IsAuthenticatedOrReadOnly]

    def found(self, key: UUID) -> Endorsement:
        seen = endorsements.with_rows(endorsements.visible_to(self.person, at=self.at)).filter(pk=key).first()
        if seen is None:
            raise NotFound
        return seen

    def do(self, verb: Verb[Any, Endorsement], key: UUID, status: Any = 200, **given: Any) -> Response:
        before = self.found(key)
        match = etag_of(OwnEndorsementShape(before).data)
        outcome = self.act(verb, status=status, match=match, endorsement_id=key, **given)
        after = OwnEndorsementShape(self.found(UUID(outcome.subjects[0][1]))).data
        return Response(after, outcome.status, headers={"ETag": etag_of(after)})


class Sign(_OnePosition):
    @extend_schema(request=SigningShape, responses=OwnEndorsementShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Sign what a colleague proposed, or signed first where two persons have to sign: see `state`."""
        _require_factor(self)
        return self.do(actions.sign_endorsement, id, **self.given(SigningShape))


class Withdraw(_OnePosition):
    @extend_schema(request=WithdrawingShape, responses=OwnEndorsementShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The position no longer stands; your institution is silent on that principle."""
        given = self.given(WithdrawingShape)
        assert self.person is not None
        language = given.get("language") or canonical_tag(self.person.language)
        return self.do(actions.withdraw_endorsement, id, reason=given["reason"], language=language)


class Contest(_OnePosition):
    @extend_schema(request=ContestingShape, responses=OwnEndorsementShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """It was done in your institution's name without right: it counts no longer from now on."""
        return self.do(actions.contest_endorsement, id, **self.given(ContestingShape))


class Confirm(_OnePosition):
    @extend_schema(request=None, responses=OwnEndorsementShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """What the secretariat recorded from a letter is your institution's own."""
        _require_factor(self)
        return self.do(actions.confirm_endorsement, id)


class Reaffirm(_OnePosition):
    @extend_schema(
        request=ReaffirmingShape,
        responses={201: OwnEndorsementShape, 200: OwnEndorsementShape},
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The same position, signed for the current text; 200 where that was done already."""
        status, given = _created(self), self.given(ReaffirmingShape)
        _require_factor(self)
        return self.do(actions.reaffirm_endorsement, id, status=lambda new: status([new]), **given)
