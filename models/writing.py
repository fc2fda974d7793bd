"""The hot path's writes: rows in, few statements out, made from the tables once per shape and kept."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import Any

from sqlalchemy import Connection

from models import writing_postgresql
from models.batches import Batch, Shape, statement
from models.driver import Straight


class LostRace(Exception):
    """A row that had to be there in a certain state was not: somebody else was faster."""


def write_batches(connection: Connection, batches: Sequence[Batch]) -> None:
    """Write the batches in their order, in the caller's transaction; `LostRace` if an exact one missed a row."""
    with Straight(connection) as opened:
        found = WRITERS[connection.dialect.name](opened, batches)
    for batch, rows in zip(batches, found, strict=True):
        if batch.exact and rows != len(batch.rows):
            raise LostRace(batch.shape.table)


def _sqlite(opened: Any, batches: Sequence[Batch]) -> list[int]:
    return [opened.executemany(_marked(shape), rows).rowcount for shape, rows, _ in batches]


@cache
def _marked(shape: Shape) -> str:
    return statement(shape, repeat("?"))


WRITERS: Mapping[str, Callable[[Any, Sequence[Batch]], list[int]]] = {
    "postgresql": writing_postgresql.write,
    "sqlite": _sqlite,
}
