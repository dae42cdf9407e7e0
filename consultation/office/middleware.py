"""The office's door for somebody whose role waits for a second factor."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from consultation.kit.refusal import Refusal
from consultation.texts.rules import has_its_factor
from consultation.web.acts import person_of

FACE = "office"


class SecondFactor:
    """What the office does not show for want of a second factor says so, instead of not being there."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page that says what is missing; None for every other error, and for everybody else."""
        found = request.resolver_match
        if not isinstance(error, Http404 | Refusal) or found is None or found.app_name != FACE:
            return None
        if has_its_factor(person_of(request)):
            return None
        return render(request, "office/second_factor.html", status=403)
