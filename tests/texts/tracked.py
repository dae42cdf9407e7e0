"""Reading a Word file with tracked changes as Word does when all are accepted, or all rejected."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def body(data: bytes) -> ElementTree.Element:
    """The body of the file's main part."""
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")
    found = ElementTree.fromstring(xml).find(f"{W}body")
    assert found is not None
    return found


def paragraphs(data: bytes, *, accepted: bool) -> list[tuple[str, str]]:
    """(style, text) of each paragraph after all changes are accepted, or all rejected.

    A paragraph whose mark goes is one with the next, whose style it takes; nothing is left of an empty one.
    """
    gone = "del" if accepted else "ins"
    read: list[tuple[str, str]] = []
    begun = ""
    for paragraph in body(data).iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        begun += "".join(_text(child, gone) for child in paragraph)
        if paragraph.find(f"{W}pPr/{W}rPr/{W}{gone}") is None:
            read.append((style.get(f"{W}val", "") if style is not None else "", begun))
            begun = ""
    return [each for each in read if each[1]]


def _text(element: ElementTree.Element, gone: str) -> str:
    tag = element.tag.removeprefix(W)
    if tag in ("pPr", gone):
        return ""
    if tag == "br":
        return "\n"
    if tag == "tab":
        return "\t"
    if tag in ("t", "delText"):
        return element.text or ""
    return "".join(_text(child, gone) for child in element)
