"""Word files (Office Open XML): the look of the site, and languages and directions said for each run."""

from __future__ import annotations

import docx
from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

RAIL = Cm(2.4)
# The names under which Word knows its dictionaries.
PROOFED = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
ACCENT, SOFT, ATTENTION = RGBColor(0x0B, 0x55, 0x63), RGBColor(0x48, 0x54, 0x5A), RGBColor(0x85, 0x54, 0x00)
ADDED, REMOVED = RGBColor(0x2A, 0x65, 0x40), RGBColor(0x9C, 0x2F, 0x1F)
SERIF = {
    "ascii": "Palatino Linotype",
    "hAnsi": "Palatino Linotype",
    "cs": "Sakkal Majalla",
    "eastAsia": "SimSun",
}
SANS = {"ascii": "Segoe UI", "hAnsi": "Segoe UI", "cs": "Segoe UI", "eastAsia": "Microsoft YaHei"}


def new(*, from_right: bool) -> WordFile:
    """Return an empty document on A4; `from_right` turns its pages round."""
    file: WordFile = docx.Document()
    _set_page(file, from_right=from_right)
    return file


def mark(properties: object, language: str, direction: str) -> None:
    """Say the language, and that complex script fonts and order apply, for one run."""
    if direction == "rtl":
        properties.append(OxmlElement("w:rtl"))  # type: ignore[attr-defined]
    language = PROOFED.get(language, language)
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), language)
    tag.set(qn("w:eastAsia"), language)
    tag.set(qn("w:bidi"), language)
    properties.append(tag)  # type: ignore[attr-defined]


def set_fonts(properties: object, fonts: dict[str, str]) -> None:
    element = properties.get_or_add_rFonts()  # type: ignore[attr-defined]
    for script, name in fonts.items():
        element.set(qn(f"w:{script}"), name)


def _set_page(file: WordFile, *, from_right: bool) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    if from_right:
        grid = section._sectPr.find(qn("w:docGrid"))
        grid.addprevious(OxmlElement("w:bidi"))


def style(
    file: WordFile,
    name: str,
    fonts: dict[str, str],
    size: float,
    *,
    before: float = 0,
    after: float = 0,
    rail: bool = False,
    hang: bool = False,
    keep: bool = False,
    bold: bool | None = None,
) -> None:
    known = name in file.styles
    made = file.styles[name] if known else file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.font.size = Pt(size)
    made.font.bold = bold if bold is not None else False if name.startswith("Heading") else None
    made.font.italic = False
    made.font.color.rgb = RGBColor(0x1A, 0x21, 0x25)
    made.font.cs_bold = made.font.bold
    properties = made.element.get_or_add_rPr()
    set_fonts(properties, fonts)
    # Letters of complex scripts (Arabic, Hebrew) have a size of their own.
    for given in properties.findall(qn("w:szCs")):
        properties.remove(given)
    complex_size = OxmlElement("w:szCs")
    complex_size.set(qn("w:val"), str(int(size * 2)))
    properties.find(qn("w:sz")).addnext(complex_size)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        properties.rFonts.attrib.pop(qn(f"w:{theme}"), None)
    for border in made.element.get_or_add_pPr().findall(qn("w:pBdr")):
        made.element.pPr.remove(border)
    layout = made.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.left_indent = RAIL if rail else Cm(0)
    layout.first_line_indent = -RAIL if hang else Cm(0)
    layout.keep_with_next = keep or name.startswith("Heading")
    if hang:
        layout.tab_stops.add_tab_stop(RAIL)
