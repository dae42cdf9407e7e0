import hashlib

import pytest

from consultation.kit.canonical import canonical, digest, text_hash


def test_the_example_of_rfc_8785_comes_out_byte_for_byte() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical(value) == (
        b'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_the_order_of_keys_makes_no_difference_to_the_digest() -> None:
    assert digest({"b": 1, "a": [2]}) == digest({"a": [2], "b": 1})
    assert digest({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


@pytest.mark.parametrize("value", [2**53, float("nan"), object(), "\ud800", {1: 2}])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        canonical(value)


def test_a_text_hash_is_of_exactly_this_text() -> None:
    assert text_hash("é") == hashlib.sha256(b"\xc3\xa9").hexdigest()
    assert len({text_hash(text) for text in ("é", "e\u0301", "é ", "É")}) == 4
