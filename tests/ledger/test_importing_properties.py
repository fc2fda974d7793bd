"""Made-up untidy ledgers: whatever they hold, every row is a case, known, or a problem, and a dry run foretells it."""

import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from ledger.importing import import_ledger
from ledger.matching import Unknown
from models import Case, Deadline, Message
from models.database import read_session, write_session
from tests.conftest import opened
from tests.desk import RULES
from tests.ledger.imports import HEADINGS, accounted, book
from tests.people import populate
from workflow.actor import SYSTEM

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")
UNITS = st.sampled_from(["甲厂", "甲 厂", "老王饭店", "示范精细化工有限公司", "无", "", "长" * 201])
PLACES = st.sampled_from(["城关镇", "示范区东街村", "外地镇", "浙江省舟山市普陀山(功能区)", "未载明", ""])
DESCRIPTIONS = st.sampled_from(["通道堵塞", "1.未接地 2.过期", "灭火器失效", "", "无"])
DAYS = st.one_of(
    st.dates(), st.integers(0, 99_999), st.sampled_from(["", "2023.8.3", "2023-02-30", "2023年9月", "近期"])
)
DEADLINES = st.one_of(DAYS, st.sampled_from(["当场", "三日内", "7个工作日内", "限期", "9月20日前报送", "24小时内"]))
STATUS = st.sampled_from(["", "已整改", "整改中", "否"])
CODES = st.sampled_from(["", "", "91330199MA0000001W", "91330199MA0000001X"])
LINE = st.tuples(st.integers(1, 99), UNITS, PLACES, DESCRIPTIONS, DAYS, DEADLINES, STATUS, DAYS, CODES)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINE, min_size=1, max_size=8), unknown=st.sampled_from(["create", "refuse"]))
def test_no_row_of_any_ledger_is_lost_and_the_dry_run_foretells_the_import(
    sqlite_template: Path, lines: list[tuple[object, ...]], unknown: Unknown
) -> None:
    with TemporaryDirectory() as folder:
        database = shutil.copyfile(sqlite_template, Path(folder) / "hazardloop.db")
        with opened(f"sqlite:///{database}") as engine:
            with write_session(engine) as session:
                populate(session, NOW)
            path = book(Path(folder), *lines, headings=HEADINGS)
            tried, done, again = (
                import_ledger(engine, RULES, path, actor=SYSTEM, now=NOW, unknown=unknown, dry_run=dry)
                for dry in (True, False, False)
            )
            assert accounted(tried)
            assert accounted(done)
            assert (tried.cases, tried.problems) == (done.cases, done.problems)
            assert (again.cases, again.known) == (0, done.cases)
            assert (_cases(engine), _watched(engine)) == (done.cases, done.cases)


def _cases(engine: Engine) -> int:
    with read_session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0
        return session.scalar(select(func.count()).select_from(Case)) or 0


def _watched(engine: Engine) -> int:
    with read_session(engine) as session:
        watched = select(func.count(Deadline.case_id.distinct())).where(Deadline.outcome.is_(None))
        return session.scalar(watched) or 0
