"""Documents for print: PDF/UA-1, set by Typst from data that is never read as markup."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

import typst
from django.conf import settings

from consultation.kit.glyphs import font_folders

# Colours, letters, directions, signs: what most documents begin with.
GROUND = "typst/ground.typ"


def pdf(template: str, data: dict[str, Any], *, at: datetime, ground: str = "") -> bytes:
    """Return the document that `template` (a name under templates/) makes of plain values.

    It begins with what `ground`, another such name, says, if one is given. Every text in `data` must be
    `glyphs.printable`: a letter that no font has fails the whole file. `at` is the document's own time;
    under one version of Typst the same data and time give the same bytes.
    """
    return typst.compile(
        # Not through Django's loader: it would read Typst's braces as its own.
        b"\n".join(_read(name) for name in (ground, template) if name),
        format="pdf",
        pdf_standards=["ua-1"],
        font_paths=_fonts(),
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )


def _read(name: str) -> bytes:
    return (settings.BASE_DIR / "templates" / name).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=font_folders())
