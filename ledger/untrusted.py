"""Parse one workbook in a process of its own, so that a hostile file can only kill that process.

Run as a script by `ledger.sheets`, never imported: a sheet of two cells at opposite corners makes the parser ask for
half a terabyte and abort, which no `except` catches.
"""

import contextlib
import pickle
import sys
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum


def contain(memory_bytes: int, cpu_seconds: int) -> None:
    """Cap address space, processor time and core files of this process where the platform can."""
    with contextlib.suppress(ImportError):
        import resource

        for what, limit in (
            (resource.RLIMIT_AS, memory_bytes),
            (resource.RLIMIT_CPU, cpu_seconds),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(what, (limit, limit))


def sheets(path: str, max_rows: int, max_columns: int) -> tuple[str, object]:
    """("ok", [(name, visible, rows, merged ranges)]) or (the name of a refusal, the sheet it concerns)."""
    found: list[tuple[str, bool, list[list[Any]], list[Any] | None]] = []
    with CalamineWorkbook.from_path(path) as book:
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != SheetVisibleEnum.Visible:
                found.append((meta.name, False, [], None))
                continue
            sheet = book.get_sheet_by_name(meta.name)
            last_row, last_column = sheet.end or (-1, -1)
            if last_row >= max_rows:
                return "TooManyRows", meta.name
            if last_column >= max_columns:
                return "TooManyColumns", meta.name
            found.append((meta.name, True, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges))
    return "ok", found


def main(path: str, *limits: str) -> None:
    """Write the pickled outcome of `sheets` to standard output."""
    memory_bytes, cpu_seconds, max_rows, max_columns = map(int, limits)
    contain(memory_bytes, cpu_seconds)
    outcome: tuple[str, object]
    try:
        outcome = sheets(path, max_rows, max_columns)
    except MemoryError:
        outcome = ("SheetTooLarge", "")
    except PasswordError:
        outcome = ("Encrypted", "")
    except BaseException as fault:  # a panic of the parser is no Exception
        outcome = ("Corrupt", str(fault)[:200])
    pickle.dump(outcome, sys.stdout.buffer, protocol=5)


if __name__ == "__main__":
    main(*sys.argv[1:])
