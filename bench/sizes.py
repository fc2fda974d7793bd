"""How much is measured: the whole, within ten minutes, or just enough to see that everything runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """`roads`: cases each thread takes down the road a round; `few` and `many`: cases of a small and a large ledger."""

    rounds: int
    roads: int
    few: int
    many: int
    pages: int
    burst: int
    lines: int
    requests: int


FULL = Sizes(rounds=7, roads=12, few=10_000, many=1_000_000, pages=40, burst=10_000, lines=20_000, requests=600)
QUICK = Sizes(rounds=1, roads=1, few=200, many=2_000, pages=3, burst=50, lines=60, requests=40)
