"""Contents made by hand: what formats are tried on, without a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from consultation.digests.content import (
    Comment,
    Content,
    Institution,
    Position,
    Principle,
    Text,
    Version,
    Withheld,
)

LAKESHORE = Institution(
    1, "lakeshore", "Lakeshore University of Technology", {}, "KE", "002", "university", demonstration=True
)
FLEUVE = Institution(
    2,
    "fleuve",
    "Institut du Fleuve pour le numérique",
    {"en": "River Institute for the Digital"},
    "SN",
    "002",
    "university",
)
OASIS = Institution(
    3, "oasis", "أكاديمية الواحة للعلوم", {"en": "Oasis Academy of Sciences"}, "JO", "142", "academy"
)
BAMBOO = Institution(
    4, "bamboo", "竹林计算研究所", {"en": "Bamboo Grove Institute"}, "CN", "142", "university"
)
AUSTRAL = Institution(5, "austral", "Sociedad Austral de Computación", {}, "CL", "019", "academy")
SEVER = Institution(6, "sever", "Северный институт вычислений", {}, "KZ", "142", "government")

ENGLISH = Text(
    "en",
    "Equal rights of participation",
    "Research in artificial intelligence, and what is built upon it, crosses every border. Its governance is "
    "therefore a matter for all nations, and not for those alone that lead in the technology.\n\n"
    "All nations enjoy equal rights of participation in the governance of artificial intelligence. Whatever "
    "its size or the level of its technological development, each has an equal voice.",
    authoritative=True,
)
ARABIC = Text(
    "ar",
    "حقوق متساوية في المشاركة",
    "البحث في الذكاء الاصطناعي وما يُبنى عليه يعبر كل الحدود. ولذلك فإن حوكمته شأن جميع الأمم، لا شأن "
    "الأمم الرائدة في هذه التكنولوجيا وحدها.\n\n"
    "تتمتع جميع الأمم بحقوق متساوية في المشاركة في حوكمة الذكاء الاصطناعي. ولكل منها صوت "
    "متساوٍ مهما كان حجمها.",
)
CHINESE = Text(
    "zh-hans",
    "平等的参与权",
    "人工智能研究及其成果跨越一切国界。因此，人工智能治理是各国共同的事务，而不仅仅是技术领先国家的事务。\n\n"
    "各国在人工智能治理中享有平等的参与权。无论国家大小，也无论技术发展水平如何，各国都有平等的发言权。",
)
RUSSIAN = Text("ru", "Равные права на участие", "Все страны имеют равные права на участие в управлении ИИ.")

FIRST = Version(1, "substantive", "2026-04-13T08:00:00Z", "a" * 64, (ENGLISH, ARABIC, CHINESE, RUSSIAN))
SECOND = replace(FIRST, number=2, published_at="2026-07-03T08:00:00.5Z", sha256="b" * 64)
SIXTH = Principle(
    6,
    {"en": "Equality and inclusion", "ar": "المساواة والشمول", "zh-hans": "平等与包容"},
    2,
    (FIRST, SECOND),
)
SEVENTH = Principle(
    7, {}, 1, (replace(FIRST, texts=(replace(ENGLISH, title="An open exchange", body="One paragraph."),)),)
)

_keys = count(1)


def comment(reference: str, who: Institution, body: str, **changes: object) -> Comment:
    """A comment on the second text of principle 6, unless told otherwise."""
    plain = Comment(
        key=f"00000000-0000-7000-8000-{next(_keys):012d}",
        reference=reference,
        principle=6,
        version=2,
        kind="technical",
        institution=who,
        language="en",
        revision=1,
        body=body,
        proposed_text="",
        passage="",
        parent="",
        agree=(),
        disagree=(),
        submitted_at="2026-07-12T09:30:00.123456Z",
        published_at="2026-07-12T10:00:00Z",
        url=f"https://accord.example/consultations/global-ai-governance/comments/{reference}/",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def position(who: Institution, kind: str = "endorse", statement: str = "", **changes: object) -> Position:
    """A position on the second text of principle 6, unless told otherwise."""
    plain = Position(
        key=f"00000000-0000-7000-9000-{next(_keys):012d}",
        institution=who,
        principle=6,
        version=2,
        position=kind,
        statement=statement,
        language="en",
        signed_at="2026-07-20T09:00:00Z",
        to_reaffirm=False,
        recorded=False,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def discussion() -> list[Comment]:
    """A small lively discussion, in four languages and two directions."""
    return [
        comment(
            "P6-12",
            FLEUVE,
            "L’égalité des droits reste une promesse tant que les moyens de participer sont inégaux. "
            "Nous demandons :\n\n- l’accès **aux documents** ;\n- l’*interprétation* ;\n- une place aux "
            "réunions.\n\n> Nul n’est exclu.",
            language="fr",
            passage="equal rights of participation",
            proposed_text="All nations enjoy equal rights and the practical means of participation in the "
            "governance of artificial intelligence. Whatever its size or the level of its technological "
            "development, each has an equal voice.",
            agree=(OASIS, BAMBOO, AUSTRAL),
            disagree=(LAKESHORE,),
        ),
        comment(
            "P6-21",
            BAMBOO,
            "“技术发展水平”容易被理解为参与的门槛。建议改为“不论其所处的技术发展阶段”，以明确平等发言权不以能力为条件。",
            language="zh-hans",
            passage="无论国家大小，也无论技术发展水平如何",
            proposed_text="无论国家大小，也无论其所处的技术发展阶段",
            kind="editorial",
        ),
        comment(
            "P6-23",
            OASIS,
            "نؤيد الإشارة إلى سيادة الدول واستقلالها، ونرى أن يُذكر معها التزام بالتشاور المسبق مع الدول "
            "المتأثرة، حتى لا تُفهم السيادة على أنها إعفاء من المسؤولية المشتركة (P6-12).",
            language="ar",
            passage="حقوق متساوية في المشاركة",
            proposed_text="حقوق متساوية وفعلية في المشاركة",
            parent="P6-12",
            agree=(FLEUVE,),
        ),
        comment("P6-30", AUSTRAL, "", withheld=Withheld("2026-08-04", "hidden", "4")),
        comment(
            "G-1",
            SEVER,
            "Текст **удачен**. См. https://example.org/a.",
            language="ru",
            principle=None,
            version=None,
        ),
    ]


def content(
    comments: Iterable[Comment] | None = None,
    positions: Iterable[Position] | None = None,
    **changes: object,
) -> Content:
    """A content with two principles, a discussion and five positions, unless told otherwise."""
    said = discussion() if comments is None else list(comments)
    held = (
        [
            position(BAMBOO),
            position(AUSTRAL),
            position(
                OASIS,
                "endorse_with_reservation",
                "We endorse, **provided** that 6.2 is read with principle 8.",
            ),
            position(FLEUVE, version=1, to_reaffirm=True),
            position(SEVER, "decline"),
        ]
        if positions is None
        else list(positions)
    )
    withheld = tuple(("comment", each.reference, each.withheld) for each in said if each.withheld)
    plain = Content(
        slug="global-ai-governance",
        titles={
            "en": "Global AI Governance Initiative",
            "ar": "مبادرة الحوكمة العالمية للذكاء الاصطناعي",
            "zh-hans": "全球人工智能治理倡议",
        },
        notes={
            "en": "This is a consultation text based on published reports. It is not the official text.",
            "ar": "هذا نص للتشاور مبني على تقارير منشورة، وليس النص الرسمي.",
            "zh-hans": "本文是根据公开报道拟定的咨询文本，并非倡议的正式文本。",
        },
        licence="CC BY 4.0",
        zone="Asia/Shanghai",
        authoritative="en",
        demonstration=True,
        address="https://accord.example",
        scope=None,
        since=None,
        audience="public",
        cutoff=412,
        cutoff_at=datetime(2026, 8, 4, 14, 0, 0, tzinfo=UTC),
        manifest_sha256="9c1e77a0" * 8,
        principles=(SIXTH, SEVENTH),
        comments=tuple(said),
        positions=tuple(held),
        withheld=withheld,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
