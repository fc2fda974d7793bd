"""A ledger over HTTP: tried without a trace, taken in once, hostile ones refused by name."""

import os
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from models import Case, Import, Message
from tests.api.conftest import Server

PATH = "/api/v1/imports"
LEDGERS = Path(__file__).parents[1] / "ledger" / "data"
CSV = (
    "序号,单位名称,隐患内容,整改期限,整改情况\n"
    "1,老李饭店,灭火器过期,2026年3月9日前,未整改\n"
    "2,老张超市,通道堵塞,2026.3.10,已整改\n"
    "合计,2,,,\n"
)


def send(client: TestClient, name: str, content: bytes, **asked: Any) -> Any:
    return client.post(PATH, params={"name": name, **asked}, content=content)


@pytest.fixture
def desk_client(server: Server) -> TestClient:
    return server.login_as(server.desk.cast.dispatcher)


def test_a_preview_counts_and_writes_nothing(server: Server, desk_client: TestClient) -> None:
    tried = send(desk_client, "台账.csv", CSV.encode("gb18030"))

    assert tried.status_code == 200, tried.text
    known = tried.json()
    assert (known["rows"], known["cases"], known["problems"], known["import_id"]) == (2, 2, [], None)
    assert {column["field"] for column in known["columns"]["CSV"]} >= {"description", "deadline"}
    assert server.desk.count(Case) == server.desk.count(Import) == 0


def test_what_is_taken_in_tells_nobody_and_a_second_time_adds_nothing(server: Server, desk_client: TestClient) -> None:
    first = send(desk_client, "台账.csv", CSV.encode(), preview=False).json()
    second = send(desk_client, "台账.csv", CSV.encode(), preview=False).json()

    assert (first["cases"], second["cases"], second["known"]) == (2, 0, 2)
    assert server.desk.count(Case) == 2
    assert server.desk.count(Message) == 0
    (line,) = desk_client.get(PATH).json()["items"]
    assert (line["id"], line["name"], line["cases"]) == (first["import_id"], "台账.csv", 2)


@pytest.mark.parametrize("ledger", sorted(path.name for path in LEDGERS.iterdir()))
def test_real_ledgers_lose_no_row(server: Server, desk_client: TestClient, ledger: str) -> None:
    known = send(desk_client, ledger, (LEDGERS / ledger).read_bytes(), preview=False).json()

    assert known["rows"] > 0
    assert known["hazards"] == known["cases"] + known["known"] + len(known["problems"])
    assert server.desk.count(Case) == known["cases"]
    (line,) = desk_client.get(PATH).json()["items"]
    same = line.keys() & known.keys() - {"problems"}
    assert {name: line[name] for name in same} == {name: known[name] for name in same}
    assert (line["hazards"], line["problems"]) == (known["hazards"], len(known["problems"]))


def test_nothing_of_a_hostile_file_is_kept(server: Server, desk_client: TestClient) -> None:
    answers = [
        send(desk_client, "空.csv", b""),
        send(desk_client, "x.xlsx", CSV.encode()),
        send(desk_client, "../../etc/x.csv", CSV.encode()),
        send(desk_client, "网页.csv", b"<html></html>"),
        send(desk_client, "没有表头.csv", "今天天气好\n明天也好\n".encode()),
    ]

    assert [(answer.status_code, answer.json()["type"].rsplit("/")[-1]) for answer in answers] == [
        (422, "ledger-file-empty"), (422, "ledger-wrong-extension"), (422, "path-in-name"),
        (422, "ledger-unknown-kind"), (422, "ledger-no-header"),
    ]  # fmt: skip
    assert os.listdir(server.house.settings.data_dir / "incoming") == []
    assert server.desk.count(Case) == 0


def test_who_answers_for_the_district_imports_and_nobody_else(server: Server) -> None:
    cast = server.desk.cast

    statuses = {
        who: [
            send(server.login_as(getattr(cast, who)), "台账.csv", CSV.encode(), preview=p).status_code for p in (1, 0)
        ]
        for who in ("admin", "supervisor", "inspector", "town_inspector", "leader", "enterprise_person")
    }

    assert statuses == {
        "admin": [200, 200], "supervisor": [200, 200], "inspector": [200, 403], "town_inspector": [403, 403],
        "leader": [403, 403], "enterprise_person": [403, 403],
    }  # fmt: skip
    assert send(server.anonymous, "台账.csv", CSV.encode()).status_code == 401
