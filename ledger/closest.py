"""What looked most like a header (表头) where none was recognised, for the one who has to rename its columns."""

from collections.abc import Iterable, Iterator

from ledger.header import SEARCHED_ROWS
from ledger.headings import LONGEST, recognised
from ledger.sheets import Grid

Seen = tuple[int, int, str]  # headings recognised, cells, what to say of the row


def closest(grids: Iterable[Grid]) -> str:
    """One sentence about the row with most headings that are known, or most short texts; empty for empty sheets."""
    return max((seen for grid in grids for seen in _rows(grid)), default=(0, 0, ""))[2]


def _rows(grid: Grid) -> Iterator[Seen]:
    for number, row in enumerate(grid.rows[:SEARCHED_ROWS], start=1):
        texts = dict.fromkeys(
            cell.strip() for cell in row if isinstance(cell, str) and 0 < len(cell.strip()) <= LONGEST
        )
        known = [each for each in texts if recognised(each)]
        unknown = [each for each in texts if each not in known]
        if len(texts) > 1:
            said = f"最像表头的是工作表“{grid.sheet}”第{number}行，认得：{_list(known)}；认不出：{_list(unknown)}"
            yield len(known), len(texts), said


def _list(names: list[str]) -> str:
    return "、".join(names[:8]) + "等" * (len(names) > 8) or "无"
