"""What the hot path writes is what it reads: few rows or many, on either database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from models.database import read_session, write_session
from models.reading import Read, read
from models.writing import FEW, Batch, LostRace, Shape, write_batches

MADE = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
COLUMNS = ("id", "kind", "name", "unconfirmed", "created_at", "contact")
NEW = Shape("organisations", COLUMNS)
RENAMED = Shape("organisations", ("id", "name"), keys=("id",))
ALL = Read("organisations", COLUMNS, key="id", order="id")

some = pytest.mark.parametrize("count", [1, 2, FEW, FEW + 1, 40])


def organisations(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{n:032}", "kind": "town", "name": f"第{n}镇 'x' %s \\n {{", "unconfirmed": n % 2 == 1,
            "created_at": MADE + timedelta(microseconds=n), "contact": None if n % 3 else "王",
        }
        for n in range(count)
    ]  # fmt: skip


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
    write(database, Batch(NEW, rows))
    read_back = stored(database, count)
    assert read_back == rows
    assert {type(row["unconfirmed"]) for row in read_back} == {bool}
    assert {row["created_at"].tzinfo for row in read_back} == {UTC}


@some
def test_a_change_touches_its_own_rows_only(database: Engine, count: int) -> None:
    write(database, Batch(NEW, organisations(count + 1)))
    write(database, Batch(RENAMED, [{"id": f"{n:032}", "name": f"新{n}"} for n in range(count)], exact=True))
    names = [row["name"] for row in stored(database, count + 1)]
    assert names == [*(f"新{n}" for n in range(count)), organisations(count + 1)[-1]["name"]]


@some
def test_a_row_that_is_gone_is_a_lost_race_and_nothing_is_written(database: Engine, count: int) -> None:
    rows = organisations(count)
    write(database, Batch(NEW, rows[1:]) if count > 1 else Batch(NEW, organisations(2)[1:]))
    with pytest.raises(LostRace, match="organisations"):
        write(database, Batch(RENAMED, [{"id": row["id"], "name": "新"} for row in rows], exact=True))
    assert "新" not in [row["name"] for row in stored(database, count)]


@some
def test_a_row_whose_condition_no_longer_holds_is_a_lost_race_too(database: Engine, count: int) -> None:
    write(database, Batch(NEW, organisations(count)))
    settled = Shape("organisations", ("id", "name"), keys=("id",), condition="organisations.unconfirmed")
    rows = [{"id": f"{n:032}", "name": "新"} for n in range(count)]
    with pytest.raises(LostRace):
        write(database, Batch(settled, rows, exact=True))
    write(database, Batch(settled, rows))
    assert {row["name"] == "新" for row in stored(database, count) if row["unconfirmed"]} <= {True}
    assert "新" not in [row["name"] for row in stored(database, count) if not row["unconfirmed"]]


@some
def test_what_the_database_refuses_is_an_error_like_any_other_and_the_connection_goes_on(
    database: Engine, count: int
) -> None:
    rows = organisations(count)
    with pytest.raises(IntegrityError):
        write(database, Batch(NEW, rows), Batch(NEW, rows[:1]))
    assert stored(database, count) == []
    write(database, Batch(NEW, rows))
    assert stored(database, count) == rows


def test_batches_are_written_in_their_order(database: Engine) -> None:
    rows = organisations(1)
    write(database, Batch(NEW, rows), Batch(RENAMED, [{"id": rows[0]["id"], "name": "后"}], exact=True))
    assert stored(database, 1)[0]["name"] == "后"


def test_one_row_changed_by_several_shapes_is_as_the_last_left_it(database: Engine) -> None:
    rows = organisations(2)
    reached = Shape("organisations", ("id", "contact"), keys=("id",))
    both = Shape("organisations", ("id", "name", "contact"), keys=("id",))
    write(
        database,
        Batch(NEW, rows),
        Batch(RENAMED, [{"id": rows[0]["id"], "name": "甲"}], exact=True),
        Batch(reached, [{"id": rows[0]["id"], "contact": "赵"}, {"id": rows[1]["id"], "contact": None}], exact=True),
        Batch(both, [{"id": rows[1]["id"], "name": "乙", "contact": "钱"}], exact=True),
        Batch(RENAMED, [{"id": rows[0]["id"], "name": "丙"}], exact=True),
    )
    assert [(row["name"], row["contact"]) for row in stored(database, 2)] == [("丙", "赵"), ("乙", "钱")]


def test_a_row_that_is_gone_from_one_table_undoes_the_changes_of_the_others(database: Engine) -> None:
    rows = organisations(1)
    write(database, Batch(NEW, rows))
    gone = Batch(Shape("people", ("id", "name"), keys=("id",)), [{"id": "0" * 32, "name": "无"}], exact=True)
    with pytest.raises(LostRace, match="people"):
        write(database, Batch(RENAMED, [{"id": rows[0]["id"], "name": "后"}], exact=True), gone)
    assert stored(database, 1) == rows


@some
def test_many_rows_of_one_table_between_few_of_others_keep_their_order(database: Engine, count: int) -> None:
    rows = organisations(count)
    last = [{"id": rows[-1]["id"], "name": "后"}]
    write(database, Batch(NEW, rows), Batch(RENAMED, last, exact=True), Batch(NEW, organisations(count + 1)[-1:]))
    assert [row["name"] for row in stored(database, count + 1)][-2:] == ["后", organisations(count + 1)[-1]["name"]]
