"""Words for synthetic contributions in eight languages, which read like nothing."""

from __future__ import annotations

import random

WORDS = {
    "en": "public register review principle every country should text name measure training "
    "data open report clear access small institution time language voice standard safety "
    "human oversight benefit shared result",
    "fr": "registre public examen principe chaque pays devrait texte nommer mesure formation "
    "données ouvert rapport clair accès petite institution temps langue voix norme sûreté "
    "humaine contrôle bénéfice partagé",
    "es": "registro público revisión principio cada país debería texto nombrar medida formación "
    "datos abierto informe claro acceso pequeña institución tiempo lengua voz norma "
    "seguridad humana control beneficio común",
    "ru": "открытый реестр проверка принцип каждая страна должна текст назвать мера обучение "
    "данные доступ отчёт ясный малый институт время язык голос стандарт безопасность "
    "человек контроль польза общий результат",
    "ar": "سجل عام مراجعة مبدأ كل بلد ينبغي نص تسمية قياس تدريب بيانات مفتوح تقرير واضح وصول "
    "مؤسسة صغيرة وقت لغة صوت معيار سلامة إنسان رقابة منفعة مشتركة نتيجة",
    "zh-hans": "公开 登记 审查 原则 各国 应当 文本 说明 衡量 培训 数据 开放 报告 明确 获取 "
    "小型 机构 时间 语言 声音 标准 安全 人类 监督 利益 共享 成果",
    "sw": "rejista wazi ukaguzi kanuni kila nchi inapaswa maandishi jina kipimo mafunzo data "
    "ripoti dhahiri fursa taasisi ndogo wakati lugha sauti kiwango usalama binadamu "
    "usimamizi faida pamoja matokeo",
    "hi": "सार्वजनिक पंजी समीक्षा सिद्धांत हर देश चाहिए पाठ नाम माप प्रशिक्षण आँकड़े खुला विवरण "
    "स्पष्ट पहुँच छोटी संस्था समय भाषा आवाज़ मानक सुरक्षा मानव निगरानी लाभ साझा परिणाम",
}
SHARES = {"en": 46, "fr": 12, "es": 12, "ar": 8, "zh-hans": 8, "ru": 6, "sw": 4, "hi": 4}

_LISTS = {language: words.split() for language, words in WORDS.items()}
_LANGUAGES, _WEIGHTS = list(SHARES), list(SHARES.values())
_NAMES = (
    "Academy of Sciences",
    "Society for Computing",
    "Institute of Technology",
    "University",
    "Forum on Data",
)


def language(dice: random.Random) -> str:
    """One of the languages, as often as institutions write in it."""
    return dice.choices(_LANGUAGES, _WEIGHTS)[0]


def sentence(dice: random.Random, code: str, *, longest: int = 14) -> str:
    """A sentence of six words at least."""
    words = dice.choices(_LISTS[code], k=dice.randint(6, longest))
    if code == "zh-hans":
        return "".join(words) + "。"
    text = " ".join(words)
    return text[0].upper() + text[1:] + ("।" if code == "hi" else ".")


def paragraph(dice: random.Random, code: str) -> str:
    """One to six sentences."""
    joint = "" if code == "zh-hans" else " "
    return joint.join(sentence(dice, code) for _ in range(dice.randint(1, 6)))


def institution(dice: random.Random, number: int) -> str:
    """A name that no other institution of this kind has."""
    return f"{dice.choice(_NAMES)} {number}"
