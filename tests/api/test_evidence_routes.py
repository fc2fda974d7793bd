"""Evidence over HTTP: only from who has a part, whole or not at all, and never a way into somebody's browser."""

import base64
import hashlib
from typing import Any

import pytest

from models import Event, Evidence
from tests.api.conftest import Server
from tests.api.evidence_files import CANARY, paper, picture, png_of, untouched


def send(server: Server, case_id: str, content: Any = None, *, by: Any = None, **asked: Any) -> Any:
    """The enterprise sends a file; headers may come along."""
    headers = asked.pop("headers", {})
    params = {"phase": "after", "name": "整改后.jpg", **asked}
    client = server.login_as(by or server.desk.cast.enterprise_person)
    return client.post(
        f"/api/v1/cases/{case_id}/evidence",
        params=params,
        content=picture() if content is None else content,
        headers=headers,
    )


def test_a_photo_arrives_with_its_hash_time_and_place(server: Server) -> None:
    case_id = server.desk.to("rectifying")
    content = picture()
    answer = send(server, case_id, (content[n : n + 1000] for n in range(0, len(content), 1000)))
    assert answer.status_code == 201
    piece = answer.json()
    assert piece["sha256"] == hashlib.sha256(content).hexdigest()
    assert piece["taken_at"] == "2026-03-01T10:20:30+08:00"
    assert (piece["name"], piece["media_type"], piece["width"]) == ("整改后.jpg", "image/jpeg", 640)
    assert server.login_as(server.desk.cast.inspector).get(f"/api/v1/cases/{case_id}/evidence").json() == [piece]
    assert server.house.store.original(piece["sha256"]).read_bytes() == content


def test_the_same_bytes_again_are_no_new_piece(server: Server) -> None:
    case_id = server.desk.to("rectifying")
    first, again = send(server, case_id), send(server, case_id, headers={"Idempotency-Key": "p"})
    keyed = send(server, case_id, headers={"Idempotency-Key": "p"})
    assert first.json() == again.json() == keyed.json()
    assert keyed.headers["idempotency-replayed"] == "true"
    assert server.desk.count(Event, Event.trigger == "attach") == server.desk.count(Evidence) == 1


def test_what_is_shown_is_a_copy_and_what_is_saved_the_original(server: Server) -> None:
    case_id = server.desk.to("rectifying")
    content = picture()
    piece = f"/api/v1/cases/{case_id}/evidence/{send(server, case_id, content).json()['id']}"
    client = server.login_as(server.desk.cast.inspector)
    copy, original = client.get(piece), client.get(f"{piece}/original")
    assert copy.headers["content-type"] == "image/jpeg"
    assert CANARY in content
    assert CANARY not in copy.content
    assert original.content == content
    assert original.headers["content-disposition"].startswith("attachment; ")
    for answer in (copy, original):
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"
    stranger = server.login_as(server.desk.cast.other_enterprise_person)
    assert {stranger.get(piece).status_code, stranger.get(f"{piece}/original").status_code} == {404}
    assert server.anonymous.get(f"{piece}/original").status_code == 401


def test_a_piece_is_reached_only_through_its_own_case(server: Server) -> None:
    mine, other = server.desk.to("rectifying"), server.desk.to("rectifying")
    piece = send(server, mine).json()["id"]
    client = server.login_as(server.desk.cast.enterprise_person)
    assert client.get(f"/api/v1/cases/{mine}/evidence/{piece}").status_code == 200
    assert client.get(f"/api/v1/cases/{other}/evidence/{piece}").status_code == 404


def test_a_paper_has_no_copy_and_says_so(server: Server) -> None:
    case_id = server.desk.to("rectifying")
    piece = send(server, case_id, paper(), name="通知.pdf").json()
    client = server.login_as(server.desk.cast.inspector)
    answer = client.get(f"/api/v1/cases/{case_id}/evidence/{piece['id']}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-copy")
    assert client.get(f"/api/v1/cases/{case_id}/evidence/{piece['id']}/original").content == paper()


@pytest.mark.parametrize(
    ("content", "name", "status", "kind"),
    [
        (b"", "a.jpg", 422, "empty-file"),
        (b"<svg onload='alert(1)'/>", "a.svg", 415, "wrong-kind"),
        (b"<svg onload='alert(1)'/>", "a.jpg", 415, "wrong-kind"),
        (b"MZ", "a.exe", 415, "wrong-kind"),
        (picture(), "../../etc/a.jpg", 422, "path-in-name"),
        (picture(), "C:\\照片\\a.jpg", 422, "path-in-name"),
        (picture("PNG"), "a.jpg", 415, "wrong-extension"),
        (picture()[:600], "a.jpg", 422, "corrupt-picture"),
        (png_of(60_000, 60_000), "a.png", 413, "too-many-pixels"),
        (b"\xff\xd8\xff" + b"x" * (20 * 2**20), "a.jpg", 413, "file-too-large"),
        ((b"\xff\xd8\xff" * 2**19 for _ in range(15)), "a.jpg", 413, "file-too-large"),
    ],
    ids=[
        "empty",
        "svg",
        "svg as jpg",
        "exe",
        "folders",
        "drive",
        "png as jpg",
        "cut",
        "60000x60000",
        "large",
        "endless",
    ],
)
def test_a_hostile_file_is_refused_by_name_and_leaves_nothing(
    sqlite_server: Server, content: Any, name: str, status: int, kind: str
) -> None:
    case_id = sqlite_server.desk.to("assigned")
    answer = send(sqlite_server, case_id, content, name=name)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert sqlite_server.desk.count(Evidence) == 0
    assert untouched(sqlite_server.house.store)


@pytest.mark.parametrize("mebibytes", [21, 65])
def test_a_file_too_large_is_told_what_evidence_may_have(sqlite_server: Server, mebibytes: int) -> None:
    answer = send(sqlite_server, sqlite_server.desk.to("assigned"), bytes(mebibytes * 2**20))
    assert (answer.status_code, answer.json()["right"]) == (413, "不超过 20 兆字节")


def test_a_file_that_is_not_what_was_declared_is_not_kept(server: Server) -> None:
    case_id = server.desk.to("assigned")
    right, wrong = hashlib.sha256(picture()), hashlib.sha256(b"another")

    def field(digest: Any) -> dict[str, str]:
        return {"Content-Digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"}

    for asked in ({"sha256": wrong.hexdigest()}, {"headers": field(wrong)}):
        answer = send(server, case_id, **asked)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/digest-differs")
    assert send(server, case_id, headers={"Content-Digest": "md5=:x:"}).json()["type"] == "/problems/bad-digest"
    assert untouched(server.house.store)
    assert send(server, case_id, sha256=right.hexdigest(), headers=field(right)).status_code == 201


@pytest.mark.parametrize("who", ["anonymous", "other_enterprise_person", "leader"])
def test_nobody_without_a_part_gets_a_byte_read(server: Server, who: str) -> None:
    case_id = server.desk.to("assigned")
    read: list[int] = []

    def watched() -> Any:
        for n in range(100):
            read.append(n)
            yield b"\xff\xd8\xff" * 2**15

    actor = getattr(server.desk.cast, who, None)
    client = server.login_as(actor) if actor else server.anonymous
    answer = client.post(
        f"/api/v1/cases/{case_id}/evidence", params={"phase": "after", "name": "a.jpg"}, content=watched()
    )
    assert answer.status_code in (401, 403, 404)
    assert untouched(server.house.store)


def test_what_is_over_takes_no_more_evidence(server: Server) -> None:
    case_id = server.desk.to("closed")
    answer = send(server, case_id, by=server.desk.cast.inspector)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/illegal-move")
    assert untouched(server.house.store)
