"""Which language a text is in, as far as its letters tell: offline, by a packaged model, always alike."""

import threading
from collections import Counter
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from consultation.kit import markdown
from consultation.kit.languages import canonical_tag

FEWEST_LETTERS = 40
# Of the declaration of human rights cut to 60 letters, 99 of 100 passages pass this, and none wrongly.
SURE = 0.8
# A language shows in its first pages; what comes after costs time only.
_READ = 4000

# Written alike: what the model tells apart by dialect is one language to whoever reads it here.
_WRITTEN_AS = {
    "wuu": "zh", "yue": "zh", "ary": "ar", "arz": "ar", "hbo": "he", "grc": "el",
    "bs": "sh", "hr": "sh", "sr": "sh", "nb": "no", "nn": "no",
}  # fmt: skip
_NO_LANGUAGE = {"sh", "zxx"}

_loading = threading.Lock()


def detect(text: str) -> str | None:
    """Return the tag (BCP 47) of the language that a text in Markdown is in; None when that is not sure.

    It is never sure below `FEWEST_LETTERS` letters, nor between languages that are written alike: for
    Bosnian, Croatian and Serbian the author alone knows.
    """
    words = markdown.plain(text[:_READ])
    if sum(map(str.isalpha, words)) < FEWEST_LETTERS:
        return None
    found, likelihood = likeliest(words)
    return canonical_tag(found) if likelihood >= SURE and found not in _NO_LANGUAGE else None


def looks_otherwise(text: str, language: str) -> str | None:
    """Return the tag of the language that `text` looks like, if it is surely not the one its author chose.

    To ask with, never to decide with: the author's choice counts.
    """
    found = detect(text)
    return None if found is None or _base(found) == _base(language) else found


def likeliest(words: str) -> tuple[str, float]:
    """Return the likeliest language of plain words and how likely it is, from 0 to 1."""
    likelihoods: Counter[str] = Counter()
    for code, likelihood in _identifier().rank(words):
        likelihoods[_base(code)] += likelihood
    return likelihoods.most_common(1)[0]


def _base(tag: str) -> str:
    language = tag.lower().replace("_", "-").split("-")[0]
    return _WRITTEN_AS.get(language, language)


def _identifier() -> LanguageIdentifier:
    # Eight threads that ask at once would each load it: a second and some memory a time.
    with _loading:
        return _load()


@lru_cache(maxsize=1)
def _load() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
