"""What an import came to (导入结果): as plain values for machines, and its problems on paper with reasons."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from ledger.records import Problem, Reading
from ledger.refusals import WrongExtension

LABELS: Mapping[str, str] = {"refused": "未导入", "warning": "已导入，请核对"}
REASONS = ("结果", "工作表", "行号", "第几项", "问题所在列", "填写内容", "原因", "应为")
LONGEST_CELL = 32_767  # characters Excel can hold
# A spreadsheet would run these as formulas.
RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Hazards read (`rows`, in `lines` lines), cases made, rows known from an earlier import, problems, notes.

    `rows` = `cases` + `known` + the refused problems; a warning loses no row. `import_id` is none where nothing was
    written: on trial, or because everything was known.
    """

    rows: int
    lines: int
    cases: int
    known: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    columns: Mapping[str, tuple[tuple[str, str], ...]]
    import_id: str | None = None

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The problems that kept a hazard out, one each."""
        return tuple(problem for problem in self.problems if problem.refused)


def columns_of(reading: Reading) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """By sheet, the headings as written with the field each fills ("" for one that is kept as it is)."""
    return {
        sheet: tuple((column.heading, column.field) for column in columns) for sheet, columns in reading.columns.items()
    }


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as plain values: `rows` are lines of data in the file, one of which may hold several `hazards`.

    `hazards` = `cases` + `known` + the length of `problems`, each of which kept one out; `warnings` lost none.
    """
    return {
        "rows": outcome.lines,
        "hazards": outcome.rows,
        "cases": outcome.cases,
        "known": outcome.known,
        "problems": [_plain(problem) for problem in outcome.refused],
        "warnings": [_plain(problem) for problem in outcome.problems if not problem.refused],
        "columns": {
            sheet: [{"heading": heading, "field": field or None} for heading, field in columns if heading]
            for sheet, columns in outcome.columns.items()
        },
        "notes": list(outcome.notes),
        "import_id": outcome.import_id,
    }


def _plain(problem: Problem) -> dict[str, Any]:
    fault = problem.fault
    return {
        "sheet": problem.sheet,
        "line": problem.line,
        "item": problem.item,
        "name": fault.name,
        "field": fault.field,
        "column": problem.column,
        "value": problem.value,
        "reason": fault.reason,
        "right": fault.right,
    }


def write_problems(outcome: Outcome, path: Path) -> int:
    """Write the problems to an .xlsx or .csv, refused rows first, reasons before the cells; returns how many."""
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise WrongExtension(field="problems", right="、".join(WRITERS))
    writer(path, _lines(outcome))
    return len(outcome.problems)


def _lines(outcome: Outcome) -> Iterator[list[str | int]]:
    """One header for each sheet, for two sheets need not have the same columns."""
    last = None
    for problem in sorted(outcome.problems, key=lambda each: not each.refused):
        if problem.sheet != last:
            last = problem.sheet
            yield [*REASONS, *(heading for heading, _ in outcome.columns[last])]
        fault = problem.fault
        yield [
            LABELS[fault.severity], problem.sheet, problem.line, problem.item, problem.column, problem.value,
            fault.reason, fault.right, *problem.cells,
        ]  # fmt: skip


def _write_xlsx(path: Path, lines: Iterator[list[str | int]]) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("问题")
        sheet.set_column(0, len(REASONS), 16)
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, [cell[:LONGEST_CELL] if isinstance(cell, str) else cell for cell in line])


def _write_csv(path: Path, lines: Iterator[list[str | int]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([_tame(cell) for cell in line] for line in lines)


def _tame(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


WRITERS = {".xlsx": _write_xlsx, ".csv": _write_csv}
