"""Verifying histories: whatever is changed behind the engine's back is found, and the place is named."""

import random
from typing import Any

import pytest

from models import Event
from models.database import read_session
from models.sqlite import driver as sqlite
from tests.desk import Desk
from tests.tampering import Run, tools
from workflow import verify as verifying
from workflow.history import canonical, link
from workflow.verify import Verdict, verify

Fact = tuple[str | None, int | None, str]


def look(desk: Desk, **options: Any) -> Verdict:
    with read_session(desk.engine) as session:
        return verify(session, **options)


def breaks(desk: Desk) -> list[Fact]:
    return [(found.number, found.seq, found.why) for found in look(desk).breaks]


def tamper(desk: Desk, statement: str, **values: Any) -> None:
    with tools(desk.engine) as run:
        run(statement, **values)


def test_untouched_histories_are_sound_and_counted(desk: Desk) -> None:
    for state in ("discovered", "submitted", "closed"):
        desk.to(state)
    desk.live(60)

    verdict = look(desk)

    assert (verdict.sound, verdict.cases, verdict.events) == (True, 3, desk.count(Event))


@pytest.mark.parametrize(
    ("change", "seq", "why"),
    [
        ("UPDATE events SET body = replace(body, '2026', '2025') WHERE case_id = :id AND seq = 2", 2, "hash"),
        ("UPDATE events SET hash = 'zz' || substr(hash, 3) WHERE case_id = :id AND seq = 2", 2, "hash"),
        ("UPDATE events SET actor_id = 'somebody' WHERE case_id = :id AND seq = 3", 3, "columns"),
        ("UPDATE events SET at = '2020-01-01 00:00:00.000000+00' WHERE case_id = :id AND seq = 3", 3, "columns"),
        ("UPDATE events SET trigger = 'start' WHERE case_id = :id AND seq = 2", 2, "columns"),
        ("UPDATE events SET kind = 'note' WHERE case_id = :id AND seq = 2", 2, "columns"),
        ("UPDATE events SET version = version + 1 WHERE case_id = :id AND seq = 2", 2, "columns"),
        ("DELETE FROM events WHERE case_id = :id AND seq = 1", 2, "gap"),
        ("DELETE FROM events WHERE case_id = :id AND seq = 2", 3, "gap"),
        ("DELETE FROM events WHERE case_id = :id AND seq = 5", None, "length"),
        ("DELETE FROM events WHERE case_id = :id", None, "length"),
        ("UPDATE cases SET state = 'closed', closed_at = opened_at, closed_by = 'a', verified_by = 'b', "
         "submitted_by = 'c', evidence_count = 1 WHERE id = :id", None, "state"),
        ("UPDATE cases SET version = version - 1 WHERE id = :id", None, "version"),
        ("UPDATE cases SET head = 'zz' || substr(head, 3) WHERE id = :id", None, "head"),
        ("UPDATE cases SET seq = seq - 1 WHERE id = :id", None, "length"),
    ],
)  # fmt: skip
def test_the_first_thing_that_was_changed_is_named(desk: Desk, change: str, seq: int | None, why: str) -> None:
    other, victim = desk.to("closed"), desk.to("submitted")

    tamper(desk, change, id=victim)

    assert breaks(desk) == [(desk.case(victim).number, seq, why)]
    assert other != victim


def test_a_line_that_was_cut_off_with_its_case_row_mended_shows_in_the_state(desk: Desk) -> None:
    case_id = desk.to("rectifying")
    last, before = desk.events(case_id)[-1], desk.events(case_id)[-2]

    tamper(desk, "DELETE FROM events WHERE case_id = :id AND seq = :seq", id=case_id, seq=last.seq)
    mended = {"id": case_id, "seq": before.seq, "head": before.hash, "version": before.version}
    tamper(desk, "UPDATE cases SET seq = :seq, head = :head, version = :version WHERE id = :id", **mended)

    assert breaks(desk) == [(desk.case(case_id).number, None, "state")]


def test_two_lines_that_changed_places_are_found(desk: Desk) -> None:
    case_id = desk.to("rectifying")

    for was, now in ((2, 99), (3, 2), (99, 3)):
        tamper(desk, "UPDATE events SET seq = :now WHERE case_id = :id AND seq = :was", id=case_id, was=was, now=now)

    assert breaks(desk) == [(desk.case(case_id).number, 2, "hash")]


def test_a_forged_line_with_a_right_hash_must_still_agree_with_its_columns(desk: Desk) -> None:
    case_id = desk.to("discovered")
    head = desk.events(case_id)[0].hash
    for body in (canonical({"to": "closed"}), "[]", "no JSON"):
        values = {"id": case_id, "body": body, "hash": link(head, body)}
        tamper(desk, "DELETE FROM events WHERE case_id = :id AND seq = 2", id=case_id)
        tamper(
            desk,
            "INSERT INTO events (case_id, seq, at, kind, trigger, actor_id, version, body, hash) SELECT "
            "case_id, 2, at, kind, 'close', actor_id, 2, :body, :hash FROM events WHERE case_id = :id AND seq = 1",
            **values,
        )
        tamper(
            desk, "UPDATE cases SET seq = 2, version = 2, head = :hash WHERE id = :id", id=case_id, hash=values["hash"]
        )

        assert breaks(desk) == [(desk.case(case_id).number, 2, "columns")]


def test_a_forged_line_that_agrees_with_itself_must_still_count_on(desk: Desk) -> None:
    case_id = desk.to("discovered")
    (first,) = desk.events(case_id)
    said = {"case": case_id, "seq": 2, "at": first.at, "kind": "move", "trigger": "close", "actor": None, "version": 7}
    body = canonical({**said, "to": "closed"})
    forged = {"id": case_id, "body": body, "hash": link(first.hash, body)}

    tamper(
        desk,
        "INSERT INTO events (case_id, seq, at, kind, trigger, version, body, hash) SELECT "
        "case_id, 2, at, kind, 'close', 7, :body, :hash FROM events WHERE case_id = :id AND seq = 1",
        **forged,
    )
    tamper(desk, "UPDATE cases SET seq = 2, version = 2, head = :hash WHERE id = :id", id=case_id, hash=forged["hash"])

    assert breaks(desk) == [(desk.case(case_id).number, 2, "version")]


def test_events_whose_case_was_removed_are_found(desk: Desk) -> None:
    case_id = desk.to("assigned")

    tamper(desk, "DELETE FROM cases WHERE id = :id", id=case_id)

    verdict = look(desk)
    assert [(found.case_id, found.why) for found in verdict.breaks] == [(case_id, "orphan")]
    assert (verdict.broken, verdict.events) == (1, desk.count(Event))


def test_whatever_else_is_left_of_a_removed_case_is_found_by_its_tables(desk: Desk) -> None:
    case_id = desk.to("assigned")

    for sql in ("DELETE FROM cases WHERE id = :id", "DELETE FROM events WHERE case_id = :id"):
        tamper(desk, sql, id=case_id)

    (found,) = look(desk).breaks
    assert (found.case_id, found.why) == (case_id, "orphan")
    assert {"rungs", "deadlines", "hazards"} <= set(found.tables)
    assert "events" not in found.tables
    assert "rungs" in found.message


def test_every_broken_case_is_counted_though_only_the_first_are_named(desk: Desk) -> None:
    cases = [desk.open() for _ in range(5)]
    for case_id in cases[1:]:
        tamper(desk, "UPDATE events SET body = 'x' WHERE case_id = :id", id=case_id)

    verdict = look(desk, cap=2)

    assert (verdict.cases, verdict.broken) == (5, 4)
    assert [found.case_id for found in verdict.breaks] == sorted(cases[1:])[:2]
    assert verdict.breaks[0].message == verifying.WHY["hash"]


def test_pages_hide_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = sorted(desk.open() for _ in range(7))
    tamper(desk, "UPDATE events SET body = 'x' WHERE case_id = :id", id=cases[-1])
    monkeypatch.setattr(verifying, "PAGE", 2)

    verdict = look(desk)

    assert (verdict.cases, [found.case_id for found in verdict.breaks]) == (7, cases[-1:])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_bit_of_any_event_can_be_turned_over_unseen(desk: Desk) -> None:
    desk.to("closed")
    desk.live(40)
    desk.to("submitted")
    dice = random.Random(20260302)

    with tools(desk.engine) as run:
        events = run("SELECT rowid FROM events")
        seen = [is_seen(desk, run, dice.choice(events)[0], dice) for _ in range(200)]

    assert len(seen) == 200
    assert all(seen)
    assert look(desk).sound


def is_seen(desk: Desk, run: Run, row: int, dice: random.Random) -> bool:
    """Change one value of one event, look, change it back; what the database itself refuses is seen, too."""
    column = dice.choice(COLUMNS)
    ((right,),) = run(f"SELECT {column} FROM events WHERE rowid = :row", row=row)
    try:
        run(
            f"UPDATE events SET {column} = CAST(:wrong AS TEXT) WHERE rowid = :row", wrong=mangled(right, dice), row=row
        )
    except sqlite.IntegrityError:
        return True
    verdict = look(desk)
    run(f"UPDATE events SET {column} = :right WHERE rowid = :row", right=right, row=row)
    return not verdict.sound


def mangled(value: Any, dice: random.Random) -> bytes:
    """A number one off; or the same text with one bit of its UTF-8 turned over, which may be no text any more."""
    if isinstance(value, int):
        return str(value + dice.choice((-1, 1))).encode()
    raw = bytearray(value.encode())
    raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return bytes(raw)


COLUMNS = ("case_id", "seq", "at", "kind", "trigger", "actor_id", "version", "body", "hash")
