"""The file of a yearly notice (放假调休通知): one row a holiday, as the notice itself lists them, read from TOML."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from workflow.calendar import MAKE_UP, YEARS, NoticeFault
from workflow.notices import YearNotice

LONGEST = 31
_KEYS = frozenset({"year", "document", "holidays"})
_ROW_KEYS = frozenset({"name", "from", "to", "days", "working"})
_DAY = timedelta(days=1)
# The notice for 2026 as it is: whoever enters it unchanged changes no day.
EXAMPLE = """\
year = 2026
document = "国办发明电〔2025〕7号"
holidays = [
    { name = "元旦", from = 2026-01-01, to = 2026-01-03, days = 3, working = [2026-01-04] },
    { name = "春节", from = 2026-02-15, to = 2026-02-23, days = 9, working = [2026-02-14, 2026-02-28] },
    { name = "清明节", from = 2026-04-04, to = 2026-04-06, days = 3 },
    { name = "劳动节", from = 2026-05-01, to = 2026-05-05, days = 5, working = [2026-05-09] },
    { name = "端午节", from = 2026-06-19, to = 2026-06-21, days = 3 },
    { name = "中秋节", from = 2026-09-25, to = 2026-09-27, days = 3 },
    { name = "国庆节", from = 2026-10-01, to = 2026-10-07, days = 7, working = [2026-09-20, 2026-10-10] },
]
"""


def read(path: Path) -> YearNotice:
    """Read the notice; NoticeFault with all faults of the file at once."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise NoticeFault(field=path.name, right=f"UTF-8 编码的 TOML 文件（{error}）") from error
    if faults := list(_faults(table)):
        raise NoticeFault(field=path.name, right="；".join(faults), faults=tuple(faults))
    rows = table["holidays"]
    return YearNotice(
        year=table["year"],
        document=table["document"],
        off={day: row["name"] for row in rows for day in _days_off(row)},
        working={day: f"{row['name']}{MAKE_UP}" for row in rows for day in row.get("working", ())},
    )


def _faults(table: Mapping[str, Any]) -> Iterator[str]:
    year, rows = table.get("year"), table.get("holidays")
    if type(year) is not int or year not in YEARS:
        yield f"year 须为 {YEARS.start} 至 {YEARS[-1]} 的整数"
    if not _text(table.get("document")):
        yield "document 须为通知的文号"
    for key in sorted(table.keys() - _KEYS):
        yield f"不认识的项目 {key}"
    if not isinstance(rows, list) or not rows:
        yield "holidays 须列出节日，每个节日一行"
        return
    for number, row in enumerate(rows, start=1):
        yield from (f"第 {number} 个节日：{fault}" for fault in _row_faults(row))


def _row_faults(row: Any) -> Iterator[str]:
    if not isinstance(row, dict):
        yield "须写成 { name = …, from = …, to = … }"
        return
    for key in sorted(row.keys() - _ROW_KEYS):
        yield f"不认识的项目 {key}"
    if not _text(row.get("name")):
        yield "缺少名称 name"
    working = row.get("working", [])
    if not isinstance(working, list) or not all(map(_is_day, working)):
        yield "working 须为日期的列表，如 [2027-02-20]"
    if not _is_day(row.get("from")) or not _is_day(row.get("to", row.get("from"))):
        yield "from、to 须为日期，如 2027-02-05"
        return
    days = len(list(_days_off(row)))
    if not 1 <= days <= LONGEST:
        yield f"to 须不早于 from，且不超过 {LONGEST} 天"
    elif row.get("days", days) != days:
        yield f"{row['from']} 至 {row.get('to', row['from'])} 是 {days} 天，不是 {row['days']} 天"


def _days_off(row: Mapping[str, Any]) -> Iterator[date]:
    first, last = row["from"], row.get("to", row["from"])
    return (first + n * _DAY for n in range((last - first).days + 1))


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_day(value: Any) -> bool:
    # A date with a time is a date to Python too.
    return type(value) is date
