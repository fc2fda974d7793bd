"""Credit codes are cleaned of how they were typed, and believed only when their check digit is right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import CREDIT_CODE
from workflow.credit_code import BadCreditCode, checked_credit_code


@pytest.mark.parametrize(
    "typed", ["91330199ma0000001w", "９１３３０１９９ＭＡ００００００１Ｗ", " 913301 99MA000 0001W\n"]
)
def test_how_a_code_was_typed_does_not_matter(typed: str) -> None:
    assert checked_credit_code(typed) == CREDIT_CODE


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_is_always_noticed(place: int, character: str) -> None:
    wrong = CREDIT_CODE[:place] + character + CREDIT_CODE[place + 1 :]
    if wrong != CREDIT_CODE:
        with pytest.raises(BadCreditCode):
            checked_credit_code(wrong)


def test_a_village_collective_has_a_code_too() -> None:
    assert checked_credit_code("N2330199MA0000003J")


@pytest.mark.parametrize("text", ["", "9133019", CREDIT_CODE + "1", "91330199MAO000001W", "无", "9" * 10_000])
def test_what_is_no_code_says_what_would_be(text: str) -> None:
    with pytest.raises(BadCreditCode) as refusal:
        checked_credit_code(text)
    assert refusal.value.right
