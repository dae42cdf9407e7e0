import pytest
from django.core.exceptions import ValidationError

from accounts.ror import parse, url

# As published at ror.org: Caltech, ROR's own example, CERN, the University of Oxford, Max Planck Society.
REAL = ["05dxps055", "015w2mp89", "01ggx4157", "052gg0110", "01hhn8329"]


@pytest.mark.parametrize("identifier", REAL)
def test_published_identifiers_hold_their_checksum(identifier: str) -> None:
    assert parse(identifier) == identifier


@pytest.mark.parametrize(
    "given",
    [
        "https://ror.org/05dxps055",
        "http://ror.org/05dxps055/",
        "ror.org/05DXPS055",
        " https://www.ror.org/05dxps055 ",
    ],
)
def test_an_identifier_may_be_given_as_an_address(given: str) -> None:
    assert parse(given) == "05dxps055"


@pytest.mark.parametrize("identifier", REAL)
def test_a_wrong_sign_or_two_exchanged_ones_are_noticed(identifier: str) -> None:
    one = identifier[:3] + ("a" if identifier[3] != "a" else "b") + identifier[4:]
    exchanged = identifier[:2] + identifier[3] + identifier[2] + identifier[4:]
    for wrong in {one, exchanged} - {identifier}:
        with pytest.raises(ValidationError):
            parse(wrong)


@pytest.mark.parametrize(
    "given",
    ["", "5dxps055", "05dxps05", "05dxps0555", "15dxps055", "05dxpi055", "https://example.org/05dxps055",
     "https://ror.org/05dxps055?x=1", "0５dxps055", "05dxps055\x00", "05dxps055\n05dxps055"],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(given: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(given)
    assert refused.value.code == "invalid-ror"
    assert refused.value.messages == [
        "Give the identifier as ror.org shows it, such as https://ror.org/05dxps055."
    ]


def test_an_identifier_has_one_address() -> None:
    assert url("05dxps055") == "https://ror.org/05dxps055"
    assert url("") == ""
