"""What an import would do, shown before it does it; and the refused rows on paper, with reasons."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from ledger.records import Problem, Reading

REASONS = ("工作表", "行号", "第几项", "问题所在列", "填写内容", "拒绝原因", "应为")


def as_json(reading: Reading) -> dict[str, Any]:
    """Counts, refused hazards, warnings, recognised columns and notes as plain values; `rows` counts hazards.

    `rows` = `cases` + the number of `problems`; `lines` counts the data lines they stand in.
    """
    return {
        "rows": len(reading.rows) + len(reading.refused),
        "cases": len(reading.rows),
        "lines": reading.lines,
        "problems": [_plain(problem) for problem in reading.refused],
        "warnings": [_plain(problem) for problem in reading.warnings],
        "columns": {
            sheet: [{"heading": column.heading, "field": column.field or None} for column in columns if column.heading]
            for sheet, columns in reading.columns.items()
        },
        "notes": list(reading.notes),
    }


def _plain(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "line": problem.line,
        "item": problem.item,
        "name": problem.fault.name,
        "field": problem.fault.field,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.fault.reason,
        "right": problem.fault.right,
    }


def write_refused(reading: Reading, path: Path) -> int:
    """Write an .xlsx of the refused hazards, their reasons first and their cells after; returns how many."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("未导入")
        sheet.set_column(0, len(REASONS), 16)
        for number, line in enumerate(_lines(reading)):
            for column, value in enumerate(line):
                sheet.write(number, column, value)
        sheet.freeze_panes(1, 0)
    return len(reading.refused)


def _lines(reading: Reading) -> Iterator[list[str | int]]:
    """One header for each sheet that has refused rows, for two sheets need not have the same columns."""
    last = None
    for problem in reading.refused:
        if problem.sheet != last:
            last = problem.sheet
            yield [*REASONS, *(column.heading for column in reading.columns[last])]
        fault = problem.fault
        yield [
            problem.sheet, problem.line, problem.item, problem.column, problem.value, fault.reason, fault.right,
            *problem.cells,
        ]  # fmt: skip
