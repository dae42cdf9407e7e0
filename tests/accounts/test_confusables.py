"""Names that look alike have one skeleton, and others have not (UTS 39)."""

import pytest

from accounts.confusables import skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oslo University", "\u041eslo University"),
        ("Paypal", "P\u0430yp\u0430l"),
        ("Modern Academy", "Modem Academy"),
        ("Academy 10", "Academy lO"),
        ("\u0410\u043a\u0430\u0434\u0435\u043c\u0438\u044f", "A\u043a\u0430\u0434\u0435\u043c\u0438\u044f"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one, other):
    assert one != other
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Oslo University", "Oslo College"), ("\u6771\u4eac\u5927\u5b66", "\u4eac\u90fd\u5927\u5b66")],
)
def test_others_have_not(one, other):
    assert skeleton(one) != skeleton(other)
