"""Taking in a ledger of many rows, beside only reading it."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import python_calamine
import xlsxwriter

from bench.figures import Figure, Goal, ratio, spread
from bench.places import Ground
from bench.sizes import Sizes
from bench.stage import NOW, build, rules_in
from ledger.importing import import_ledger, preview

HEADINGS = (
    "序号", "企业名称", "所属镇街", "行业领域", "检查日期", "检查单位", "隐患描述", "隐患部位", "隐患级别", "整改措施",
    "整改期限", "责任人", "联系电话", "整改情况", "备注",
)  # fmt: skip
ROUNDS = 3
LINES_AN_ENTERPRISE = 10


def papers(ground: Ground, sizes: Sizes) -> Iterator[Figure]:
    """One figure a database."""
    path = ground.folder / "ledger.xlsx"
    _write(path, sizes.lines)
    for kind in ("postgresql", "sqlite"):
        ours: list[float] = []
        alone: dict[str, list[float]] = {way: [] for way in READERS}
        for _ in range(min(ROUNDS, sizes.rounds)):
            for way, read in READERS.items():
                alone[way].append(_timed(read, path))
            ours.append(_import(ground, kind, path, sizes.lines))
        for way, taken in alone.items():
            goal = Goal(10, 10, less=True) if way == AS_A_LEDGER else None
            yield Figure(
                what=f"import of a {sizes.lines:,}-row ledger",
                database=kind,
                against=f"reading it alone ({way})",
                value=ratio(ours, taken),
                unit="×",
                goal=goal,
                made_of=f"{spread(ours)} beside {spread(taken)} s",
            )


def _write(path: Path, lines: int) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("隐患台账")
        sheet.write(0, 0, "示范区2026年安全生产隐患排查治理台账")
        sheet.write_row(1, 0, HEADINGS)
        for n in range(lines):
            sheet.write_row(n + 2, 0, _line(n))


def _line(n: int) -> tuple[str | int, ...]:
    unit = n // LINES_AN_ENTERPRISE
    found = (NOW - timedelta(days=n % 28 + 1)).date()
    return (
        n + 1, f"示范机械{unit}有限公司", f"第{unit % 20}镇", "工贸", found.isoformat(), "示范区应急管理局",
        f"1.{n}号车间安全出口被杂物堵塞，疏散通道宽度不足1.4米，应急照明灯损坏2处，不符合《建筑防火通用规范》第7.1.4条",
        f"{n}号车间东侧安全出口", "一般", "立即清除堵塞物，恢复疏散通道；更换应急照明灯，指定专人每日巡查并记录",
        f"{found.year}年{found.month + 1}月28日前", "张三", "13800000000", "整改中", "",
    )  # fmt: skip


def _cells(path: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


# To read a ledger is what a preview does: guards, headings, dates, units. Its bare cells, which calamine reads in Rust
# at seven microseconds a row, are shown beside it; no row can be written in Python in ten times that.
AS_A_LEDGER = "as a ledger, a preview"
READERS: Mapping[str, Callable[[Path], object]] = {"its bare cells, by calamine": _cells, AS_A_LEDGER: preview}


def _timed(read: Callable[[Path], object], path: Path) -> float:
    begun = time.perf_counter()
    read(path)
    return time.perf_counter() - begun


def _import(ground: Ground, kind: str, path: Path, lines: int) -> float:
    with ground.database(kind) as engine:
        stage = build(engine)
        rules = rules_in(engine)
        begun = time.perf_counter()
        outcome = import_ledger(engine, rules, path, actor=stage.officers[2], now=NOW, district_id=stage.district)
        taken = time.perf_counter() - begun
    assert outcome.cases == lines, outcome.problems[:3]
    return taken
