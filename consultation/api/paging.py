"""Pages of lists, by keyset: nothing is skipped or told twice while rows come and go."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from consultation.kit import keyset

CURSOR, SIZE = "cursor", "page_size"
DEFAULT_SIZE, MOST = 20, 100


class KeysetPages(BasePagination):
    """`{next, previous, results}`; `?page_size=` up to 100, `?cursor=` as `next` and `previous` give it.

    A view that uses it names its `ordering`, a `kit.keyset.Ordering`.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """The rows of the page asked for. Raises CursorRefused, and ValidationError for a wrong size."""
        self.address = request.build_absolute_uri()
        self.page = keyset.page(
            queryset,
            view.ordering,  # type: ignore[union-attr]
            size=_size(request),
            cursor=request.query_params.get(CURSOR),
        )
        return self.page.results

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._address_of(self.page.next_cursor),
                "previous": self._address_of(self.page.previous_cursor),
                "results": data,
            }
        )

    def _address_of(self, cursor: str | None) -> str | None:
        return replace_query_param(self.address, CURSOR, cursor) if cursor else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "default": DEFAULT_SIZE}
        return [
            {
                "name": CURSOR,
                "in": "query",
                "schema": {"type": "string"},
                "description": "As `next` and `previous` hold it; any other is refused.",
            },
            {
                "name": SIZE,
                "in": "query",
                "schema": size,
                "description": f"How many results; more than {MOST} gives {MOST}.",
            },
        ]


def _size(request: Request) -> int:
    asked = request.query_params.get(SIZE, str(DEFAULT_SIZE))
    if not (asked.isascii() and asked.isdigit() and asked.strip("0")):
        raise ValidationError({SIZE: [_("Give a number from 1 to 100.")]})
    return min(int(asked.lstrip("0")[:9]), MOST)
