"""A settlement's figures (结算数字): what became of a round, by town, by sector and in all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.rounds.items import Item

NONE = "未填写"
OUTCOMES = ("rectified", "withdrawn", "escalated", "carried_over")


@dataclass(frozen=True, slots=True)
class Settled:
    """An item with what has become of it."""

    item: Item
    outcome: str


def figures(settled: Iterable[Settled]) -> dict[str, Any]:
    """Every figure three times; an enterprise is counted once, where its first rectified item stands.

    So the towns add up to the total, and so do the sectors.
    """
    every = sorted(settled, key=lambda one: one.item.number)
    firsts = _firsts(every)
    return {
        "total": _cell(every, firsts),
        "towns": _by(every, firsts, "town"),
        "sectors": _by(every, firsts, "sector"),
    }


def settlement(items: Iterable[Item], outcomes: Mapping[str, str]) -> dict[str, Any]:
    """The figures of a round whose standing items come out like this; what was dropped before was never in it."""
    counted = (item for item in items if item.counts)
    return figures(Settled(item, item.outcome or outcomes[item.hazard_id]) for item in counted)


def _firsts(settled: Sequence[Settled]) -> frozenset[str]:
    """Of each enterprise, its first rectified item."""
    found: dict[str, str] = {}
    for one in settled:
        if one.outcome == "rectified" and one.item.enterprise_id:
            found.setdefault(one.item.enterprise_id, one.item.hazard_id)
    return frozenset(found.values())


def _by(settled: Sequence[Settled], firsts: frozenset[str], name: str) -> dict[str, Any]:
    cells: dict[str, list[Settled]] = defaultdict(list)
    for one in settled:
        cells[getattr(one.item, name) or NONE].append(one)
    return {key: _cell(cells[key], firsts) for key in sorted(cells)}


def _cell(settled: Sequence[Settled], firsts: frozenset[str]) -> dict[str, Any]:
    done = [one.item for one in settled if one.outcome == "rectified"]
    return {
        "items": len(settled),
        "enterprises": sum(item.hazard_id in firsts for item in done),
        **{outcome: sum(one.outcome == outcome for one in settled) for outcome in OUTCOMES},
        "money_fen": sum(item.money_fen for item in done),
        # In hundredths, for sums of fractions depend on their order.
        "area_m2": sum(round(item.area_m2 * 100) for item in done) / 100,
    }
