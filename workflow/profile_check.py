"""What can be wrong with a profile's file: all faults at once, in Chinese, so that it is mended in one go."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from workflow.limits import LONGEST, NAMES, SPANS, TITLES, Unit, parts

HEADINGS = ("name", "title", "version")
KEYS = frozenset({"amount", "unit", "source", "rolls", "cap", "at", "owed"})
_ONLY_FOR: Mapping[str, frozenset[Unit]] = {
    "rolls": frozenset({Unit.NATURAL_DAY}),
    "at": frozenset({Unit.CLOCK_TIME}),
    "cap": frozenset(Unit) - {Unit.CLOCK_TIME},
}


def faults(table: Mapping[str, Any]) -> Iterator[str]:
    """Every fault of the file itself, one sentence each; what it is based on is looked at by `profile.load`."""
    for heading in (*HEADINGS, *({"based_on"} & table.keys())):
        if not _text(table.get(heading)):
            yield f"缺少 {heading}（须为文字）"
    for key in sorted(table.keys() - {*HEADINGS, "based_on", "limits"}):
        yield f"不认识的项目 {key}"
    tables = table.get("limits")
    if isinstance(tables, dict):
        yield from _table_faults(tables, inherits="based_on" in table)
    else:
        yield "缺少 limits 表"


def _table_faults(tables: Mapping[str, Any], *, inherits: bool) -> Iterator[str]:
    for name in sorted(NAMES - tables.keys()) if not inherits else ():
        yield f"缺少时限 {name}（{TITLES[name]}）"
    for name in sorted(tables.keys() - NAMES):
        yield f"不认识的时限 {name}"
    for name in sorted(tables.keys() & NAMES):
        yield from _limit_faults(name, tables[name], within=parts(name), inherits=inherits)


def _limit_faults(name: str, table: Any, *, within: frozenset[str], inherits: bool) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"{name} 须为一张表"
        return
    # Only sub-tables: the plain figure is that of the profile it is based on.
    if not (inherits and table and table.keys() <= within):
        yield from (f"{name}：{fault}" for fault in _value_faults(table))
    for key in sorted(table.keys() - KEYS - within):
        yield f"{name}：不认识的项目 {key}"
    if name.startswith(tuple(SPANS)) and ("owed" in table or table.get("unit") == Unit.CLOCK_TIME):
        yield f"{name}：须写明一段时间，不能用 owed 或 clock_time"
    for part in sorted(table.keys() & within):
        yield from _limit_faults(f"{name}.{part}", table[part], within=frozenset(), inherits=False)


def _value_faults(table: Mapping[str, Any]) -> Iterator[str]:
    if not _text(table.get("source")):
        yield "缺少 source（依据）"
    if "owed" not in table:
        yield from _figure_faults(table)
        return
    if table["owed"] is not False:
        yield "owed 只能写 false（不要求）；要求的不写 owed"
    for key in sorted(table.keys() & KEYS - {"owed", "source"}):
        yield f"写了 owed 就不写 {key}"


def _figure_faults(table: Mapping[str, Any]) -> Iterator[str]:
    unit = table.get("unit")
    if unit not in list(Unit):
        yield f"unit 须为 {'、'.join(Unit)} 之一"
    yield from _amount_faults(table, LONGEST[Unit(unit)] if unit in list(Unit) else max(LONGEST.values()))
    if not isinstance(table.get("rolls", False), bool):
        yield "rolls 须为 true 或 false"
    if (unit == Unit.CLOCK_TIME or "at" in table) and not _times(table.get("at")):
        yield "at 须列出不重复的时刻，如 [08:00:00, 17:00:00]"
    for key, units in _ONLY_FOR.items():
        if table.get(key) and unit in list(Unit) and unit not in units:
            yield f"{key} 只用于 {'、'.join(each for each in Unit if each in units)}"


def _amount_faults(table: Mapping[str, Any], longest: int) -> Iterator[str]:
    amount, cap = table.get("amount", 1 if table.get("unit") == Unit.CLOCK_TIME else None), table.get("cap")
    if not _whole(amount, longest):
        yield f"amount 须为 1 至 {longest} 的整数"
    elif "cap" in table and not _whole(cap, longest, least=amount):
        yield f"cap 须为不小于 amount、不大于 {longest} 的整数"


def _whole(value: Any, longest: int, *, least: Any = 1) -> bool:
    # bool is an int to Python, but `true` is no number of days.
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= longest


def _times(value: Any) -> bool:
    listed = isinstance(value, list) and value and all(isinstance(each, time) for each in value)
    return bool(listed) and len(set(value)) == len(value)


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
