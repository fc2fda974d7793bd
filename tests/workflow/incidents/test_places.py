"""Places differ by level: each shipped rule gives each level its clocks for the call and the paper."""

from datetime import timedelta

import pytest

from tests.desk import Desk
from tests.incidentdesk import by_rules_of, incident

DEATHS = {"general": 0, "larger": 3, "major": 10, "special": 30}
NONE = None


@pytest.mark.parametrize(
    ("place", "clocks"),
    [
        # minutes for the call and the paper: general, larger, major, special
        ("national",   [(15, 30), (15, 30), (15, 30), (15, 30)]),
        ("wangcheng",  [(15, 30), (15, 30), (15, 30), (15, 30)]),
        ("henan",      [(NONE, 360), (NONE, 60), (15, 35), (15, 35)]),
        ("county2040", [(20, 40), (20, 40), (20, 40), (20, 40)]),
        ("zhuhai",     [(15, 30), (15, 30), (30, 120), (30, 120)]),
    ],
)  # fmt: skip
def test_each_level_has_the_clocks_of_its_place(desk: Desk, place: str, clocks: list[tuple[int | None, int]]) -> None:
    by_rules_of(desk, place)
    for deaths, (call, paper) in zip(DEATHS.values(), clocks, strict=True):
        case_id = incident(desk, deaths=deaths)
        owed = {d.name: (d.due_at - d.anchor_at) // timedelta(minutes=1) for d in desk.deadlines(case_id)}
        assert (owed.get("phone"), owed["written"]) == (call, paper)
        assert (owed["unit"], owed["upward"]) == (60, 120)
