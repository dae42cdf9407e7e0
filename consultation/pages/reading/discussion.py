"""The comments on a principle: filtered, a page at a time, and what each reader may do with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Institution
from consultation.comments import queries as comments
from consultation.comments.models import Comment, Stance
from consultation.comments.queries import CommentFilters
from consultation.kit import keyset
from consultation.kit.keyset import Ordering
from consultation.pages.reading import cards, folding
from consultation.pages.reading.folding import Line
from consultation.pages.reading.hats import Hats
from consultation.web.answers import new_claim

SIZE = 20
PARAMETER_LIMIT = 500
ORDERS = {each.name: each for each in (comments.NEWEST, comments.OLDEST, comments.MOST_COSIGNED)}
# What narrows a discussion down: without any of it, it is what begins a thread, in time.
NARROWING = (
    "kind", "region", "country", "type", "institution", "language", "proposal", "unanswered", "late", "q"
)  # fmt: skip
YES = "yes"
# The value of `until` where a run of one institution goes to the end of the list.
END = "end"


@dataclass(frozen=True)
class Listing:
    """One page of cards, and the addresses of the next and the previous one."""

    cards: list[dict[str, Any]]
    next_url: str = ""
    previous_url: str = ""


def filters(query: QueryDict, *, principle: int | None = None, whole_text: bool = False) -> CommentFilters:
    """What the address asks for; what it does not know is passed over."""
    narrowed = narrowing(query) or bool(asked(query, "words"))
    late = True if asked(query, "late") == YES else None
    return CommentFilters(
        principle=principle,
        whole_text=whole_text,
        kind=asked(query, "kind"),
        institution=asked(query, "institution"),
        type=asked(query, "type"),
        country=asked(query, "country"),
        region=asked(query, "region"),
        language=asked(query, "language"),
        q=asked(query, "q"),
        proposal=asked(query, "proposal") == YES,
        unanswered=asked(query, "unanswered") == YES,
        starts=not narrowed,
        late=late if narrowed else False,
    )


def narrowing(query: QueryDict) -> bool:
    """Whether the address asks for some of the comments only.

    One run of an institution, as the lines of a list lead to it, is a part of the whole list.
    """
    names = [name for name in NARROWING if asked(query, name)]
    return names != ["institution"] if names and asked(query, "until") else bool(names)


def asked(query: QueryDict, name: str) -> str:
    """One parameter of an address, without what no database can hold."""
    return query.get(name, "").replace("\x00", "")[:PARAMETER_LIMIT]


def listing(
    request: HttpRequest,
    found: QuerySet[Comment],
    hats: Hats,
    *,
    keys: Sequence[UUID] | None = None,
    ordering: Ordering | None = None,
) -> Listing:
    """The page that `?order=` (unless `ordering` is given) and `?cursor=` name, to the place `?until=`.

    `keys` are the only comments wanted, where given. Raises CursorRefused.
    """
    if keys is not None:
        found = found.filter(pk__in=keys)
    ordering = ordering or ORDERS.get(request.GET.get("order", ""), comments.NEWEST)
    if ordering is comments.MOST_COSIGNED:
        found = comments.with_counts(found)
    if (until := asked(request.GET, "until")) and until != END:
        found = keyset.between(found, ordering, end=until)
    cursor = request.GET.get("cursor") or None
    page = keyset.page(found.order_by(), ordering, size=SIZE, cursor=cursor)
    return Listing(
        with_cards([each.pk for each in page.results], hats),
        address(request, cursor=page.next_cursor) if page.next_cursor else "",
        address(request, cursor=page.previous_cursor) if page.previous_cursor else "",
    )


def folded(
    request: HttpRequest, found: QuerySet[Comment], hats: Hats, *, keys: Sequence[UUID] | None = None
) -> Listing:
    """As `listing`, but that neighbours of one institution are one line, which leads to them.

    What is of one institution, or ordered by co-signatures, is listed as it is. Raises CursorRefused.
    """
    ordering = ORDERS.get(request.GET.get("order", ""), comments.NEWEST)
    cursor = request.GET.get("cursor") or None
    plain = ordering is comments.MOST_COSIGNED or asked(request.GET, "institution")
    if plain or keyset.leads_back(cursor, ordering):
        return listing(request, found, hats, keys=keys)
    if keys is not None:
        found = found.filter(pk__in=keys)
    lines, following = folding.lines(found.order_by(), ordering, size=SIZE, cursor=cursor)
    shown = with_cards([each.comment.pk for each in lines], hats)
    behind = {each.comment.reference: each for each in lines if each.behind}
    for card in shown:
        if (line := behind.get(card["reference"])) is not None:
            card["fold"] = _fold(request, line, card["speaker"])
    return Listing(
        shown,
        address(request, cursor=following) if following else "",
        address(request, cursor=None) if cursor else "",
    )


def _fold(request: HttpRequest, line: Line, speaker: str) -> dict[str, Any]:
    """How many more of its institution follow, and the address at which they are."""
    url = address(request, institution=speaker, cursor=line.start, until=line.end or END)
    return {"number": line.behind, "url": f"{url}#discussion"}


def with_cards(keys: Sequence[UUID], hats: Hats) -> list[dict[str, Any]]:
    """The cards of these public comments, in this order: two queries whatever the number."""
    own = [each.pk for each in hats.institutions]
    rows = comments.with_cards(comments.public().filter(pk__in=keys), of=own)
    found = {each.pk: each for each in rows}
    return [cards.card(found[key], acts=acts(found[key], hats)) for key in keys if key in found]


def address(request: HttpRequest, **changes: str | None) -> str:
    """The present address with other parameters; those that are None are left out."""
    query = {name: value for name, value in request.GET.items() if value} | changes
    kept = {name: value for name, value in query.items() if value is not None}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def acts(comment: Comment, hats: Hats) -> list[dict[str, Any]]:
    """What this reader may do with a public comment: co-sign, disagree, reply."""
    if not hats.discussing or not hats.institutions:
        return []
    page = cards.url(comment)
    reply = {"label": _("Reply"), "url": f"{page}#reply"}
    others = [each for each in hats.institutions if each.pk != comment.institution_id and each.verified]
    if not others:
        return [reply]
    if len(others) > 1:
        return [{"label": _("Co-sign or disagree"), "url": f"{page}#cosign"}, reply]
    given = {each.institution_id: each.stance for each in comment.cosignatures_in_force}  # type: ignore[attr-defined]
    return [*stances(comment, others[0], given.get(others[0].pk)), reply]


def stances(comment: Comment, institution: Institution, given: str | None) -> list[dict[str, Any]]:
    """The buttons by which one institution says what it thinks of another's comment, or takes it back."""
    if given == Stance.AGREE:
        return [_stance(comment, institution, "none", _("Take back the co-signature"))]
    if given == Stance.DISAGREE:
        return [_stance(comment, institution, "none", _("Take back the disagreement"))]
    return [
        _stance(comment, institution, Stance.AGREE, _("Co-sign")),
        _stance(comment, institution, Stance.DISAGREE, _("Disagree")),
    ]


def _stance(comment: Comment, institution: Institution, position: str, label: str) -> dict[str, Any]:
    return {
        "label": label,
        "post": reverse("pages:cosign", args=[comment.consultation.slug, comment.reference]),
        "hidden": {"claim": new_claim(), "institution": institution.slug, "position": position},
    }
