"""Columns of two things taken apart: `2023-11-21 高平市消防救援大队`, `张三 13800000000`."""

import re

from ledger.sheets import Cell
from ledger.words import text

_FIGURE = "[0-9０-９〇○零一二三四五六七八九十]"
_DAY = re.compile(
    rf"{_FIGURE}{{4}}\s*(?:年|[-./])\s*{_FIGURE}{{1,3}}\s*(?:月|[-./])\s*{_FIGURE}{{1,3}}\s*[日号]?(?:\s+\d{{1,2}}:\d\d(?::\d\d)?)?"
    rf"|{_FIGURE}{{1,3}}月{_FIGURE}{{1,3}}[日号]"
)
_VAGUE_DAY = re.compile("日期|近期|近日|未载明|不详|时间")
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}|\d{7,8})(?!\d)")
_EDGES = " ,，、:：/;；\n\t"


def untangled(cells: dict[str, Cell]) -> dict[str, Cell]:
    """The same cells with each mixed column given to its two fields; what is blank is left out."""
    if "found+finder" in cells:
        mixed = cells.pop("found+finder")
        cells["found"], cells["finder"] = when_and_who(mixed if isinstance(mixed, str) else text(mixed))
    if "contact+phone" in cells:
        cells["contact"], cells["phone"] = name_and_phone(text(cells.pop("contact+phone")))
    return {name: cell for name, cell in cells.items() if cell != ""}


def when_and_who(said: str) -> tuple[str, str]:
    """The day and the body in a cell that names both, in either order; a leading blank stands for a day left out."""
    if found := _DAY.search(said):
        return found[0].strip(), (said[: found.start()] + said[found.end() :]).strip(_EDGES)
    head, _, tail = said.partition(" ") if " " in said else said.partition("\n")
    if tail.strip() and _VAGUE_DAY.search(head):
        return head.strip(), tail.strip()
    return "", said.strip()


def name_and_phone(said: str) -> tuple[str, str]:
    """The person and the number in a cell that names both."""
    phone = _PHONE.search(said)
    return (said.replace(phone[0], "").strip(_EDGES), phone[0]) if phone else (said, "")
