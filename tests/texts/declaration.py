"""Thirty articles in six languages as a folder that `load_text` reads: the Declaration's, or made up."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DATA = Path(os.environ.get("ACCORD_DATA", "")) / "udhr" / "udhr_six.json"
HAS_DATA = "ACCORD_DATA" in os.environ and DATA.is_file()
CODES = {"zh": "zh-hans"}
FACTS = """\
slug: declaration
authoritative: en
languages: [en, fr, es, ru, ar, zh-hans]
zone: UTC
rounds:
  - {number: 1, acts: [comment, discuss, endorse], days: 60}
"""
SENTENCES = {
    "en": "Article {number} says that everyone is free, and equal before the law.",
    "fr": "L’article {number} dit que chacun est libre, et égal devant la loi ; nul n’en est exclu.",
    "es": "El artículo {number} dice que toda persona es libre e igual ante la ley.",
    "ru": "Статья {number} говорит, что каждый человек свободен и равен перед законом.",
    "ar": "تقول المادة {number} إن كل إنسان حر ومتساوٍ أمام القانون.",
    "zh": "第{number}条规定，人人自由，法律面前人人平等。",
}


def declaration() -> list[dict[str, Any]]:
    """The Universal Declaration of Human Rights in six languages (eric-muller/udhr; United Nations text)."""
    return json.loads(DATA.read_text(encoding="utf-8"))


def made_up() -> list[dict[str, Any]]:
    """Texts of the same shape, for where there is no Declaration."""
    return [
        {
            "lang": code,
            "title": sentence.format(number=0),
            "preamble": [sentence.format(number="—"), sentence.format(number="…")],
            "articles": [
                {
                    "number": number,
                    "title": sentence.format(number=number)[:20].strip(),
                    "paras": [sentence.format(number=f"{number}.{part}") for part in range(number % 3 + 1)],
                }
                for number in range(1, 31)
            ],
        }
        for code, sentence in SENTENCES.items()
    ]


def write(texts: list[dict[str, Any]], folder: Path) -> Path:
    """The folder, with these texts in it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "consultation.yaml").write_text(FACTS, encoding="utf-8")
    for text in texts:
        code = CODES.get(text["lang"], text["lang"])
        (folder / f"{code}.md").write_text(_markdown(code, text), encoding="utf-8")
    return folder


def _markdown(code: str, text: Mapping[str, Any]) -> str:
    front = json.dumps({"language": code, "title": text["title"]}, ensure_ascii=False)
    articles = [
        f"## {article['number']}. {article['title']}\n\n" + "\n\n".join(article["paras"])
        for article in text["articles"]
    ]
    return f"---\n{front}\n---\n" + "\n\n".join([*text["preamble"], *articles]) + "\n"


def words(texts: list[dict[str, Any]]) -> dict[tuple[int, str], tuple[str, str]]:
    """Title and body of each article by number and language."""
    return {
        (article["number"], CODES.get(text["lang"], text["lang"])): (
            article["title"],
            "\n\n".join(article["paras"]),
        )
        for text in texts
        for article in text["articles"]
    }
