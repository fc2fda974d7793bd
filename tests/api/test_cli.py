"""The command line answers people in Chinese, machines with one object, scripts with an exit code."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from sqlalchemy import Engine, update
from typer.testing import CliRunner, Result

from api import clock
from api.accounts import actor_for
from api.cli import app
from api.cli.answers import Exit
from models import Event
from models.database import write_session
from models.sqlite import driver as sqlite

HOUSE = Path(__file__).resolve().parents[2]
LEDGERS = HOUSE / "api/demo/ledgers"
LEDGER = LEDGERS / "ledger_one_list_four_rules.xlsx"
PASSWORD = "correct horse battery"
SETUP = ("--district", "示范区", "--code", "330199", "--login", "chen", "--name", "陈管理", "--password", PASSWORD)
CHINESE = re.compile("[\u4e00-\u9fff]")

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on an embedded database of the test's own."""
    return runner(tmp_path, "", monkeypatch)


@pytest.fixture
def either(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on an empty migrated database of either kind."""
    return runner(tmp_path, database.url.render_as_string(hide_password=False), monkeypatch)


def runner(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HAZARDLOOP_DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("HAZARDLOOP_DATABASE_URL", url)
    return lambda *words, **options: CliRunner().invoke(app, [str(word) for word in words], **options)


def told(result: Result, code: Exit = Exit.OK) -> dict[str, Any]:
    """The one object on standard output."""
    assert result.exit_code == code, result.output
    (line,) = result.stdout.splitlines()
    return dict(json.loads(line))


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in (group or typer.main.get_command(app)).commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


@pytest.mark.parametrize(("path", "command"), [pytest.param(*each, id=" ".join(each[0])) for each in commands()])
def test_every_command_has_chinese_help_and_an_answer_for_machines(path: tuple[str, ...], command: Any) -> None:
    options = {option for parameter in command.params for option in parameter.opts}

    assert CHINESE.search(command.help or "")
    assert all(CHINESE.search(parameter.help or "") for parameter in command.params)
    assert "--json" in options or path == ("bench",)


@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize(("path", "command"), [pytest.param(*each, id=" ".join(each[0])) for each in commands()])
def test_help_wraps_and_is_never_cut(path: tuple[str, ...], command: Any, width: str) -> None:
    shown = squeezed(CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": width}).output)

    assert squeezed(command.help) in shown
    assert all(squeezed(parameter.help) in shown for parameter in command.params)


@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize("group", [(), ("people",), ("holidays",), ("duty",), ("token",)], ids=" ".join)
def test_the_list_of_commands_is_never_cut(group: tuple[str, ...], width: str) -> None:
    shown = squeezed(CliRunner().invoke(app, [*group, "--help"], env={"COLUMNS": width}).output)

    assert all(squeezed(command.help) in shown for path, command in commands() if path[:-1] == group)


def squeezed(text: str) -> str:
    """Without the blanks and frames that wrapping brings."""
    return re.sub(r"[\s│]", "", text)


@pytest.mark.parametrize("ledger", sorted(LEDGERS.iterdir()), ids=lambda path: path.name)
def test_a_dry_run_needs_no_database_makes_none_and_loses_no_row(run: Run, tmp_path: Path, ledger: Path) -> None:
    counted = told(run("import", ledger, "--dry-run", "--json"))

    assert counted["hazards"] == counted["cases"] + counted["known"] + len(counted["problems"])
    assert 0 < counted["rows"] <= counted["hazards"]
    assert not (tmp_path / "data").exists()


READING = (
    ("verify-history",), ("export", "--out", "台账.csv"), ("check",), ("people", "list"), ("token", "list", "chen"),
    ("holidays", "show"), ("duty", "show", "--org", "x"), ("duty", "who", "--org", "x"),
    ("simulate", "--profile", "henan", "--from", "2026-01-01", "--to", "2026-02-01"),
)  # fmt: skip


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_who_only_reads_makes_no_database_where_there_is_none(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    refused = told(run(*words, "--data-dir", tmp_path / "nosuch", "--json"), Exit.ENVIRONMENT)["refused"]

    assert refused["name"] == "NotReady"
    assert "nosuch" in refused["right"]
    assert list(tmp_path.iterdir()) == []


def test_a_history_is_proved_while_somebody_else_writes_and_leaves_no_key(run: Run, tmp_path: Path) -> None:
    told(run("people", "setup", *SETUP, "--json"))
    known = set((tmp_path / "data").glob("*.key"))
    with closing(sqlite.connect(str(tmp_path / "data/hazardloop.db"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        proved = told(run("verify-history", "--json"))

    assert proved["sound"]
    assert set((tmp_path / "data").glob("*.key")) == known


def test_an_anchor_needs_a_key_and_none_is_made_to_prove_it(run: Run, tmp_path: Path) -> None:
    told(run("people", "setup", *SETUP, "--json"))
    anchor = told(run("anchor", "--json"))
    (tmp_path / "data/anchor.key").unlink()

    refused = told(run("verify-history", "--anchor", anchor["file"], "--json"), Exit.REFUSED)["refused"]

    assert refused["name"] == "NoPublicKey"
    assert not (tmp_path / "data/anchor.key").exists()


def test_a_dry_run_counts_on_an_empty_database_of_either_kind(
    empty_database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = empty_database.url.render_as_string(hide_password=False)

    counted = told(runner(tmp_path, url, monkeypatch)("import", LEDGER, "--dry-run", "--json"))

    assert (counted["rows"], counted["cases"]) == (26, 26)


def test_a_file_that_is_no_ledger_is_told_in_the_shape_of_every_import(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("今天天气很好\n", encoding="utf-8")

    refused = told(run("import", tmp_path / "notes.csv", "--dry-run", "--json"), Exit.REFUSED)

    assert (refused["rows"], refused["cases"]) == (0, 0)
    assert CHINESE.search(refused["problems"][0]["message"])


def test_a_ledger_goes_in_once_and_comes_out_whole(either: Run, tmp_path: Path) -> None:
    told(either("people", "setup", *SETUP, "--json"))

    first = told(either("import", LEDGER, "--json", "--as", "chen"))
    second = told(either("import", LEDGER, "--json"))
    out = told(either("export", "--out", tmp_path / "台账.xlsx", "--json"))

    assert (first["cases"], second["cases"], second["known"]) == (26, 0, 26)
    assert out["rows"] == 26


def test_problems_are_written_to_a_file_on_request(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(
        "序号,单位名称,隐患描述,整改期限\n1,某厂,漏电,2026-02-31\n2,,,\n3,某厂,,\n", "utf-8"
    )

    run("import", tmp_path / "bad.csv", "--dry-run", "--problems", tmp_path / "why.csv")

    assert (tmp_path / "why.csv").read_bytes().startswith(b"\xef\xbb\xbf")


BAD = "序号,单位名称,隐患描述,整改期限,照片\n1,某厂,漏电,2026-02-31,有\n2,,堵塞,当场,\n合计,2,,,\n"


def test_a_trial_shows_what_was_made_of_the_columns_what_was_left_out_and_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "台账.csv").write_text(BAD, "utf-8")

    said = run("import", tmp_path / "台账.csv", "--dry-run").stdout

    assert "认出的列：序号 → 序号；单位名称 → 单位名称；隐患描述 → 隐患描述；整改期限 → 整改期限" in said
    assert "没有认出、原样保留的列：照片" in said
    assert "第 4 行是合计行，不作为隐患" in said
    assert "【未导入】CSV 第 2 行 整改期限：日期不存在" in said
    assert "【可导入，请核对】CSV 第 3 行 单位名称：单位名称为空" in said
    assert not list(tmp_path.glob("*问题*"))


def test_rows_left_out_are_written_beside_without_being_asked_and_over_no_other_file(
    either: Run, tmp_path: Path
) -> None:
    (tmp_path / "台账.csv").write_text(BAD, "utf-8")
    (tmp_path / "台账-问题.xlsx").write_bytes(b"mine")
    told(either("people", "setup", *SETUP, "--json"))

    done = either("import", tmp_path / "台账.csv")

    assert done.exit_code == Exit.OK, done.output
    assert "问题已写入 台账-问题2.xlsx" in done.stdout
    assert "【已导入，请核对】" in done.stdout
    assert (tmp_path / "台账-问题.xlsx").read_bytes() == b"mine"
    assert (tmp_path / "台账-问题2.xlsx").read_bytes().startswith(b"PK")


def test_nothing_is_written_beside_for_machines_or_where_no_row_is_left_out(either: Run, tmp_path: Path) -> None:
    (tmp_path / "台账.csv").write_text(BAD, "utf-8")
    told(either("people", "setup", *SETUP, "--json"))

    told(either("import", tmp_path / "台账.csv", "--json"))
    assert either("import", LEDGER).exit_code == Exit.OK

    assert not list(tmp_path.glob("*问题*"))


def test_an_import_that_may_make_nothing_needs_a_district(run: Run) -> None:
    refused = run("import", LEDGER, "--unknown", "refuse")

    assert refused.exit_code == Exit.REFUSED
    assert "区县" in refused.stderr
    assert "Traceback" not in refused.output


def test_people_come_in_by_invitation_and_go_out_at_once(either: Run, database: Engine) -> None:
    told(either("people", "setup", *SETUP, "--json"))
    told(either("people", "add", "li", "--name", "李检查", "--org", "示范区应急管理局", "--json"))
    held = told(either("people", "grant", "li", "--role", "检查人员", "--at", "330199", "--json"))["grant_id"]
    secret = told(either("token", "issue", "li", "--name", "手机", "--json"))["secret"]

    actor = actor_for(database, secret, clock.now())
    listed = told(either("people", "list", "--json"))["people"]
    assert actor is not None
    assert [h.role for h in actor.held] == ["inspector"]
    assert {p["login"]: [g["id"] for g in p["grants"]] for p in listed}["li"] == [held]

    told(either("people", "revoke", held, "--json"))
    told(either("people", "invite", "li", "--json"))
    told(either("people", "disable", "li", "--json"))
    assert actor_for(database, secret, clock.now()) is None


def test_a_token_is_listed_without_its_secret_and_ends_when_revoked(either: Run, database: Engine) -> None:
    told(either("people", "setup", *SETUP, "--json"))
    secret = told(either("token", "issue", "chen", "--name", "接口", "--json"))["secret"]

    listed = either("token", "list", "chen", "--json")
    told(either("token", "revoke", "chen", told(listed)["tokens"][0]["id"], "--json"))

    assert secret not in listed.stdout
    assert actor_for(database, secret, clock.now()) is None


def test_a_house_is_set_up_once(run: Run) -> None:
    told(run("people", "setup", *SETUP, "--json"))

    refused = told(run("people", "setup", *SETUP, "--json"), Exit.REFUSED)["refused"]

    assert refused["name"] == "LinkSpent"


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (("people", "disable", "nobody"), "people list"),
        (("people", "add", "x", "--name", "甲", "--org", "没有这个"), "代码"),
        (("people", "grant", "chen", "--role", "皇帝", "--at", "330199"), "inspector"),
        (("token", "issue", "chen", "--name", "x", "--days", "9999"), "366"),
        (("verify-history", "--public-key", "zz"), "64"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[:2]),
)
def test_what_is_refused_says_what_would_be_right(run: Run, words: tuple[str, ...], right: str) -> None:
    told(run("people", "setup", *SETUP, "--json"))

    refused = run(*words)

    assert refused.exit_code == Exit.REFUSED
    assert right in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(
    "words",
    [("people", "grant", "chen"), ("import",), ("export", "--nope"), ("export", "--out", "台账.docx"), ("nope",),
     ("simulate", "--profile", "henan", "--from", "gestern", "--to", "2026-01-01")],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_usage_is_told_to_machines_as_well(run: Run, words: tuple[str, ...]) -> None:
    told(run("migrate", "--json"))

    wrong = run(*words, "--json")

    assert told(wrong, Exit.USAGE)["refused"]["name"] == "WrongUsage"
    assert "Usage" in wrong.stderr
    assert run(*words).stdout == ""


def test_a_forged_history_is_found_and_named(either: Run, database: Engine) -> None:
    told(either("people", "setup", *SETUP, "--json"))
    told(either("import", LEDGER, "--json"))
    assert told(either("verify-history", "--json"))["sound"]

    with write_session(database) as session:
        forged = session.scalars(update(Event).values(body="{}").where(Event.seq == 1).returning(Event.case_id)).first()

    found = told(either("verify-history", "--json"), Exit.FINDINGS)
    assert found["broken"] == 26
    assert forged in {broken["case_id"] for broken in found["breaks"]}


def test_an_anchor_finds_a_case_that_vanished_whole(run: Run, tmp_path: Path) -> None:
    told(run("people", "setup", *SETUP, "--json"))
    told(run("import", LEDGER, "--json"))
    anchor = told(run("anchor", "--json"))
    proof = ("verify-history", "--anchor", anchor["file"], "--public-key", anchor["public_key"], "--json")
    assert told(run(*proof))["sound"]

    remove_one_case(tmp_path / "data")

    assert told(run("verify-history", "--json"))["sound"]
    assert [f["why"] for f in told(run(*proof), Exit.FINDINGS)["findings"]] == ["vanished"]


def test_rows_whose_case_was_removed_are_a_finding_and_stop_every_other_command(run: Run, tmp_path: Path) -> None:
    told(run("people", "setup", *SETUP, "--json"))
    told(run("import", LEDGER, "--json"))
    with closing(sqlite.connect(str(tmp_path / "data/hazardloop.db"))) as database:
        (case_id,) = database.execute("SELECT case_id FROM rungs LIMIT 1").fetchone()
        database.execute("DELETE FROM cases WHERE id = ?", (case_id,))
        database.commit()

    (found,) = told(run("verify-history", "--json"), Exit.FINDINGS)["breaks"]
    shown, refused = run("verify-history"), run("import", LEDGER, "--json")

    assert (found["case_id"], found["why"]) == (case_id, "orphan")
    assert {"events", "rungs"} <= set(found["tables"])
    assert case_id in shown.stdout
    assert "rungs" in shown.stdout
    assert refused.exit_code == Exit.ENVIRONMENT
    assert "verify-history" in refused.stderr
    assert "Traceback" not in refused.output


def test_the_day_s_second_anchor_says_that_it_is_the_first_when_and_where(either: Run) -> None:
    told(either("people", "setup", *SETUP, "--json"))
    first = told(either("anchor", "--json"))
    told(either("import", LEDGER, "--json"))

    second, shown = told(either("anchor", "--json")), either("anchor").stdout

    assert first["fresh"]
    assert second == {**first, "fresh": False}
    assert shown.startswith(f"当天的锚定在 {first['at'][11:19]} 已经做过")
    assert first["file"] in shown


def remove_one_case(folder: Path) -> None:
    """As somebody would who owns the database."""
    with closing(sqlite.connect(str(folder / "hazardloop.db"))) as database:
        (case_id,) = database.execute("SELECT id FROM cases ORDER BY id LIMIT 1").fetchone()
        tables = database.execute(
            "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE c.name = 'case_id'"
        )
        for (table,) in tables.fetchall():
            database.execute(f"DELETE FROM {table} WHERE case_id = ?", (case_id,))
        database.execute("DELETE FROM cases WHERE id = ?", (case_id,))
        database.commit()


def test_check_shows_every_limit_with_its_source_and_is_red_until_a_worker_runs(either: Run) -> None:
    told(either("people", "setup", *SETUP, "--json"))

    checked = told(either("check", "--json"), Exit.FINDINGS)
    shown = either("check", "--sources")

    red = [light["name"] for light in checked["lights"] if light["red"]]
    limits = next(light["details"]["limits"] for light in checked["lights"] if light["name"] == "地方规则")
    assert red == ["no_worker"]
    assert all(limit["source"] for limit in limits)
    assert all(limit["source"] in shown.stdout for limit in limits)


def test_a_database_nobody_answers_for_is_an_environment_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runner(tmp_path, "postgresql://nobody:geheim@127.0.0.1:1/nothing", monkeypatch)

    failed, checked = run("migrate", "--json"), run("check")

    assert told(failed, Exit.ENVIRONMENT)["refused"]["name"] == "DatabaseUnavailable"
    assert checked.exit_code == Exit.FINDINGS
    assert "geheim" not in failed.output + checked.output
    assert "Traceback" not in failed.output + checked.output


@pytest.mark.parametrize("folder", ["/proc/nope", "file/inside"])
def test_a_data_folder_that_cannot_be_made_is_named_as_the_environment_s(run: Run, tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()

    refused = told(run("migrate", "--data-dir", tmp_path / folder, "--json"), Exit.ENVIRONMENT)["refused"]

    assert (refused["name"], refused["field"]) == ("NoDataDir", "HAZARDLOOP_DATA_DIR")
    assert folder in refused["right"]


def test_a_postgresql_without_tables_asks_to_be_migrated_first(
    empty_postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runner(tmp_path, empty_postgresql_url, monkeypatch)

    assert told(run("people", "list", "--json"), Exit.ENVIRONMENT)["refused"]["name"] == "NotReady"
    told(run("migrate", "--json"))
    assert told(run("people", "list", "--json")) == {"people": []}


@pytest.mark.parametrize("name", ["台账.xlsx", "台账.csv"])
def test_a_folder_that_is_not_there_is_named_and_not_a_traceback(either: Run, tmp_path: Path, name: str) -> None:
    refused = told(either("export", "--out", tmp_path / "没有" / name, "--json"), Exit.REFUSED)["refused"]
    assert refused["name"] == "FileMissing"
    assert refused["message"].endswith(str(tmp_path / "没有"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "::"),
        ("PROFILE", "atlantis"),
        ("BASE_URL", "example.gov.cn"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"HAZARDLOOP_{name}", value)

    refused = run("import", LEDGER, "--dry-run")

    assert refused.exit_code in (Exit.ENVIRONMENT, Exit.REFUSED)
    assert name in refused.stderr or value in refused.stderr
    assert "Traceback" not in refused.output


def test_an_embedded_house_is_served_with_its_worker_and_has_no_second(run: Run, tmp_path: Path) -> None:
    script = "from api.start import main; main()"
    command = [sys.executable, "-c", script, "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as served:
        try:
            assert served.stdout is not None
            greeting = json.loads(served.stdout.readline())
            second = run("worker", "--json")
            alive = httpx.get(f"{greeting['address']}/livez", timeout=20)
            set_up = httpx.post(
                f"{greeting['address']}/api/v1/setup",
                json={
                    "secret": greeting["set_up_secret"], "district_name": "示范区", "district_code": "330199",
                    "login": "chen", "name": "陈管理", "password": PASSWORD,
                },
                timeout=20,
            )  # fmt: skip
            served.send_signal(signal.SIGTERM)
            ended = served.wait(30)
        finally:
            served.kill()

    assert told(second, Exit.ENVIRONMENT)["refused"]["name"] == "WorkerRuns"
    assert (alive.status_code, set_up.status_code, ended) == (200, 201, 0)
