"""Fuzzing over HTTP: whatever is sent to whichever address by whomever, the answer is one the description names."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from api import faults, openapi
from api.evidence.store import Store
from api.house import House
from models import Act, Evidence, Grant, Message, Organisation
from models.database import read_session
from tests.desk import Desk
from tests.hard import judge
from tests.hard.conftest import secret_of
from tests.hard.fuzzing import Fuzzer, Report
from workflow.actor import Actor

EXAMPLES = 3
SOAK_EXAMPLES = 40
ACTORS = ("admin", "inspector")
ROAD = ("discovered", "assigned", "rectifying", "submitted", "verified", "closed")


@pytest.mark.parametrize("who", ACTORS)
def test_no_request_is_answered_otherwise_than_described(who: str, app: FastAPI, house: House, desk: Desk) -> None:
    besiege(who, app, house, desk, examples=EXAMPLES)


@pytest.mark.soak
@pytest.mark.parametrize("who", [*ACTORS, "dispatcher", "supervisor", "enterprise_person"])
def test_no_request_of_very_many_is_answered_otherwise_than_described(
    who: str, app: FastAPI, house: House, desk: Desk
) -> None:
    besiege(who, app, house, desk, examples=SOAK_EXAMPLES)


def besiege(who: str, app: FastAPI, house: House, desk: Desk, *, examples: int) -> None:
    """Fuzz as one person in a district where something of everything exists; then its histories must still be whole."""
    report = Fuzzer(secret_of(desk, getattr(desk.cast, who)), everything(desk, but=who), examples).fuzz(app)
    sys.stdout.write(f"{desk.engine.dialect.name} {who}: {report.requests} requests, {summary(report)}\n")

    assert report.failures == {}
    # An enterprise may do the least: of its requests a tenth gets through.
    assert report.seen(200, 201) > report.requests / 20, "nothing got as far as to be done"
    with read_session(desk.engine) as session:
        broken = judge.faults(session, judge.Promises(), Store(house.settings.data_dir / "evidence"))
    assert [fault for fault in broken if not fault.startswith("no such bytes")] == []


def everything(desk: Desk, *, but: str) -> Mapping[str, Sequence[str]]:
    """Ids of things that exist by the name under which a request gives them; the caller keeps their account."""
    cases = [desk.to(state) for state in ROAD for _ in range(2)]
    desk.live(60, step=20)
    people = [
        p.id for p in (getattr(desk.cast, f.name) for f in fields(desk.cast) if f.name != but) if isinstance(p, Actor)
    ]
    organisations = [row.id for row in desk.all(Organisation)]
    enterprises = [row.id for row in desk.all(Organisation, Organisation.kind == "enterprise")]
    towns = [row.id for row in desk.all(Organisation, Organisation.kind == "town")]
    return {
        "case_id": cases, "duplicate_of": cases, "evidence_id": [row.id for row in desk.all(Evidence)],
        "evidence": [row.sha256 for row in desk.all(Evidence)], "act_id": [row.id for row in desk.all(Act)],
        "message_id": [row.id for row in desk.all(Message)], "person_id": people, "second_officer": people,
        "organisation_id": organisations, "org_id": organisations, "parent_id": organisations,
        "responsible_org_id": enterprises, "lead_org_id": organisations, "enterprise_id": enterprises,
        "into_id": enterprises, "town_id": towns, "district_id": [desk.cast.district],
        "village_id": [desk.cast.village],
        "grant_id": [str(row.id) for row in desk.all(Grant, Grant.person_id != getattr(desk.cast, but).id)],
    }  # fmt: skip


def summary(report: Report) -> dict[int, int]:
    """How many answers of each status."""
    statuses = sorted({status for answers in report.statuses.values() for status in answers})
    return {status: report.seen(status) for status in statuses}


class Promised(BaseModel):
    """What a sloppy route says it answers."""

    n: int


def test_a_sloppy_route_is_noticed() -> None:
    """The control: a crash and an answer of another shape than described are found, a good route is not."""
    app = FastAPI()
    faults.install(app)
    openapi.describe(app)
    app.get("/crash", response_model=Promised)(lambda n=1: n / 0)
    app.get("/shape", response_model=None, responses={200: {"model": Promised}})(lambda: {"m": "one"})
    app.get("/good", response_model=Promised)(lambda: {"n": 1})

    report = Fuzzer("nobody's", {}, 3).fuzz(app)

    assert set(report.failures) == {"GET /crash", "GET /shape"}
    assert set(report.statuses["GET /good"]) == {200}
