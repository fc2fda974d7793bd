"""The level of an incident by 国务院令第493号: 以上 includes the number, and an unknown figure reaches nothing."""

import pytest

from workflow.incidents.levels import level_by_figures, level_of

MILLION = 100_000_000  # fen


@pytest.mark.parametrize(
    ("figure", "number", "level"),
    [
        ("deaths", 0, "general"), ("deaths", 2, "general"),
        ("deaths", 3, "larger"), ("deaths", 9, "larger"),
        ("deaths", 10, "major"), ("deaths", 29, "major"),
        ("deaths", 30, "special"), ("deaths", 31, "special"),
        ("injured", 9, "general"), ("injured", 10, "larger"), ("injured", 49, "larger"),
        ("injured", 50, "major"), ("injured", 99, "major"), ("injured", 100, "special"),
        ("loss_fen", 10 * MILLION - 1, "general"), ("loss_fen", 10 * MILLION, "larger"),
        ("loss_fen", 50 * MILLION - 1, "larger"), ("loss_fen", 50 * MILLION, "major"),
        ("loss_fen", 100 * MILLION - 1, "major"), ("loss_fen", 100 * MILLION, "special"),
    ],
)  # fmt: skip
def test_each_figure_reaches_a_level_at_its_very_number(figure: str, number: int, level: str) -> None:
    assert level_by_figures({figure: number}) == level


def test_the_highest_that_any_one_figure_reaches_stands() -> None:
    assert level_by_figures({"deaths": 3, "injured": 50, "loss_fen": 1}) == "major"


def test_missing_trapped_and_evacuated_people_and_unknown_figures_reach_nothing() -> None:
    unknown = {"deaths": None, "injured": None, "loss_fen": None}
    assert level_by_figures({**unknown, "missing": 500, "trapped": 500, "evacuated": 500}) == "general"


@pytest.mark.parametrize(
    ("stated", "deaths", "level"), [("major", 0, "major"), ("major", 30, "special"), (None, 3, "larger")]
)
def test_a_stated_level_stands_until_the_figures_reach_a_higher_one(
    stated: str | None, deaths: int, level: str
) -> None:
    assert level_of({"deaths": deaths, "stated_level": stated}) == level
