import pytest

from consultation.kit import detection
from tests.texts.declaration import HAS_DATA, declaration

# The first article of the Universal Declaration of Human Rights, as far as 40 to 90 letters.
SENTENCES = {
    "am": "የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩልነት ያለው ነው። የተፈጥሮ ማስተዋልና ሕሊና ስላለው",
    "ar": "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق. وقد وهبوا عقلاً وضميرًا",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft",
    "en": "All human beings are born free and equal in dignity and rights. They are endowed",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están",
    "fa": "تمام افراد بشر آزاد بدنیا میایند و از لحاظ حیثیت و حقوق با هم برابرند. همه دارای عقل",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués",
    "he": "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון",
    "hi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा",
    "ja": "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は",
    "pt": "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом",
    "sw": "Watu wote wamezaliwa huru, hadhi na haki zao ni sawa. Wote wamejaliwa akili na dhamiri",
    "th": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม",
    "uk": "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом",
    "zh": "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。人人自由。",
}


def test_a_sentence_of_forty_letters_tells_its_language_in_any_script() -> None:
    assert {tag: detection.detect(sentence) for tag, sentence in SENTENCES.items()} == {
        tag: tag for tag in SENTENCES
    }


def test_nothing_is_said_below_forty_letters() -> None:
    sentence = "Nous demandons que ce principe soit enfin précis"
    letters = [each for each in sentence if each.isalpha()]

    assert (len(letters), detection.detect(sentence)) == (41, "fr")
    assert detection.detect(sentence[:-2]) is None  # 39
    assert detection.detect("123 456 789 …" * 20) is None


@pytest.mark.parametrize(
    "text",
    [
        "https://www.example.org/en/this/is/a/long/address/with/english/words/in/it",
        "asdf qwer zxcv uiop hjkl bnmf asdf qwer zxcv uiop hjkl",
        "Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima. Ona su obdarena razumom",
        "\x00\ud800" * 50,
    ],
)
def test_what_is_not_sure_is_not_said(text: str) -> None:
    assert detection.detect(text) is None


def test_the_words_tell_and_not_the_addresses_between_them() -> None:
    text = (
        "[Nous demandons que le principe soit précisé](https://x.example/this-is-all-english) par les États."
    )

    assert detection.detect(text) == "fr"


def test_the_author_is_asked_only_where_another_language_was_chosen() -> None:
    french, croatian = (
        SENTENCES["fr"],
        "Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima.",
    )

    assert detection.looks_otherwise(french, "en") == "fr"
    assert detection.looks_otherwise(french, "fr-CA") is None
    assert detection.looks_otherwise(SENTENCES["zh"], "zh-Hans") is None
    assert detection.looks_otherwise(SENTENCES["zh"], "yue") is None
    assert detection.looks_otherwise(croatian, "bs") is None


@pytest.mark.skipif(not HAS_DATA, reason="ACCORD_DATA is not set")
def test_the_whole_declaration_is_told_right_or_not_at_all() -> None:
    passages = [
        (text["lang"], paragraph)
        for text in declaration()
        for article in text["articles"]
        for paragraph in article["paras"]
        if sum(map(str.isalpha, paragraph)) >= detection.FEWEST_LETTERS
    ]
    answers = [(tag, detection.detect(paragraph)) for tag, paragraph in passages]

    assert len(passages) > 250
    assert [(tag, found) for tag, found in answers if found not in (tag, None)] == []
    assert sum(found is None for _tag, found in answers) <= len(answers) // 50
