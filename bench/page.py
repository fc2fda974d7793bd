"""The page of the last figures, docs/performance.md."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version

from api import clock
from bench.figures import Figure
from bench.places import sqlite_version
from bench.reasons import REASONS

PACKAGES = ("sqlalchemy", "psycopg", "fastapi", "uvicorn", "transitions", "python-calamine")

HEAD = """# Speed: the last figures

Written by `make bench` ({day}). Every figure is a ratio of two things measured side by side, turn by turn, in one run
on one machine, or a time; medians, with the least and most in brackets. Absolute numbers are this machine's.

* Machine: {cores} cores, {system}; Python {python}; {packages}.
* PostgreSQL {server}, embedded, its default settings (fsync and synchronous_commit on), over TCP on loopback; client,
  load generator and server share the cores.
* SQLite {sqlite}, WAL, synchronous=FULL, one move a commit.
* The raw drivers write the very rows that `fire` writes for the same seven moves of a case's road: a locked SELECT, a
  statement for each table and kind of change, a COMMIT. Their rows, texts and ids are made before the clock starts;
  only the chain's hash is computed inside. PostgreSQL: 2 processes of 4 threads; SQLite: one connection, whose log is
  copied every thousand pages, as SQLite does by itself; ours leaves that to the worker (decision 16). Beside a driver
  that copied it no sooner than ours does, the figure on SQLite was 0.376 on 2026-11-30.
* A page of the ledger is two queries, newest first and nearest due first, 51 rows each, with names.

| what | on | against | figure | goal: must / stretch | | made of |
| --- | --- | --- | --- | --- | --- | --- |
"""


def page(figures: Sequence[Figure], server: str) -> str:
    """The whole page."""
    head = HEAD.format(
        day=clock.now().date().isoformat(),
        cores=os.cpu_count(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        packages=", ".join(f"{name} {version(name)}" for name in PACKAGES),
        server=server,
        sqlite=sqlite_version(),
    )
    rows = (
        f"| {f.what} | {f.database} | {f.against} | {f.shown} | {f.goal or '–'} | {f.verdict} | {f.made_of} |\n"
        for f in figures
    )
    return head + "".join(rows) + _missed(figures)


def _missed(figures: Sequence[Figure]) -> str:
    missed = {REASONS[key] for f in figures if f.verdict == "missed" for key in REASONS if f.what.startswith(key)}
    if not missed:
        return ""
    return (
        "\n## Where the time goes where a goal is missed\n\n"
        + "\n".join(f"* {reason}" for reason in sorted(missed))
        + "\n"
    )
