"""`simulate`: the figures are those worked out by hand, and nothing is written or sent."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from typer.testing import Result

from api.cli.answers import Exit
from models import metadata
from models.database import read_session
from tests.api.test_cli import runner, told
from tests.desk import Desk
from tests.replaying import watched

# Stricter in two promises, laxer in a third.
STRICT = """
name = "strict"
title = "从严"
version = "1"
based_on = "national"

[limits."hazard.assign"]
amount = 1
unit = "working_day"
source = "推演：1个工作日"

[limits."hazard.rectify"]
amount = 10
unit = "natural_day"
source = "推演：10日"

[limits."hazard.recheck"]
amount = 20
unit = "natural_day"
source = "推演：20日"
"""
SPRING = ("--from", "2026-03-01", "--to", "2026-04-30")


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    """A profile of the test's own."""
    path = tmp_path / "strict.toml"
    path.write_text(STRICT, encoding="utf-8")
    return path


@pytest.fixture
def run(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command on the story's database."""
    return runner(tmp_path, desk.engine.url.render_as_string(hide_password=False), monkeypatch)


@pytest.fixture
def story(desk: Desk) -> str:
    """Found on Monday 2 March, assigned on the 4th, submitted on the 20th, verified on 2 April, closed on the 3rd."""
    ever = watched(desk)
    case_id = ever.open()
    ever.clock.advance(days=2)
    ever.assign(case_id)
    ever.start(case_id)
    ever.clock.advance(days=16)
    ever.submit(case_id)
    ever.clock.advance(days=13)
    ever.verify(case_id)
    ever.clock.advance(days=1)
    ever.close(case_id)
    return ever.case(case_id).number


def figures(found: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    columns = ("were", "would_be", "newly", "no_longer")
    return {each["deadline"]: tuple(each[name] for name in columns) for each in found["deadlines"]}


def test_two_profiles_compare_as_worked_out_by_hand(run: Callable[..., Result], story: str, strict: Path) -> None:
    found = told(run("simulate", "--profile", strict, *SPRING, "--json"))

    # Assigning was due at the end of the 5th, now of the 3rd; rectifying of 3 April, now of 14 March; the recheck of
    # 30 March, now of 9 April.
    assert figures(found) == {"assign": (0, 1, 1, 0), "rectify": (0, 1, 1, 0), "recheck": (1, 0, 0, 1)}
    assert [(late["number"], late["deadline"], late["late_seconds"], late["was_late"]) for late in found["worst"]] == [
        (story, "rectify", (5 * 24 + 9) * 3600, False),
        (story, "assign", 9 * 3600, False),
    ]
    assert found["worst"][0]["enterprise"] == "示范精细化工有限公司"
    assert {(each["role"], each["name"]): each["times"] for each in found["told"]} == {
        ("responsible", "赵安全"): 4,  # assigned, reminded, late, closed
        ("dispatcher", "吴交办"): 3,  # found, assigning late, rectifying late
        ("supervisor", "郑审核"): 3,  # a day late, three days late, verified
        ("inspector", "孙镇查"): 1,  # submitted
    }
    assert found["messages"] == {
        "were": {"total": 7, "peak": 1, "peak_day": "2026-03-02"},
        "would_be": {"total": 11, "peak": 2, "peak_day": "2026-03-04"},
    }


def test_only_the_days_asked_for_are_counted(run: Callable[..., Result], story: str, strict: Path) -> None:
    days = ("--from", "2026-03-15", "--to", "2026-03-15")
    found = told(run("simulate", "--profile", strict, *days, "--json"))

    # What is due at the end of the 14th is late from the first instant of the 15th.
    assert figures(found) == {"rectify": (0, 1, 1, 0)}
    assert (found["messages"]["were"]["total"], found["messages"]["would_be"]["total"]) == (0, 2)


def test_the_profile_in_force_changes_nothing(run: Callable[..., Result], story: str) -> None:
    found = told(run("simulate", "--profile", "national", *SPRING, "--json"))

    assert figures(found) == {"recheck": (1, 1, 0, 0)}
    assert found["messages"]["were"] == found["messages"]["would_be"]


def test_people_read_tables_in_chinese(run: Callable[..., Result], story: str, strict: Path) -> None:
    answered = run("simulate", "--profile", strict, *SPRING)

    assert answered.exit_code == Exit.OK, answered.output
    for words in (
        "按“从严”推演（现行“全国默认”）",
        "隐患·整改",
        story,
        "5 天",
        "9 小时 0 分",
        "2026-03-14 24时",
        "推演消息 11 条",
        "没有写入",
    ):
        assert words in answered.output


def everything(engine: Engine) -> dict[str, list[Any]]:
    with read_session(engine) as session:
        return {name: sorted(map(repr, session.execute(select(t)))) for name, t in metadata.tables.items()}


def test_nothing_is_written_or_sent(run: Callable[..., Result], desk: Desk, story: str, strict: Path) -> None:
    before, file = everything(desk.engine), desk.engine.url.database
    on_file = desk.engine.dialect.name == "sqlite"
    desk.engine.dispose()
    digest = sha256(Path(str(file)).read_bytes()).digest() if on_file else b""

    told(run("simulate", "--profile", strict, *SPRING, "--json"))

    if on_file:
        assert sha256(Path(str(file)).read_bytes()).digest() == digest
    assert everything(desk.engine) == before
    assert before["messages"]
    assert before["events"]


def test_a_bad_profile_is_refused_with_all_its_faults(run: Callable[..., Result], strict: Path) -> None:
    strict.write_text(STRICT.replace("amount = 1\n", "amount = 0\n").replace("amount = 20", "amount = -1"), "utf-8")
    refused = told_refusal(run("simulate", "--profile", strict, *SPRING, "--json"), Exit.ENVIRONMENT)

    assert refused["name"] == "ProfileFault"
    assert len(refused["faults"]) == 2


def test_days_the_wrong_way_round_are_refused(run: Callable[..., Result]) -> None:
    days = ("--from", "2026-03-02", "--to", "2026-03-01")
    refused = told_refusal(run("simulate", "--profile", "national", *days, "--json"), Exit.REFUSED)

    assert (refused["name"], refused["right"]) == ("BackwardWindow", "不早于 2026-03-02")


def test_where_there_is_no_database_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runner(tmp_path, "", monkeypatch)
    refused = told_refusal(run("simulate", "--profile", "national", *SPRING, "--json"), Exit.ENVIRONMENT)

    assert refused["name"] == "NotReady"
    assert not list(tmp_path.rglob("*.db"))


def told_refusal(answered: Result, code: Exit) -> dict[str, Any]:
    return dict(told(answered, code)["refused"])
