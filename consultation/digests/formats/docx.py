"""The digest as a Word file: the same words in the same order, with styles that a secretary can change."""

from __future__ import annotations

import io
from datetime import UTC

from django.conf import settings
from docx.document import Document as WordFile
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from consultation.digests.composing import Issue, compose
from consultation.digests.content import Content
from consultation.digests.document import (
    Card,
    Country,
    Document,
    Prose,
    Redline,
    Section,
    Stance,
    Standing,
    Words,
)
from consultation.digests.prose import CODE, RULE
from consultation.kit import word_file
from consultation.kit.word_file import ACCENT, ADDED, ATTENTION, RAIL, REMOVED, SANS, SERIF, SOFT
from consultation.kit.xml_text import xml_text


def make(content: Content, issue: Issue) -> bytes:
    """Return the file (Office Open XML)."""
    document = compose(content, issue)
    writer = _Writer(document)
    writer.front()
    for section in document.sections:
        writer.section(section)
    writer.colophon()
    writer.foot(f"{content.address}/consultations/{content.slug}/digests/{issue.id}/")
    properties = writer.file.core_properties
    properties.title = xml_text(f"{document.title.text}, {document.kind}")
    properties.author = settings.SITE_NAME
    properties.language = document.language
    properties.comments = ""
    properties.created = properties.modified = content.cutoff_at.astimezone(UTC).replace(tzinfo=None)
    buffer = io.BytesIO()
    writer.file.save(buffer)
    return buffer.getvalue()


class _Writer:
    """Writes one document, top to bottom."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.file = word_file.new(from_right=document.direction == "rtl")
        self.styles = _set_styles(self.file)
        self.beside_the_rail = {self.styles[name] for name in ("Words", "Quotation", "Lemma", "Proposal")}

    def paragraph(self, style: str) -> Paragraph:
        # By its identifier: the library looks through all styles for a name, which is most of the time spent.
        paragraph = self.file.add_paragraph()
        paragraph._p.style = self.styles[style]
        return paragraph

    def front(self) -> None:
        document = self.document
        self.line(settings.SITE_NAME, "Furniture")
        self.words(document.title, "Title")
        self.line(document.subject, "Subtitle")
        self.line(document.as_of, "Furniture")
        for note in document.notes:
            self.words(note, "Normal")
        self.line(" · ".join(f"{fact.label}: {fact.value}" for fact in document.facts), "Normal")
        self.line(document.reading_title, "Heading 2")
        for sentence in document.reading:
            self.line(sentence, "Normal")

    def section(self, section: Section) -> None:
        if section.heading:
            self.words(section.heading, "Furniture")
        title = self.words(section.title, "Heading 1", before=f"{section.number}  " if section.number else "")
        title.paragraph_format.keep_with_next = True
        if section.version:
            self.line(section.version, "Furniture")
        for paragraph in section.paragraphs:
            self.words(paragraph.words, "Text", before=f"{paragraph.label}\t")
        if section.standing:
            self.standing(section.standing)
        discussion = section.discussion
        self.line(discussion.title, "Heading 2")
        self.cards(discussion.comments)
        self.optional(discussion.left_out)
        self.countries(discussion.references)

    def standing(self, standing: Standing) -> None:
        self.line(standing.finding, "Strong line")
        for stance in standing.stances:
            self.stance(stance)
        self.optional(standing.not_listed)
        if standing.statements_title:
            self.line(standing.statements_title, "Heading 2")
            self.cards(standing.statements)
        self.optional(standing.left_out)

    def cards(self, cards: tuple[Card, ...]) -> None:
        for card in cards:
            self.card(card)

    def card(self, card: Card) -> None:
        head = self.paragraph("Card")
        if card.reference:
            self.link(head, card.address, card.reference)
        self.direct(head, self.document.direction)
        self.run(head, f"\t{card.day}  " if card.reference else f"{card.day}\t", colour=SOFT)
        if card.who:
            _strong(self.run(head, card.who.text, card.who.language, card.who.direction))
            self.run(head, f"  {card.about}", colour=SOFT)
        if card.lemma:
            self.lemma(card.lemma)
        self.optional(card.withheld)
        if card.body:
            self.prose(card.body)
        if card.proposal:
            self.line(card.proposal.label, "Label")
            self.redline(card.proposal)
        if card.support:
            self.line(card.support, "Support")

    def lemma(self, lemma: Words) -> None:
        paragraph = self.words(lemma, "Lemma", after="]")
        for run in paragraph.runs:
            # Only letters that have a slanted form are slanted.
            run.italic = lemma.direction == "ltr" and not lemma.language.startswith(("zh", "ja", "ko"))

    def stance(self, stance: Stance) -> None:
        self.line(f"{stance.count}\t{stance.label}", "Strong line")
        self.countries(stance.countries)

    def countries(self, countries: tuple[Country, ...]) -> None:
        for country in countries:
            paragraph = self.line("", "Entries")
            _strong(self.run(paragraph, f"{country.name}  "))
            for place, entry in enumerate(country.entries):
                self.run(paragraph, "; " if place else "")
                self.run(paragraph, entry.text, entry.language, entry.direction)

    def prose(self, prose: Prose) -> None:
        for block in prose.blocks:
            paragraph = self.paragraph("Quotation" if block.quoted else "Words")
            self.direct(paragraph, prose.direction)
            if block.depth:
                _indent(paragraph, Cm(0.6) * block.depth, hang=bool(block.marker))
            if block.marker:
                self.run(paragraph, f"{block.marker}\t", prose.language, prose.direction)
            if block.kind == RULE:
                self.run(paragraph, "—", prose.language, prose.direction)
            for part in block.runs:
                if part.address:
                    self.link(paragraph, part.address, part.text)
                    continue
                run = self.run(paragraph, part.text, prose.language, prose.direction)
                run.bold = run.font.cs_bold = part.strong or None
                run.italic = part.emphasis or None
                if part.code or block.kind == CODE:
                    word_file.set_fonts(run._element.get_or_add_rPr(), dict.fromkeys(SANS, "Consolas"))

    def redline(self, redline: Redline) -> None:
        paragraph = self.file.add_paragraph(style="Proposal")
        self.direct(paragraph, redline.direction)
        for piece in redline.pieces:
            run = self.run(paragraph, piece.text, redline.language, redline.direction)
            if piece.op == "added":
                run.underline, run.font.color.rgb = True, ADDED
            elif piece.op == "removed":
                run.font.strike, run.font.color.rgb = True, REMOVED

    def colophon(self) -> None:
        self.line(self.document.colophon_title, "Heading 2")
        for fact in self.document.colophon:
            paragraph = self.line(f"{fact.label}: ", "Normal")
            if fact.address:
                self.link(paragraph, fact.address, fact.value)
            else:
                self.run(paragraph, fact.value)

    def foot(self, address: str) -> None:
        paragraph = self.file.sections[0].footer.paragraphs[0]
        paragraph._p.style = self.styles["Furniture"]
        self.run(paragraph, f"{address}  ", "en", "ltr")
        number = OxmlElement("w:fldSimple")
        number.set(qn("w:instr"), "PAGE")
        paragraph._p.append(number)

    def optional(self, sentence: str) -> None:
        if sentence:
            for run in self.line(sentence, "Words").runs:
                run.font.color.rgb = ATTENTION

    def line(self, text: str, style: str) -> Paragraph:
        """One of the digest's own sentences."""
        paragraph = self.paragraph(style)
        self.direct(paragraph, self.document.direction)
        if text:
            self.run(paragraph, text)
        return paragraph

    def words(self, words: Words, style: str, *, before: str = "", after: str = "") -> Paragraph:
        """Somebody's words, in their own language and direction."""
        paragraph = self.paragraph(style)
        self.direct(paragraph, words.direction)
        if before:
            self.run(paragraph, before, "en", "ltr")
        self.run(paragraph, words.text + after, words.language, words.direction)
        return paragraph

    def run(
        self,
        paragraph: Paragraph,
        text: str,
        language: str = "",
        direction: str = "",
        *,
        colour: RGBColor | None = None,
    ) -> Run:
        run = paragraph.add_run(xml_text(text))
        word_file.mark(
            run._element.get_or_add_rPr(),
            language or self.document.language,
            direction or self.document.direction,
        )
        if colour is not None:
            run.font.color.rgb = colour
        return run

    def link(self, paragraph: Paragraph, address: str, text: str) -> None:
        relation = paragraph.part.relate_to(xml_text(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), relation)
        run = self.run(paragraph, text, "en", "ltr", colour=ACCENT)
        run.underline = True
        link.append(run._element)
        paragraph._element.append(link)

    def direct(self, paragraph: Paragraph, direction: str) -> None:
        if direction != self.document.direction and paragraph._p.style in self.beside_the_rail:
            # The rail stays where the document has it, whichever way the words run.
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.right_indent = Cm(0), RAIL
        if direction == "rtl":
            bidi = OxmlElement("w:bidi")
            paragraph._element.get_or_add_pPr().append(bidi)


def _strong(run: Run) -> None:
    run.bold = run.font.cs_bold = True


def _indent(paragraph: Paragraph, by: int, *, hang: bool) -> None:
    """Indent further, from the side where the words begin: Word turns left and right in a bidi paragraph."""
    layout = paragraph.paragraph_format
    layout.left_indent = (RAIL if layout.left_indent is None else layout.left_indent) + by
    layout.first_line_indent = -Cm(0.6) if hang else Cm(0)


def _set_styles(file: WordFile) -> dict[str, str]:
    """Make the styles; returns their identifiers by their names."""
    word_file.style(file, "Normal", SANS, 9.5, after=4)
    word_file.style(file, "Title", SERIF, 26, after=4)
    word_file.style(file, "Subtitle", SERIF, 14, after=6)
    word_file.style(file, "Heading 1", SERIF, 19, before=26, after=4)
    word_file.style(file, "Heading 2", SERIF, 13, before=14, after=4)
    word_file.style(file, "Furniture", SANS, 8, after=3, keep=True)
    word_file.style(file, "Text", SERIF, 11.5, after=6, rail=True, hang=True)
    word_file.style(file, "Card", SANS, 9.5, before=12, after=3, rail=True, hang=True, keep=True)
    word_file.style(file, "Lemma", SERIF, 10, after=3, rail=True, keep=True)
    word_file.style(file, "Label", SANS, 8, after=3, rail=True, keep=True)
    word_file.style(file, "Support", SANS, 9, before=4, after=4, rail=True, bold=True)
    word_file.style(file, "Words", SANS, 9.5, after=4, rail=True)
    word_file.style(file, "Quotation", SANS, 9.5, after=4, rail=True)
    word_file.style(file, "Proposal", SERIF, 10.5, after=4, rail=True)
    word_file.style(file, "Strong line", SANS, 9, before=4, after=4, rail=True, hang=True, bold=True)
    word_file.style(file, "Entries", SANS, 8.5, after=2, rail=True)
    return {style.name: style.style_id for style in file.styles if style.name}
