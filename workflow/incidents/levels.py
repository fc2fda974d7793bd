"""Levels of an incident (事故等级) by casualties and loss: 国务院令第493号 art. 3, where 以上 includes the number."""

from collections.abc import Mapping
from typing import Any

RANKS = ("general", "larger", "major", "special")
YUAN = 100
_MILLION = 1_000_000 * YUAN
# fmt: off
THRESHOLDS = (
    # level      deaths  seriously injured  direct loss (fen)
    ("special",  30,     100,               100 * _MILLION),
    ("major",    10,      50,                50 * _MILLION),
    ("larger",    3,      10,                10 * _MILLION),
)
# fmt: on


def level_by_figures(known: Mapping[str, Any]) -> str:
    """The level that the figures known so far reach by themselves; an unknown one reaches nothing."""
    deaths, injured, loss = (known.get(name) or 0 for name in ("deaths", "injured", "loss_fen"))
    for level, dead, hurt, lost in THRESHOLDS:
        if deaths >= dead or injured >= hurt or loss >= lost:
            return level
    return RANKS[0]


def level_of(known: Mapping[str, Any]) -> str:
    """The level that stands: by the figures, unless somebody stated a higher one."""
    return max(level_by_figures(known), known.get("stated_level") or RANKS[0], key=RANKS.index)
