"""What moderators do beside deciding: notes, the languages they read, asking for and giving opinions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries as accounts
from accounts.models import Scope, User
from consultation.api import fields
from consultation.api.call import Call
from consultation.api.moderation import SubjectShape
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.text import STATEMENT_LIMIT
from consultation.moderation import actions, readers, rules
from consultation.moderation import queries as moderation
from consultation.moderation.handlers import describe
from consultation.moderation.models import Case, Opinion
from consultation.texts.rules import has_its_factor
from consultation.web import looking

MOST_LANGUAGES = 50


class NameOf(serializers.CharField):
    """A person by name; null for somebody who was erased."""

    def to_representation(self, value: Any) -> str:
        return str(value)


class NoteShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    person = NameOf(allow_null=True)
    words = serializers.CharField()
    at = fields.Moment()


class WordsShape(serializers.Serializer[Any]):
    words = fields.Words(limit=STATEMENT_LIMIT)


class LanguagesShape(serializers.Serializer[Any]):
    languages = serializers.ListField(
        child=fields.Language(),
        max_length=MOST_LANGUAGES,
        help_text="Without script and region: who reads `zh` reads `zh-Hans`.",
    )


class OpinionShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    case = serializers.UUIDField(source="case_id")
    person = NameOf(allow_null=True)
    question = serializers.CharField()
    asked_at = fields.Moment()
    words = serializers.CharField()
    given_at = fields.Moment(allow_null=True)


class AskedShape(OpinionShape):
    subject = SubjectShape(
        allow_null=True, help_text="What you are asked about, until you answer or it is decided."
    )


class AskShape(serializers.Serializer[Any]):
    person = serializers.EmailField(help_text="The confirmed address of an account.")
    question = fields.Words(limit=STATEMENT_LIMIT, required=False, default="", allow_blank=True)


class _OfACase(Call):
    reading = Scope.OFFICE
    permission_classes = [IsAuthenticated]

    def case(self, key: UUID) -> Case:
        """The case, for whoever reads the queue of its consultation. Raises NotFound."""
        seen = moderation.with_rows(moderation.visible_to(self.person)).filter(pk=key).first()
        if seen is None:
            has_its_factor(self.person).require()
            raise NotFound
        return seen

    def noted(self, key: UUID) -> Case:
        """The case, for whoever reads its notes. Raises Refusal."""
        case = self.case(key)
        rules.may_see_notes(self.person, case, at=self.at).require()
        return case


class Notes(_OfACase):
    @extend_schema(responses=NoteShape(many=True))
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """What moderators told each other about a case, the first word first. The author never sees it."""
        return Response(NoteShape(moderation.notes_on(self.noted(id)), many=True).data)

    @extend_schema(request=WordsShape, responses={201: NoteShape})
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Write a note for the other moderators; it stays as it is."""
        case, given = self.noted(id), self.given(WordsShape)
        outcome = self.act(actions.write_note, status=201, case_id=id, **given)
        note = moderation.notes_on(case).get(pk=outcome.subjects[0][1])
        return Response(NoteShape(note).data, outcome.status)


class Languages(Call):
    reading = Scope.OFFICE
    permission_classes = [IsAuthenticated]

    @extend_schema(responses=LanguagesShape)
    def get(self, request: Request) -> Response:
        """The languages from which your next case comes first: those you stated, else that of your pages."""
        rules.may_take_cases(self.person).require()
        return self._answer()

    @extend_schema(request=LanguagesShape, responses=LanguagesShape)
    def put(self, request: Request) -> Response:
        """State the languages that you read well enough to judge a text, all of them."""
        rules.may_take_cases(self.person).require()
        self.act(actions.state_languages, **self.given(LanguagesShape))
        return self._answer()

    def _answer(self) -> Response:
        assert isinstance(self.person, User)
        return Response({"languages": readers.read_by(self.person)})


class Opinions(_OfACase):
    @extend_schema(responses=OpinionShape(many=True))
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Who was asked about a case, and what they said."""
        return Response(OpinionShape(readers.opinions_on(self.noted(id)), many=True).data)

    @extend_schema(request=AskShape, responses={201: OpinionShape})
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Ask somebody by name, as the secretariat: they read this one text, and get no role."""
        case, given = self.case(id), self.given(AskShape)
        rules.may_ask_opinion(self._moderator(), case).require()
        person = accounts.person_with_address(given["person"])
        if person is None:
            raise invalid(person=_("There is no account with this confirmed address."))
        outcome = self.act(
            actions.ask_opinion, status=201, case_id=id, person_id=person.pk, question=given["question"]
        )
        asked = readers.opinions_on(case).get(pk=outcome.subjects[0][1])
        return Response(OpinionShape(asked).data, outcome.status)

    def _moderator(self) -> User:
        assert isinstance(self.person, User)
        return self.person


class OneOpinion(Call):
    permission_classes = [IsAuthenticated]

    @extend_schema(responses=AskedShape)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """What you were asked by name, with the text while you may read it."""
        return Response(self._shown(self._asked(id)))

    @extend_schema(request=WordsShape, responses=AskedShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Say once what you think of it; moderators of the consultation read it with your name."""
        self._asked(id)
        outcome = self.act(actions.give_opinion, opinion_id=id, **self.given(WordsShape))
        return Response(self._shown(self._asked(id)), outcome.status)

    def _asked(self, key: UUID) -> Opinion:
        asked = readers.opinion_for(self.person, key) if isinstance(self.person, User) else None
        if asked is None:
            raise NotFound
        return asked

    def _shown(self, asked: Opinion) -> Any:
        item = asked.case.item
        open_to_them = bool(rules.may_give_opinion(asked, at=self.at))
        subject = describe([item])[item.pk] if open_to_them else None
        if subject is not None:
            looking.at_subjects(self.request, [(item.pk, subject)])
        asked.subject = subject  # type: ignore[attr-defined]
        return AskedShape(asked).data
