"""How much is measured: the whole, within ten minutes, or just enough to see that everything runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """`turns`: how often each side moves cases, `roads` in each thread; `few`, `many`: of a small and a large ledger.

    A shared machine changes its pace from second to second: many short turns side by side say more than few long ones.
    """

    rounds: int
    turns: int
    roads: int
    few: int
    many: int
    pages: int
    burst: int
    lines: int
    requests: int


FULL = Sizes(
    rounds=7, turns=25, roads=6, few=10_000, many=1_000_000, pages=40, burst=10_000, lines=20_000, requests=600
)
QUICK = Sizes(rounds=1, turns=1, roads=1, few=200, many=2_000, pages=3, burst=50, lines=60, requests=40)
