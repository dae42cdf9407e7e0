import time

import pytest

from consultation.kit.refinding import Fate, Refinder

OLD = (
    "All states share data openly. Automated decisions are reviewed by a person before they take effect. "
    "Nobody sells data."
)
CHINESE = "人工智能的发展应当造福全人类。各国应当平等参与治理。任何人不得滥用数据。"
ARABIC = "تخضع القرارات الآلية لمراجعة إنسان قبل أن تنفذ. ولا يبيع أحد بيانات الناس."


def became(old, new, exact, prefix="", suffix=""):
    """What became of a passage, and the words where it stands now."""
    found = Refinder(old, new).find(exact, prefix, suffix)
    if found is None:
        return None
    assert old[found.was.start : found.was.end] == exact
    return found.fate, new[found.now.start : found.now.end] if found.now else None


@pytest.mark.parametrize(
    ("new", "exact", "now"),
    [
        # where it stood, while words around it came and went
        (f"A new sentence. {OLD}", "Automated decisions", "Automated decisions"),
        (OLD.replace("openly", "with all"), "reviewed by a person", "reviewed by a person"),
        # a line wrapped anew is no change
        (OLD.replace("by a person before", "by a person\nbefore"), "a person before", "a person\nbefore"),
        # moved as a whole
        (
            "Nobody sells data. " + OLD.replace(" Nobody sells data.", ""),
            "Nobody sells data",
            "Nobody sells data",
        ),
        (
            "Nobody sells data. Automated decisions are reviewed by a person before they take effect.",
            "Automated decisions are reviewed by a person before they take effect.",
            "Automated decisions are reviewed by a person before they take effect.",
        ),
    ],
)
def test_the_same_words_are_found_where_they_went(new, exact, now):
    assert became(OLD, new, exact) == (Fate.FOUND, now)


@pytest.mark.parametrize(
    ("old", "new", "exact", "now"),
    [
        (
            OLD,
            OLD.replace("reviewed by a person", "always reviewed by a trained person"),
            "decisions are reviewed by a person before",
            "decisions are always reviewed by a trained person before",
        ),
        (
            OLD,
            OLD.replace("Automated decisions are", "Every automated decision is"),
            "Automated decisions are reviewed by a person",
            "Every automated decision is reviewed by a person",
        ),
        # moved and changed
        (
            OLD,
            "Nobody sells data. All states share data openly. "
            "Automated decisions shall be reviewed by one person before they take effect.",
            "Automated decisions are reviewed by a person before they take effect.",
            "Automated decisions shall be reviewed by one person before they take effect.",
        ),
        (
            CHINESE,
            "各国应当平等参与全球人工智能治理。人工智能的发展应当造福于全人类。",
            "人工智能的发展应当造福全人类",
            "人工智能的发展应当造福于全人类",
        ),
        (
            CHINESE,
            "各国应当平等参与全球人工智能治理。人工智能的发展应当造福于全人类。",
            "各国应当平等参与治理",
            "各国应当平等参与全球人工智能治理",
        ),
        (
            ARABIC,
            ARABIC.replace("لمراجعة إنسان", "دائما لمراجعة إنسان مدرب"),
            "القرارات الآلية لمراجعة إنسان قبل أن تنفذ",
            "القرارات الآلية دائما لمراجعة إنسان مدرب قبل أن تنفذ",
        ),
    ],
)
def test_words_that_were_changed_are_found_with_their_changes(old, new, exact, now):
    assert became(old, new, exact) == (Fate.CHANGED, now)


@pytest.mark.parametrize(
    ("old", "new", "exact", "prefix"),
    [
        (OLD, "Automated decisions are reviewed by a person. Nobody sells data.", "share data openly", ""),
        # the word stands elsewhere still, but not this one
        (OLD, OLD.replace("share data openly", "cooperate"), "data", "share "),
        (
            OLD,
            OLD.replace("Automated decisions are reviewed by a person before they", "Laws"),
            "a person before",
            "",
        ),
        (OLD, "", "Nobody sells data", ""),
        (CHINESE, "人工智能的发展应当造福全人类。各国应当平等参与治理。", "任何人不得滥用数据", ""),
        (ARABIC, "ولا يبيع أحد بيانات الناس.", "لمراجعة إنسان", ""),
    ],
)
def test_words_of_which_nothing_is_left_are_gone(old, new, exact, prefix):
    assert became(old, new, exact, prefix) == (Fate.GONE, None)


def test_a_passage_that_the_earlier_text_lacks_is_in_none():
    assert became(OLD, OLD, "банк данных") is None
    assert became(OLD, OLD, "") is None


def test_context_tells_repeated_words_apart():
    old, new = "One data. Two data. Three data.", "Zero data. One data. Three data."
    assert became(old, new, "data", prefix="Two ") == (Fate.GONE, None)
    found = Refinder(old, new).find("data", prefix="Three ")
    assert (found.fate, found.now) == (Fate.FOUND, (27, 31))


def test_a_thousand_passages_of_ten_thousand_words_take_a_second():
    words = [f"word{number}" for number in range(10_000)]
    old = " ".join(words)
    new = " ".join(f"{word}s" if place % 50 == 7 else word for place, word in enumerate(words))
    refinder = Refinder(old, new)
    began = time.perf_counter()
    found = [refinder.find(" ".join(words[start : start + 12])) for start in range(0, 9_980, 10)]
    assert time.perf_counter() - began < 5
    assert {each.fate for each in found} == {Fate.FOUND, Fate.CHANGED}
