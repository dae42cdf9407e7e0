"""Forty queries in ten scripts, with what they must and must not find. Shared by every test of a search."""

from typing import NamedTuple


class SearchCase(NamedTuple):
    """`query` finds each text of `finds` and none of `misses`."""

    query: str
    finds: tuple[str, ...]
    misses: tuple[str, ...]


LATIN = [
    SearchCase(
        "governance", ("Governance of AI.", "AI-governance", "ＧＯＶＥＲＮＡＮＣＥ"), ("government", "govern")
    ),
    SearchCase("open data", ("Data must be open.", "open data"), ("Open science", "data")),
    SearchCase(
        '"open data"', ("We want open data.", "open-data policy"), ("Data must be open.", "open the data")
    ),
    SearchCase("data -open", ("Data are shared.",), ("Open data are shared.", "open")),
    SearchCase('data -"open data"', ("Data must be open.",), ("Open data are shared.",)),
    SearchCase(
        "co-operation", ("international co‐operation", "Co-operation"), ("operation and co", "cooperate")
    ),
    SearchCase("education", ("L’Éducation nationale", "éducation"), ("éduquer",)),
    SearchCase("l'intelligence", ("L’intelligence artificielle", "l'intelligence"), ("intelligence",)),
    SearchCase("intelligence", ("L’intelligence artificielle", "d'intelligence"), ("intelligent",)),
    SearchCase("nino", ("El niño tiene derecho.",), ("niña",)),
    SearchCase("STRASSE", ("Die Straße ist lang.",), ("Strasbourg",)),
    SearchCase("Viet Nam", ("Học viện Việt Nam",), ("Viet", "Namibia")),
    SearchCase("20,000", ("at most 20,000 signs",), ("000 or 20",)),
    SearchCase("don't", ("We don’t agree.",), ("We do not agree.",)),
    SearchCase('"P3-42"', ("as said in P3-42, see there",), ("P3 and 42", "P3-43")),
]
GREEK = [
    SearchCase("αθηνων", ("Ακαδημία Αθηνών",), ("Αθήνα",)),
    SearchCase("ΟΔΟΣ", ("η οδός", "οδος"), ("οδοί",)),
]
CYRILLIC = [
    SearchCase("ещё", ("Еще раз.", "ещё"), ("есть",)),
    SearchCase('"права человека"', ("О правах и: права человека.",), ("человека права",)),
    SearchCase("мой", ("мой голос",), ("мои голоса",)),
    SearchCase("державу", ("За держа́ву!",), ("держава",)),
]
ARABIC = [
    SearchCase("الذكاء", ("الذَّكَاءُ الاصطناعي", "الـذكاء"), ("ذكي",)),
    SearchCase("امن", ("أمن المعلومات",), ("أمان",)),
    SearchCase("الإدارة", ("الاداره الرشيدة", "الإدارة"), ("إدارات",)),
    SearchCase('"حقوق الإنسان"', ("إعلان حقوق الانسان",), ("الإنسان له حقوق",)),
    SearchCase("ایران", ("جمهورية إيران",), ("عراق",)),
    SearchCase("٢٠٢٦", ("in 2026", "سنة ۲۰۲۶"), ("2025",)),
]
HEBREW = [
    SearchCase("מדינה", ("מְדִינָה", "מדינה"), ("מדינות",)),
    SearchCase('צה"ל', ('צה"ל',), ("צה",)),
]
DEVANAGARI = [
    SearchCase("हिन्दी", ("हिन्दी भाषा",), ("हिन्द", "हन्द")),
    SearchCase("फरवरी", ("फ़रवरी २०२६",), ("जनवरी",)),
]
HAN = [
    SearchCase("人工智能", ("全球人工智能治理", "人工智能"), ("人工的智能", "智能人工")),
    SearchCase("治", ("全球治理", "法治"), ("全球管理",)),
    SearchCase("AI治理", ("推进AI治理体系",), ("AI的治理", "治理AI")),
    SearchCase("治理 -全球", ("国家治理",), ("全球治理", "全球")),
    SearchCase("「開放科學」", ("支持開放科學運動",), ("科學開放", "開放的科學")),
]
KANA = [
    SearchCase("データ", ("ﾃﾞｰﾀの共有", "オープンデータ"), ("テータ",)),
    SearchCase("日本の科学", ("これは日本の科学です",), ("日本と科学",)),
]
HANGUL = [
    SearchCase("인공지능", ("인공지능은 도구다",), ("인공 도구와 지능",)),
]
THAI = [
    SearchCase("ปัญญา", ("ปัญญาประดิษฐ์เพื่อทุกคน",), ("ประดิษฐ์",)),
]

CASES = LATIN + GREEK + CYRILLIC + ARABIC + HEBREW + DEVANAGARI + HAN + KANA + HANGUL + THAI
