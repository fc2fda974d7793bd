"""The drawn pages: they are the table's own, and nobody forgets to draw them anew."""

from pathlib import Path

import pytest

from workflow.diagrams import FOLDER, draw, page
from workflow.hazard import HAZARD
from workflow.workflows import WORKFLOWS


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_the_page_in_docs_is_what_the_table_says_today(name: str) -> None:
    kept = (FOLDER / f"{name}.md").read_text(encoding="utf-8")

    assert kept == page(WORKFLOWS[name]), "run: make docs"


def test_drawing_writes_every_workflow(tmp_path: Path) -> None:
    draw(tmp_path / "new")

    assert {path.stem for path in (tmp_path / "new").iterdir()} == set(WORKFLOWS)


def test_every_state_move_deadline_and_rung_is_on_the_page() -> None:
    drawn = page(HAZARD)
    labels = [*HAZARD.states.values(), *(move.label for move in HAZARD.moves), *(d.label for d in HAZARD.deadlines)]
    rungs = [step.label for promise in HAZARD.deadlines for step in promise.ladder]

    assert [word for word in (*labels, *rungs) if word not in drawn] == []


def test_every_row_of_the_page_has_as_many_cells_as_its_heading() -> None:
    tables: list[list[int]] = [[]]
    for line in page(HAZARD).splitlines():
        if line.startswith("|"):
            tables[-1].append(line.count("|"))
        elif tables[-1]:
            tables.append([])

    assert [len(set(widths)) for widths in tables if widths] == [1, 1, 1, 1]


def test_an_arrow_stands_for_every_way_a_move_can_go() -> None:
    arrows = {line.split(" : ")[0].strip() for line in page(HAZARD).splitlines() if "-->" in line and " : " in line}
    ways = {f"{source} --> {move.to or source}" for move in HAZARD.moves for source in move.sources}

    assert arrows == {*ways, f"[*] --> {HAZARD.initial}"}
