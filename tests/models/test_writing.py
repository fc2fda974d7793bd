"""What the hot path writes is what it reads: few rows or many, on either database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from models.batches import Batch, Shape, shape
from models.database import read_session, write_session
from models.reading import Read, read
from models.writing import LostRace, write_batches
from models.writing_postgresql import FEW

MADE = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
COLUMNS = ("id", "kind", "name", "unconfirmed", "created_at", "contact")
NEW = shape("organisations", COLUMNS)
RENAMED = shape("organisations", ("name",), keys=("id",))
ALL = Read("organisations", COLUMNS, key="id", order="id")

some = pytest.mark.parametrize("count", [1, 2, FEW, FEW + 1, 40])


def organisations(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{n:032}", "kind": "town", "name": f"第{n}镇 'x' \"y\" %s \\n,\n{{" if n else "NULL",
            "unconfirmed": n % 2 == 1, "created_at": MADE + timedelta(microseconds=n),
            "contact": None if n % 3 else "王",
        }
        for n in range(count)
    ]  # fmt: skip


def batch(of: Shape, rows: list[dict[str, Any]], *, exact: bool = False) -> Batch:
    return Batch(of, [[row[name] for name in (*of.columns, *of.keys)] for row in rows], exact)


def write(engine: Engine, *batches: Batch) -> None:
    with write_session(engine) as session:
        write_batches(session.connection(), batches)


def stored(engine: Engine, count: int) -> list[dict[str, Any]]:
    with read_session(engine) as session:
        rows = read(session.connection(), ALL, [f"{n:032}" for n in range(count)])
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


@some
def test_rows_come_back_as_they_were_written(database: Engine, count: int) -> None:
    rows = organisations(count)
    write(database, batch(NEW, rows))
    read_back = stored(database, count)
    assert read_back == rows
    assert {type(row["unconfirmed"]) for row in read_back} == {bool}
    assert {row["created_at"].tzinfo for row in read_back} == {UTC}


@some
def test_a_change_touches_its_own_rows_only(database: Engine, count: int) -> None:
    write(database, batch(NEW, organisations(count + 1)))
    write(database, batch(RENAMED, [{"id": f"{n:032}", "name": f"新{n}"} for n in range(count)], exact=True))
    names = [row["name"] for row in stored(database, count + 1)]
    assert names == [*(f"新{n}" for n in range(count)), organisations(count + 1)[-1]["name"]]


@some
def test_a_row_that_is_gone_is_a_lost_race_and_nothing_is_written(database: Engine, count: int) -> None:
    rows = organisations(count)
    write(database, batch(NEW, rows[1:]) if count > 1 else batch(NEW, organisations(2)[1:]))
    with pytest.raises(LostRace, match="organisations"):
        write(database, batch(RENAMED, [{"id": row["id"], "name": "新"} for row in rows], exact=True))
    assert "新" not in [row["name"] for row in stored(database, count)]


@some
def test_a_row_whose_condition_no_longer_holds_is_a_lost_race_too(database: Engine, count: int) -> None:
    write(database, batch(NEW, organisations(count)))
    settled = shape("organisations", ("name",), keys=("id",), condition="organisations.unconfirmed")
    rows = [{"id": f"{n:032}", "name": "新"} for n in range(count)]
    with pytest.raises(LostRace):
        write(database, batch(settled, rows, exact=True))
    write(database, batch(settled, rows))
    assert {row["name"] == "新" for row in stored(database, count) if row["unconfirmed"]} <= {True}
    assert "新" not in [row["name"] for row in stored(database, count) if not row["unconfirmed"]]


@some
def test_what_the_database_refuses_is_an_error_like_any_other_and_the_connection_goes_on(
    database: Engine, count: int
) -> None:
    rows = organisations(count)
    with pytest.raises(IntegrityError):
        write(database, batch(NEW, rows), batch(NEW, rows[:1]))
    assert stored(database, count) == []
    write(database, batch(NEW, rows))
    assert stored(database, count) == rows


def test_batches_are_written_in_their_order(database: Engine) -> None:
    rows = organisations(1)
    write(database, batch(NEW, rows), batch(RENAMED, [{"id": rows[0]["id"], "name": "后"}], exact=True))
    assert stored(database, 1)[0]["name"] == "后"


def test_one_row_changed_by_several_shapes_is_as_the_last_left_it(database: Engine) -> None:
    rows = organisations(2)
    reached = shape("organisations", ("contact",), keys=("id",))
    both = shape("organisations", ("name", "contact"), keys=("id",))
    write(
        database,
        batch(NEW, rows),
        batch(RENAMED, [{"id": rows[0]["id"], "name": "甲"}], exact=True),
        batch(reached, [{"id": rows[0]["id"], "contact": "赵"}, {"id": rows[1]["id"], "contact": None}], exact=True),
        batch(both, [{"id": rows[1]["id"], "name": "乙", "contact": "钱"}], exact=True),
        batch(RENAMED, [{"id": rows[0]["id"], "name": "丙"}], exact=True),
    )
    assert [(row["name"], row["contact"]) for row in stored(database, 2)] == [("丙", "赵"), ("乙", "钱")]


def test_a_row_that_is_gone_from_one_table_undoes_the_changes_of_the_others(database: Engine) -> None:
    rows = organisations(1)
    write(database, batch(NEW, rows))
    gone = batch(shape("people", ("name",), keys=("id",)), [{"id": "0" * 32, "name": "无"}], exact=True)
    with pytest.raises(LostRace, match="people"):
        write(database, batch(RENAMED, [{"id": rows[0]["id"], "name": "后"}], exact=True), gone)
    assert stored(database, 1) == rows


@some
def test_many_rows_of_one_table_between_few_of_others_keep_their_order(database: Engine, count: int) -> None:
    rows = organisations(count)
    last = [{"id": rows[-1]["id"], "name": "后"}]
    write(database, batch(NEW, rows), batch(RENAMED, last, exact=True), batch(NEW, organisations(count + 1)[-1:]))
    assert [row["name"] for row in stored(database, count + 1)][-2:] == ["后", organisations(count + 1)[-1]["name"]]
