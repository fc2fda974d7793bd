"""`python -m bench`: measures everything, prints the table, keeps the page; `--quick` only shows that it all runs."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from api.litter import look_seldom
from bench.figures import Figure
from bench.moves import moves
from bench.page import page
from bench.pages import pages
from bench.papers import papers
from bench.places import Ground, ground
from bench.sizes import FULL, QUICK, Sizes
from bench.sweeps import sweeps
from bench.web import web

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
COLOURS = {"stretch": "green", "met": "green", "missed": "red", "–": "dim"}
PARTS: Mapping[str, Callable[[Ground, Sizes], Iterator[Figure]]] = {
    "moves": moves,
    "web": web,
    "sweeps": sweeps,
    "pages": pages,
    "papers": papers,
}


def main(arguments: list[str]) -> None:
    """Measure the named parts, or all; only a whole, full run is kept on the page."""
    wanted = _arguments(arguments)
    console = Console(stderr=wanted.json, width=200)
    figures: list[Figure] = []
    # What is measured in this process is measured as the application's own processes run.
    look_seldom()
    with ground() as place:
        for name in wanted.parts or PARTS:
            for figure in PARTS[name](place, QUICK if wanted.quick else FULL):
                figures.append(figure)
                console.print(_row(figure))
        server = place.version
    if wanted.json:
        sys.stdout.write(json.dumps([_plain(f) for f in figures], ensure_ascii=False) + "\n")
    else:
        console.print(_table(figures))
    if not wanted.parts and not wanted.quick:
        PAGE.write_text(page(figures, server), encoding="utf-8")


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="which parts; all when none is named")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that it runs, measures nothing")
    parser.add_argument("--json", action="store_true", help="one JSON array on stdout")
    return parser.parse_args(arguments)


def _row(figure: Figure) -> str:
    colour = COLOURS[figure.verdict]
    return f"[{colour}]{figure.verdict:8}[/] {figure.database:10} {figure.what}: {figure.shown} ({figure.made_of})"


def _table(figures: list[Figure]) -> Table:
    table = Table("what", "on", "against", "figure", "goal: must / stretch", "", title="hazardloop bench")
    for f in figures:
        table.add_row(
            f.what, f.database, f.against, f.shown, str(f.goal or "–"), f"[{COLOURS[f.verdict]}]{f.verdict}[/]"
        )
    return table


def _plain(figure: Figure) -> dict[str, object]:
    return {**asdict(figure), "verdict": figure.verdict}


if __name__ == "__main__":
    main(sys.argv[1:])
