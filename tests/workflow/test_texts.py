"""Names are stored as they were written and compared as they are meant."""

import pytest

from models import Organisation
from workflow.refusals import Missing
from workflow.texts import TooLong, check_lengths, fold, required, tidy


def test_what_nobody_sees_is_not_stored() -> None:
    assert tidy(" 示范\u200b化工\x00\n有限\u202e公司\ud800 ") == "示范化工 有限公司"


def test_full_width_and_half_width_are_one_name() -> None:
    assert fold("ＡＢＣ（示范） 公司") == fold("abc(示范)公司")


def test_invisible_is_blank() -> None:
    with pytest.raises(Missing) as refusal:
        required("\u200b \x00", field="name")
    assert refusal.value.field == "name"


def test_a_name_the_column_cannot_hold_is_refused_before_the_database_sees_it() -> None:
    check_lengths(Organisation, {"name": "名" * 200})
    with pytest.raises(TooLong) as refusal:
        check_lengths(Organisation, {"name": "名" * 201})
    assert "200" in str(refusal.value)
