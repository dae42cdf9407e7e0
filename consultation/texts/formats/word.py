"""The text as a Word file; what changed stands in it as tracked changes (ECMA-376 part 1, 17.13.5)."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.conf import settings
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from consultation.kit import word_file
from consultation.kit.redline import Op
from consultation.kit.word_file import ATTENTION, SANS, SERIF
from consultation.kit.xml_text import xml_text
from consultation.texts.formats.document import Document, Line, Section

TAGS = {Op.ADDED: "w:ins", Op.REMOVED: "w:del"}
AUTHOR_LIMIT = 120


def make(document: Document) -> bytes:
    """Return the file (Office Open XML).

    Accepting all its changes leaves the later text, rejecting all the earlier one. They bear the name of the
    secretariat and the time of the version that made them.
    """
    writer = _Writer(document)
    writer.front()
    for line in document.preamble:
        writer.line(line, "Preamble", document.preamble_language, document.preamble_direction)
    for section in document.sections:
        writer.section(section)
    writer.colophon()
    properties = writer.file.core_properties
    properties.title = xml_text(f"{document.front.title.text}, {document.kind}")
    properties.author = settings.SITE_NAME
    properties.language = document.front.language
    properties.comments = ""
    properties.created = properties.modified = document.at.astimezone(UTC).replace(tzinfo=None)
    buffer = io.BytesIO()
    writer.file.save(buffer)
    return _timeless(buffer)


def _timeless(made: io.BytesIO) -> bytes:
    """The same file without the moment at which it was packed: the same document, the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(zipfile.ZipInfo(part.filename), old.read(part), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


class _Writer:
    """Writes one document, top to bottom."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.file = word_file.new(from_right=document.front.direction == "rtl")
        self.styles = _set_styles(self.file)
        self.changes = count(1)
        self.changed_at = document.at

    def front(self) -> None:
        document = self.document
        self.own(settings.SITE_NAME, "Furniture")
        self.said(
            document.front.title.text, "Title", document.front.title.language, document.front.title.direction
        )
        self.own(document.front.subject, "Initiators")
        self.own(document.as_of, "Furniture")
        for note in document.front.notes:
            self.said(note.text, "Normal", note.language, note.direction)

    def section(self, section: Section) -> None:
        self.changed_at = section.changed_at or self.document.at
        language, direction, end = section.language, section.direction, section.title.end
        if section.heading:
            self.line(section.heading, "Group", language, direction)
        number = Line(((end, f"{section.number}  "), *section.title.pieces), end)
        self.line(number, "Heading 1", language, direction)
        if section.facts:
            facts = Line(((end, section.facts),), end)
            self.line(facts, "Furniture", self.document.front.language, self.document.front.direction)
        if section.note:
            for run in self.own(section.note, "Normal").runs:
                run.font.color.rgb = ATTENTION
        for line in section.lines:
            self.line(line, "Text" if line.label else "Body", language, direction)

    def colophon(self) -> None:
        document = self.document
        for sentence in document.withdrawn:
            self.own(sentence, "Normal")
        self.own(document.colophon_title, "Heading 2")
        for fact in document.colophon:
            paragraph = self.own(f"{fact.label}: ", "Furniture")
            self.run(paragraph, Op.SAME, fact.value, "en", "ltr")
        foot = self.file.sections[0].footer.paragraphs[0]
        foot._p.style = self.styles["Furniture"]
        self.run(foot, Op.SAME, f"{document.address}  ", "en", "ltr")
        number = OxmlElement("w:fldSimple")
        number.set(qn("w:instr"), "PAGE")
        foot._p.append(number)

    def own(self, text: str, style: str) -> Paragraph:
        """One of the document's own sentences."""
        return self.said(text, style, self.document.front.language, self.document.front.direction)

    def said(self, text: str, style: str, language: str, direction: str) -> Paragraph:
        return self.line(Line(((Op.SAME, text),)), style, language, direction)

    def line(self, line: Line, style: str, language: str, direction: str) -> Paragraph:
        """A paragraph in its own language and direction, with what became of its pieces and of its end."""
        paragraph = self.file.add_paragraph()
        paragraph._p.style = self.styles[style]
        if direction == "rtl":
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        if line.end is not Op.SAME:
            mark = OxmlElement("w:rPr")
            mark.append(self.change(line.end))
            paragraph._p.get_or_add_pPr().append(mark)
        if line.label:
            self.run(paragraph, Op.SAME, f"{line.label}\t", "en", "ltr")
        for op, text in line.pieces:
            self.run(paragraph, op, text, language, direction)
        return paragraph

    def run(self, paragraph: Paragraph, op: Op, text: str, language: str, direction: str) -> None:
        if not text:
            return
        run = paragraph.add_run(xml_text(text))
        word_file.mark(run._element.get_or_add_rPr(), language, direction)
        if op is Op.SAME:
            return
        change = self.change(op)
        run._element.addprevious(change)
        change.append(run._element)
        if op is Op.REMOVED:
            for words in run._element.findall(qn("w:t")):
                words.tag = qn("w:delText")

    def change(self, op: Op) -> Any:
        """The element that says who changed what and when."""
        element = OxmlElement(TAGS[op])
        element.set(qn("w:id"), str(next(self.changes)))
        element.set(qn("w:author"), xml_text(self.document.front.author)[:AUTHOR_LIMIT])
        element.set(qn("w:date"), _moment(self.changed_at))
        return element


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _set_styles(file: Any) -> dict[str, str]:
    """Make the styles; returns their identifiers by their names."""
    word_file.style(file, "Normal", SANS, 9.5, after=4)
    word_file.style(file, "Title", SERIF, 26, after=4)
    word_file.style(file, "Initiators", SERIF, 13, after=6)
    word_file.style(file, "Furniture", SANS, 8, after=4)
    word_file.style(file, "Preamble", SERIF, 12.5, before=8, after=8)
    word_file.style(file, "Group", SERIF, 12, before=22, after=0, keep=True)
    word_file.style(file, "Heading 1", SERIF, 19, before=20, after=4)
    word_file.style(file, "Heading 2", SERIF, 13, before=22, after=4)
    word_file.style(file, "Text", SERIF, 12, after=7, rail=True, hang=True)
    word_file.style(file, "Body", SERIF, 12, after=7)
    return {style.name: style.style_id for style in file.styles if style.name}
