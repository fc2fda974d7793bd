"""The judge is not blind: in a sound database it finds nothing, and every tampering by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.evidence.store import Store
from models.database import read_session
from tests.desk import Desk
from tests.hard.judge import Promise, Promises, faults
from tests.rounds import Rounds
from tests.tampering import Run, tools

OPENED, ASSIGNED = "mark-000000000001", "mark-000000000002"


@dataclass(frozen=True, slots=True)
class Told:
    """A sound database, what was promised about it, and where its evidence lies."""

    desk: Desk
    case_id: str
    promises: Promises
    store: Store

    def faults(self) -> list[str]:
        """What the judge says now."""
        with read_session(self.desk.engine) as session:
            return faults(session, self.promises, self.store)


@pytest.fixture
def told(desk: Desk, tmp_path: Path) -> Told:
    """One overdue case that was opened, assigned, submitted with a photo, and swept."""
    promises, store = Promises(), Store(tmp_path)
    case_id = desk.open(remark=OPENED)
    desk.assign(case_id, requirement=ASSIGNED)
    desk.live(50, step=10)
    content = b"a photo"
    sha256 = desk.photo(case_id, desk.cast.enterprise_person, content=content)
    place = tmp_path / "originals" / sha256[:2] / sha256
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    desk.start(case_id)
    desk.fire(case_id, "submit", desk.cast.enterprise_person, evidence=(sha256,), measures="已清除")
    for version, mark in enumerate((OPENED, ASSIGNED), start=1):
        promises.ask(mark)
        promises.moved(Promise(mark, case_id, version))
    promises.arrived(case_id, sha256)
    return Told(desk, case_id, promises, store)


def test_a_sound_database_has_no_faults(told: Told) -> None:
    assert told.faults() == []


def test_cases_of_another_kind_are_not_counted_as_hazards(told: Told) -> None:
    Rounds(told.desk).open()
    assert told.faults() == []


def _lose_the_move(run: Run, told: Told) -> None:
    """What a database does that forgets an acknowledged commit: the case is as it was, chain and all."""
    for table in ("events", "rungs", "acts", "messages", "evidence", "submissions", "deadlines", "tally_deltas"):
        run(f"DELETE FROM {table}" + (" WHERE seq > 1" if table == "events" else ""))
    run("UPDATE cases SET version = 1, seq = 1, state = 'discovered', message_no = 0, overdue_since = NULL")
    run("UPDATE cases SET head = (SELECT hash FROM events)")


def _double_the_case(run: Run, told: Told) -> None:
    """What a repeated request does that is not recognised: a second case, as sound as the first."""
    told.desk.open(remark=OPENED)


def _double_a_rung(run: Run, told: Told) -> None:
    (line,) = run("SELECT case_id, max(seq) FROM events WHERE kind = 'rung' GROUP BY case_id")
    run(
        "INSERT INTO events SELECT case_id, seq + 1000, at, kind, trigger, actor_id, version, body, hash "
        "FROM events WHERE seq = :seq", seq=line[1],
    )  # fmt: skip


def _burn_the_photo(run: Run, told: Told) -> None:
    for path in told.store.root.rglob("originals/*/*"):
        path.write_bytes(b"ashes")


TAMPERINGS: dict[str, tuple[Callable[[Run, Told], object], str]] = {
    "a lost move": (_lose_the_move, "lost: "),
    "a doubled opening": (_double_the_case, "doubled: "),
    "a rewritten line": (lambda run, told: run("UPDATE events SET body = '{}' WHERE seq = 1"), "history of "),
    "a foreign move": (lambda run, told: told.promises.asked.discard(OPENED), "never asked for: "),
    "a rung told twice": (_double_a_rung, "rung twice: "),
    "a rung fired unseen": (
        lambda run, told: run("UPDATE rungs SET outcome = 'withdrawn' WHERE outcome = 'fired'"), "rungs of ",
    ),
    "a counter one too high": (lambda run, told: run("UPDATE tally_deltas SET n = n + 1 WHERE n > 0"), "counters "),
    "a message that vanished": (lambda run, told: run("DELETE FROM messages WHERE number = 1"), "messages of "),
    "an upload that vanished": (lambda run, told: run("DELETE FROM evidence"), "upload lost: "),
    "declared evidence that vanished": (lambda run, told: run("DELETE FROM evidence"), "declared, not there: "),
    "a burnt photo": (_burn_the_photo, "no such bytes: "),
    "an answer never kept": (
        lambda run, told: run(
            "INSERT INTO answered_requests (caller, key, request_hash, created_at) "
            "SELECT 'a', 'b', 'c', opened_at FROM cases"
        ), "half answered: ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_every_tampering_is_found(told: Told, name: str) -> None:
    tamper, found = TAMPERINGS[name]
    with tools(told.desk.engine) as run:
        tamper(run, told)

    assert [fault for fault in told.faults() if fault.startswith(found)]
