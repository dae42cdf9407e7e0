"""Run inside an installation: a consultation full of hostile lines, among plain neighbours. Prints JSON."""

from __future__ import annotations

import json
import sys

import django

SLUG = "hostile"
NEIGHBOURS = ("The first neighbour's words.", "The last neighbour's words.")
MODERATOR = "moderator1@demo.example"


def main(most: int) -> None:
    """At most so many of the data folder's lines, and all of ours."""
    django.setup()
    from accounts.models import User
    from tests import factories as make
    from tests import naughty

    text = make.consultation(SLUG, policy="post")
    make.with_role(text, "moderator", User.objects.get(email=MODERATOR))
    first = make.sent_comment(text, body=NEIGHBOURS[0])
    lines = naughty.some(most)
    bodies = naughty.chunks(lines)
    hostile = [
        make.sent_comment(
            text,
            make.verified_institution(f"{naughty.OWN[place % 3]} {place}"),
            body=body,
            proposed_text=body,
            passage={"exact": "Systems are open to review."},
        ).reference
        for place, body in enumerate(bodies)
    ]
    make.sent_comment(text, visibility="secretariat", body=bodies[0])
    last = make.sent_comment(text, body=NEIGHBOURS[1])
    neighbours = dict(zip(NEIGHBOURS, (first.reference, last.reference), strict=True))
    json.dump({"hostile": hostile, "neighbours": neighbours}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
