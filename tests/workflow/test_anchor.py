"""The daily anchor: even who owns the whole database cannot cut or rewrite what it has seen."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from models import Anchor, Channel, Message
from models.database import read_session, write_session
from tests.desk import Desk
from tests.tampering import tools
from workflow.anchor import check_anchor, make_anchor
from workflow.anchor_file import NotAnAnchor, public_key
from workflow.history import link
from workflow.verify import verify

KEY = b"k" * 32
PUBLIC = public_key(KEY)


def anchor(desk: Desk, folder: Path, *, key: bytes = KEY) -> Anchor:
    with write_session(desk.engine) as session:
        return make_anchor(session, folder, key=key, now=desk.clock.now)


def findings(desk: Desk, path: Path, *, public: bytes = PUBLIC) -> list[tuple[str, str | None, int | None]]:
    with read_session(desk.engine) as session:
        return [(found.why, found.case_id, found.seq) for found in check_anchor(session, path, public)]


def chains_are_sound(desk: Desk) -> bool:
    with read_session(desk.engine) as session:
        return verify(session).sound


@pytest.fixture
def path(desk: Desk, tmp_path: Path) -> Path:
    """An anchor of three cases."""
    for state in ("discovered", "submitted", "closed"):
        desk.to(state)
    return tmp_path / "anchors" / anchor(desk, tmp_path / "anchors").name


def victim(desk: Desk, path: Path) -> Any:
    """The case of the first line."""
    return desk.case(json.loads(path.read_text().splitlines()[0])["case"])


def in_state(desk: Desk, path: Path, state: str) -> str:
    """The anchored case that stands there."""
    said = map(json.loads, path.read_text().splitlines()[:-1])
    return next(head["case"] for head in said if desk.case(head["case"]).state == state)


def rewrite(desk: Desk, case_id: str, first: int) -> None:
    """Forge every line from `first` on, as somebody would who knows exactly how chains are made."""
    with tools(desk.engine) as run:
        lines = run("SELECT seq, body, hash FROM events WHERE case_id = :id ORDER BY seq", id=case_id)
        head = lines[first - 2][2] if first > 1 else "0" * 64
        for seq, body, _ in lines[first - 1 :]:
            forged = body.replace("堵塞", "通畅").replace("李检查", "刘检查")
            head = link(head, forged)
            run(
                "UPDATE events SET body = :body, hash = :hash WHERE case_id = :id AND seq = :seq",
                body=forged, hash=head, id=case_id, seq=seq,
            )  # fmt: skip
        run("UPDATE cases SET head = :head WHERE id = :id", head=head, id=case_id)


def cut(desk: Desk, case_id: str) -> None:
    """Take the last line off and mend the case row, state and all."""
    last = "(SELECT seq FROM cases WHERE id = :id)"
    with tools(desk.engine) as run:
        run(f"DELETE FROM messages WHERE case_id = :id AND event_seq = {last}", id=case_id)
        run(f"DELETE FROM events WHERE case_id = :id AND seq = {last}", id=case_id)
        ((seq, version, body, head),) = run(
            "SELECT seq, version, body, hash FROM events WHERE case_id = :id ORDER BY seq DESC LIMIT 1", id=case_id
        )
        run(
            "UPDATE cases SET seq = :seq, version = :version, head = :head, state = :state WHERE id = :id",
            seq=seq, version=version, head=head, state=json.loads(body)["to"], id=case_id,
        )  # fmt: skip


def test_an_honest_database_agrees_with_its_anchor_also_after_more_has_happened(desk: Desk, path: Path) -> None:
    desk.to("closed")
    desk.live(40)

    assert findings(desk, path) == []


def test_a_whole_chain_forged_without_a_flaw_is_caught_by_the_anchor_alone(desk: Desk, path: Path) -> None:
    case = victim(desk, path)

    rewrite(desk, case.id, first=1)

    assert chains_are_sound(desk)
    assert findings(desk, path) == [("rewritten", case.id, case.seq)]


def test_a_history_cut_short_is_caught_though_its_case_row_was_mended(desk: Desk, path: Path) -> None:
    case_id = in_state(desk, path, "closed")
    seq = desk.case(case_id).seq

    cut(desk, case_id)

    assert chains_are_sound(desk)
    assert findings(desk, path) == [("cut", case_id, seq)]


def test_a_history_cut_short_and_grown_again_is_still_caught(desk: Desk, path: Path) -> None:
    case_id = in_state(desk, path, "closed")
    seq = desk.case(case_id).seq
    cut(desk, case_id)

    desk.clock.advance(days=1)
    desk.close(case_id)

    assert (desk.case(case_id).seq, chains_are_sound(desk)) == (seq, True)
    assert findings(desk, path) == [("rewritten", case_id, seq)]


def test_a_case_that_vanished_without_a_trace_is_caught(desk: Desk, path: Path) -> None:
    case = victim(desk, path)

    with tools(desk.engine) as run:
        for table in ("events", "hazards", "rungs", "deadlines", "messages", "submissions", "evidence"):
            run(f"DELETE FROM {table} WHERE case_id = :id", id=case.id)
        run("DELETE FROM cases WHERE id = :id", id=case.id)

    assert chains_are_sound(desk)
    assert findings(desk, path) == [("vanished", case.id, case.seq)]


def test_a_file_changed_anywhere_is_no_witness(desk: Desk, path: Path) -> None:
    honest = path.read_text()
    lines = honest.splitlines(keepends=True)
    digits = str.maketrans("0123456789", "1234567890")
    changed = [
        "".join([lines[0].translate(digits), *lines[1:]]),
        "".join(lines[1:]),
        "".join([*lines[:1], *lines]),
        "".join([lines[1], lines[0], *lines[2:]]),
        honest.replace('"cases":3', '"cases":2'),
        honest.replace('"day":"2026-03-02"', '"day":"2026-03-03"'),
    ]
    for text in changed:
        assert text != honest
        path.write_text(text)
        assert findings(desk, path) == [("signature", None, None)]


def test_a_file_signed_with_another_key_is_no_witness(desk: Desk, path: Path) -> None:
    assert findings(desk, path, public=public_key(b"x" * 32)) == [("signature", None, None)]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}", b"[1]\n", b"\xff\xfe", b'{"case":"a"}\n', b"x" * 10_000, b'{"day":1,"signature":"zz"}',
     b'{"at":"","cases":true,"day":"","digest":"","signature":""}',
     b'{"at":"","cases":1,"day":"","digest":"","signature":"zz"}'],
)  # fmt: skip
def test_another_file_is_refused_by_name(desk: Desk, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.jsonl").write_bytes(content)

    with pytest.raises(NotAnAnchor) as refused:
        findings(desk, tmp_path / "other.jsonl")

    assert refused.value.field == "other.jsonl"


def test_a_file_that_is_not_there_is_refused_by_name(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotAnAnchor):
        findings(desk, tmp_path / "none.jsonl")


def test_a_day_has_one_anchor_however_often_it_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    first = anchor(desk, tmp_path)
    before = (tmp_path / first.name).read_bytes()
    desk.open()
    desk.clock.advance(hours=5)

    again = anchor(desk, tmp_path)

    assert (again.day, again.digest, again.cases) == (first.day, first.digest, 1)
    assert (tmp_path / first.name).read_bytes() == before
    assert [file.name for file in tmp_path.glob("anchor*")] == [first.name]
    assert desk.count(Message, Message.template == "anchor") == 1


def test_days_are_shanghai_days(desk: Desk, tmp_path: Path) -> None:
    desk.clock.advance(hours=15)  # midnight, still 2 March in UTC

    assert anchor(desk, tmp_path).day == "2026-03-03"


def channel(desk: Desk, id: str) -> None:
    with write_session(desk.engine) as session:
        session.add(
            Channel(
                id=id, kind="dingtalk", name="值班群", org_id=desk.cast.bureau, settings="", hint="",
                created_at=desk.clock.now, tokens=1.0, refilled_at=desk.clock.now,
            )
        )  # fmt: skip


def test_the_digest_leaves_by_every_channel_and_reaches_every_administrator(desk: Desk, tmp_path: Path) -> None:
    for id in ("fire", "duty", "off"):
        channel(desk, id)
    with write_session(desk.engine) as session:
        session.execute(update(Channel).where(Channel.id == "off").values(disabled_at=desk.clock.now))
    desk.open()

    made = anchor(desk, tmp_path)

    told = desk.all(Message, Message.template == "anchor", order=Message.target)
    assert [(m.target, m.outcome) for m in told] == [
        ("channel:duty", None),
        ("channel:fire", None),
        (f"person:{desk.cast.admin.id}", "shown"),
    ]
    assert all(made.digest in m.payload and m.case_id is None for m in told)


def test_with_no_administrator_left_nobody_is_a_red_line(desk: Desk, tmp_path: Path) -> None:
    with tools(desk.engine) as run:
        run("UPDATE grants SET revoked_at = granted_at WHERE role = 'administrator'")

    anchor(desk, tmp_path)

    assert [(m.target, m.outcome) for m in desk.all(Message)] == [("nobody:administrator", "nobody")]


def test_an_anchor_that_is_rolled_back_can_be_made_again(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    with pytest.raises(RuntimeError), write_session(desk.engine) as session:
        make_anchor(session, tmp_path, key=KEY, now=desk.clock.now)
        raise RuntimeError
    desk.open()

    made = anchor(desk, tmp_path)

    assert made.cases == 2
    assert findings(desk, tmp_path / made.name) == []
