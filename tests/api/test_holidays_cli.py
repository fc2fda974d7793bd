"""The yearly notice is entered from a file by command: what was a guess moves once, what has stopped never."""

from datetime import date, datetime
from pathlib import Path

import pytest

from api.cli.answers import Exit
from models import HolidayNotice
from tests.api.test_cli import Run, runner, told
from tests.conftest import SHANGHAI
from tests.desk import Desk
from workflow.arithmetic import last_day
from workflow.notice_file import EXAMPLE

HEAD = 'year = 2027\ndocument = "国办发明电〔2026〕9号"\n'
REST = {"春节": "02-06", "清明节": "04-05", "劳动节": "05-01", "端午节": "06-09", "中秋节": "09-15", "国庆节": "10-01"}
ROWS = [
    '{ name = "元旦", from = 2027-01-01, to = 2027-01-04, days = 4 }',
    *(f'{{ name = "{name}", from = 2027-{day} }}' for name, day in REST.items()),
]
LONGER = HEAD + f"holidays = [{', '.join(ROWS)}]\n"


@pytest.fixture
def run(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the desk's database, on the last day of 2026; the notice for 2027 has not come."""
    desk.clock.now = datetime(2026, 12, 31, 9, tzinfo=SHANGHAI)
    return runner(tmp_path, desk.engine.url.render_as_string(hide_password=False), monkeypatch)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """The file of the notice for 2027."""
    path = tmp_path / "2027.toml"
    path.write_text(LONGER, encoding="utf-8")
    return path


def standing(desk: Desk, *cases: str) -> list[tuple[object, ...]]:
    rows = [row for case_id in cases for row in desk.deadlines(case_id)]
    return [(d.name, d.due_at, d.moves, d.provisional, d.calendar, d.outcome, d.ended_at) for d in rows]


def reprojections(desk: Desk, case_id: str) -> int:
    return sum(event.trigger == "reproject" for event in desk.events(case_id))


def test_what_runs_on_a_guess_moves_once_with_one_event_and_entering_again_changes_nothing(
    run: Run, desk: Desk, paper: Path
) -> None:
    case_id = desk.open()
    (guess,) = desk.deadlines(case_id)

    entered = told(run("holidays", "enter", paper, "--json", "--as", "admin"))
    (moved,), after = desk.deadlines(case_id), standing(desk, case_id)
    again = told(run("holidays", "enter", paper, "--json"))

    assert (last_day(guess.due_at), guess.provisional) == (date(2027, 1, 6), True)
    assert (last_day(moved.due_at), moved.provisional, moved.moves) == (date(2027, 1, 7), False, 1)
    assert (entered["cases"], entered["proclaimed_through"]) == (1, 2027)
    (line,) = entered["deadlines"]
    assert (line["number"], line["deadline"]) == (desk.case(case_id).number, "assign")
    assert (line["was"], line["due_at"]) == ("2027-01-07T00:00:00+08:00", "2027-01-08T00:00:00+08:00")
    assert (again["cases"], again["deadlines"], again["calendar"]) == (0, [], entered["calendar"])
    assert (standing(desk, case_id), reprojections(desk, case_id)) == (after, 1)


def test_a_stopped_clock_never_moves(run: Run, desk: Desk, paper: Path) -> None:
    met, withdrawn, missed = desk.open(), desk.open(), desk.open()
    desk.assign(met)
    desk.fire(withdrawn, "void", desk.cast.supervisor, reason="重复登记")
    desk.clock.advance(days=20)
    desk.assign(missed)
    before = standing(desk, met, withdrawn, missed)
    assert {row[5] for row in before if row[3]} == {"met", "withdrawn", "missed"}

    entered = told(run("holidays", "enter", paper, "--json"))

    assert (entered["cases"], standing(desk, met, withdrawn, missed)) == (0, before)
    assert [reprojections(desk, case_id) for case_id in (met, withdrawn, missed)] == [0, 0, 0]


def test_a_clerk_reads_what_moved_and_whether_the_notice_adds_up(run: Run, desk: Desk, paper: Path) -> None:
    case_id = desk.open()

    entered = run("holidays", "enter", paper)

    assert entered.exit_code == Exit.OK
    assert f"{desk.case(case_id).number} 交办：2027-01-06 改为 2027-01-07" in entered.stdout
    assert "改期 1 个，不变 0 个" in entered.stdout
    assert "请核对" in entered.stdout, "a day of each holiday is not all the days of the law"


def test_the_calendar_in_force_is_shown_with_who_entered_what(run: Run, desk: Desk, paper: Path) -> None:
    desk.open()
    guessed = told(run("holidays", "show", "--json"))
    told(run("holidays", "enter", paper, "--json", "--as", "admin"))

    shown, page = told(run("holidays", "show", "--json")), run("holidays", "show").stdout

    assert (guessed["provisional_deadlines"], guessed["notices"]) == (1, [])
    (notice,) = shown["notices"]
    assert (shown["proclaimed_through"], shown["provisional_deadlines"]) == (2027, 0)
    assert (notice["document"], notice["off"], notice["entered_by"]) == (
        "国办发明电〔2026〕9号",
        4 + len(REST),
        desk.cast.admin.name,
    )
    assert all(text in page for text in (shown["calendar"], notice["document"], notice["entered_by"]))


def test_only_the_administrator_enters_it_and_what_is_refused_is_not_kept(run: Run, desk: Desk, paper: Path) -> None:
    refused = [
        told(run("holidays", "enter", paper, "--as", "supervisor", "--json"), Exit.REFUSED),
        told(run("holidays", "enter", paper, "--as", "nobody", "--json"), Exit.REFUSED),
    ]
    paper.write_text(LONGER.replace("to = 2027", "to = 2026"), encoding="utf-8")
    refused.append(told(run("holidays", "enter", paper, "--json"), Exit.REFUSED))

    assert [each["refused"]["name"] for each in refused] == ["NotYourRole", "UnknownPerson", "NoticeFault"]
    assert desk.count(HolidayNotice) == 0


def test_a_file_that_is_not_there_is_an_environment(run: Run, tmp_path: Path) -> None:
    assert run("holidays", "enter", tmp_path / "none.toml").exit_code == Exit.REFUSED


def test_the_example_may_be_entered_as_it_is_shown_and_changes_no_day(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(run("holidays", "example").stdout, encoding="utf-8")
    days = told(run("holidays", "show", "--json"))["working_days"]

    entered = told(run("holidays", "enter", path, "--json"))

    assert told(run("holidays", "example", "--json"))["example"] == EXAMPLE
    assert (entered["year"], entered["days_taken"]) == (2026, entered["statutory_days"])
    assert told(run("holidays", "show", "--json"))["working_days"] == days
