"""A settlement's figures: whatever comes out, the towns add up to the total, and so do the sectors."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workflow.rounds.figures import OUTCOMES, Settled, figures, settlement
from workflow.rounds.items import Item

ADDED = ("items", "enterprises", *OUTCOMES, "money_fen")


def item(**values: Any) -> Item:
    """An item of no interest but for what is said of it."""
    blank: dict[str, Any] = {
        "hazard_id": "h", "source": "hand", "consecutive": 1, "public_text": None, "withheld": None, "outcome": None,
        "number": "HZ-2026-000001", "state": "assigned", "sector": None, "town": "城关镇", "enterprise_id": "e",
        "enterprise": "老李饭店", "description": "通道堵塞", "found_by": None, "sealed": None, "due_at": None,
        "late": False, "money_fen": 0, "area_m2": 0.0,
    }  # fmt: skip
    return Item(**{**blank, **values})


settled = st.builds(
    lambda outcome, **values: Settled(item(**values), outcome),
    outcome=st.sampled_from(OUTCOMES),
    hazard_id=st.uuids().map(str),
    number=st.integers(1, 999_999).map("HZ-2026-{:06d}".format),
    town=st.sampled_from(["城关镇", "东风街道", None]),
    sector=st.sampled_from(["危化品", "消防", None]),
    enterprise_id=st.sampled_from(["a", "b", "c", None]),
    money_fen=st.integers(0, 10**12),
    area_m2=st.floats(0, 10**6).map(lambda area: round(area, 2)),
)


@given(st.lists(settled, unique_by=lambda one: one.item.hazard_id))
def test_totals_are_the_sum_of_the_towns_and_of_the_sectors(every: list[Settled]) -> None:
    found = figures(every)
    for by in ("towns", "sectors"):
        cells = found[by].values()
        for name in ADDED:
            assert found["total"][name] == sum(cell[name] for cell in cells)
        hundredths = [round(cell["area_m2"] * 100) for cell in cells]
        assert round(found["total"]["area_m2"] * 100) == sum(hundredths)
    done = [one.item for one in every if one.outcome == "rectified"]
    assert found["total"]["enterprises"] == len({i.enterprise_id for i in done if i.enterprise_id})
    assert found["total"]["items"] == len(every) == sum(found["total"][outcome] for outcome in OUTCOMES)


def test_the_year_of_nine_rounds_reads_as_the_bureau_wrote_it() -> None:
    """9轮隐患曝光督办,110家企业整改隐患1202条、投入资金263万,拆除不安全建筑16352平方米."""
    spent = [(263_000_000, 16352.0), *[(0, 0.0)] * 1201]
    every = [
        Settled(
            item(hazard_id=str(n), number=f"{n:04}", enterprise_id=str(n % 110), money_fen=fen, area_m2=area),
            "rectified",
        )
        for n, (fen, area) in enumerate(spent)
    ]
    total = figures(every)["total"]
    assert (total["enterprises"], total["rectified"], total["money_fen"], total["area_m2"]) == (
        110, 1202, 263_000_000, 16352.0,
    )  # fmt: skip


def test_what_was_not_rectified_brings_no_money_and_what_was_dropped_was_never_in_it() -> None:
    left = item(hazard_id="left", money_fen=100, area_m2=1.5)
    dropped = item(hazard_id="dropped", outcome="dropped")
    gone = item(hazard_id="gone", outcome="escalated", money_fen=100)
    total = settlement([left, dropped, gone], {"left": "carried_over"})["total"]
    assert (total["items"], total["carried_over"], total["escalated"]) == (2, 1, 1)
    assert (total["money_fen"], total["area_m2"], total["enterprises"]) == (0, 0.0, 0)
