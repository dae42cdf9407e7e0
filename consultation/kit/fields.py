"""Form fields for words in any language."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from consultation.kit.text import clean, too_long, validate_text


class WordsField(forms.CharField):
    """A text of at most `limit` code points, kept as typed: not stripped, line ends as \\n.

    Blank is what holds white space only. The browser is told the limit as `data-limit`, not as
    `maxlength`: browsers count UTF-16 units, and would cut what is allowed.
    """

    def __init__(self, *, limit: int, rows: int | None = 8, **options: Any) -> None:
        """`rows` is the height of the box in lines; None makes a box of one line."""
        self.limit = limit
        if "widget" not in options:
            options["widget"] = forms.TextInput() if rows is None else forms.Textarea({"rows": rows})
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text or not text.strip():
            return ""
        validate_text(text)
        text = clean(text)
        if sentence := too_long(text, self.limit):
            raise ValidationError(sentence, code="max_length")
        return text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"dir": "auto", "data-limit": self.limit}
