import time
from uuid import RFC_4122

from consultation.kit.ids import uuid7


def test_an_identifier_is_a_version_7_uuid_of_this_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == RFC_4122
    assert before <= made.int >> 80 <= after


def test_identifiers_are_unique_and_in_the_order_of_their_making() -> None:
    made = [uuid7() for _ in range(10_000)]
    assert len(set(made)) == 10_000
    moments = [identifier.int >> 64 for identifier in made]
    assert moments == sorted(moments)
