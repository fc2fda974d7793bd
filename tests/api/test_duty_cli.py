"""The roster from the command line: planned in turns, shown with what is red, and who has the watch."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from api import clock
from api.cli.answers import SHANGHAI, Exit
from tests.api.test_cli import SETUP, Run, runner, told

BUREAU = "示范区应急管理局"


@pytest.fixture
def staffed(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a bureau with three officers."""
    run = runner(tmp_path, database.url.render_as_string(hide_password=False), monkeypatch)
    told(run("people", "setup", *SETUP, "--json"))
    for login, name in (("li", "李检查"), ("zhou", "周检查"), ("wang", "王局长")):
        told(run("people", "add", login, "--name", name, "--org", BUREAU, "--phone", "87654321", "--json"))
    return run


def days(*ahead: int) -> list[str]:
    today = clock.now().astimezone(SHANGHAI).date()
    return [str(today + timedelta(days=n)) for n in ahead]


def planned(run: Run, *words: str) -> Any:
    first, last = days(1, 3)
    return run("duty", "plan", "--org", BUREAU, "--from", first, "--to", last, *words)


def test_people_take_turns_and_the_roster_says_so(staffed: Run) -> None:
    (second,) = days(2)

    roster = told(planned(staffed, "--pair", "li:wang", "--pair", "zhou:wang", "--json"))
    shown = staffed("duty", "show", "--org", BUREAU)
    who = told(staffed("duty", "who", "--org", BUREAU, "--at", f"{second}T12:00", "--json"))

    assert [watch["officer"]["name"] for watch in roster["watches"]] == ["李检查", "周检查", "李检查"]
    assert len(roster["gaps"]) == 1
    assert "空档，无人值班" in shown.stdout
    assert "王局长 87654321" in shown.stdout
    assert who["watch"]["officer"]["name"] == "周检查"


def test_who_is_on_duty_is_told_with_a_telephone_number(staffed: Run) -> None:
    planned(staffed, "--pair", "li:wang")
    tomorrow, later = days(2, 9)

    on = staffed("duty", "who", "--org", BUREAU, "--at", f"{tomorrow} 03:00")
    off = staffed("duty", "who", "--org", BUREAU, "--at", f"{later} 03:00")

    assert "值班员：李检查 87654321" in on.stdout
    assert "无人值班" in off.stdout


@pytest.mark.parametrize(
    ("words", "code", "right"),
    [
        (("--pair", "li:li"), Exit.REFUSED, "第 3 个班次：同一班次的值班员和带班领导须是两个人"),
        (("--pair", "li:nobody"), Exit.REFUSED, "people list"),
        (("--pair", "li"), Exit.USAGE, "带班领导登录名"),
        (("--pair", "li:wang", "--as", "zhou"), Exit.REFUSED, "管辖该处的"),
    ],
)
def test_a_plan_that_is_refused_says_what_would_be_right(
    staffed: Run, words: tuple[str, ...], code: Exit, right: str
) -> None:
    refused = planned(staffed, *words)

    assert refused.exit_code == code
    assert right in refused.stderr
    assert told(staffed("duty", "show", "--org", BUREAU, "--json"))["watches"] == []


def test_who_plans_under_a_name_stands_as_the_planner(staffed: Run) -> None:
    roster = told(planned(staffed, "--pair", "li:wang", "--as", "chen", "--json"))

    assert {watch["planned_by"]["name"] for watch in roster["watches"]} == {"陈管理"}
