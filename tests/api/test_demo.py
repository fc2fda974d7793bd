"""The demo plays a month with the real engine: every state, the whole ladder, and nothing left half done."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from api import clock
from api.accounts import actor_for
from api.cli import app
from api.cli.answers import Exit
from api.demo.cast import PEOPLE
from api.demo.episodes import CARRIED_ON, DELISTED, EPISODES, IN_TIME, LATE, ROUND, TALK
from api.demo.month import NOTE, house_in
from api.demo.stories import STORIES
from api.house import House
from models import Case, Deadline, Evidence, Heartbeat, Incident, Message, Round, RoundItem
from models.database import read_session
from workflow.hazard import HAZARD


def demo(folder: Path, code: Exit = Exit.OK) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["demo", "--no-serve", "--json", "--dir", str(folder)])
    assert result.exit_code == code, result.output
    return dict(json.loads(result.stdout))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo lies."""
    return tmp_path_factory.mktemp("demo") / "hazardloop-demo"


@pytest.fixture(scope="module")
def played(folder: Path) -> dict[str, Any]:
    """What the first run told."""
    return demo(folder)


@pytest.fixture
def house(folder: Path, played: dict[str, Any]) -> House:
    """The house it left behind."""
    return house_in(folder)


def test_every_state_there_is_has_somebody_in_it(played: dict[str, Any]) -> None:
    assert played["states"].keys() == HAZARD.states.keys()


def test_every_story_is_told_with_its_number(played: dict[str, Any]) -> None:
    expected = {story.shows for story in STORIES} | {episode.shows for episode in EPISODES}

    assert {story["shows"] for story in played["stories"]} == expected
    assert all(story["number"] for story in played["stories"])


def test_every_move_of_the_table_but_reassign_is_played(played: dict[str, Any]) -> None:
    hazards = (story for story in played["stories"] if story["workflow"] == HAZARD.name)
    played_moves = {label for story in hazards for label in story["moves"].split("→")}

    assert {move.label for move in HAZARD.moves} - played_moves == {"改派"}


def test_who_does_nothing_climbs_the_whole_ladder_and_a_supervisor_answers(played: dict[str, Any]) -> None:
    late = next(story for story in played["stories"] if story["shows"] == "逾期不改，逐级升级")

    assert late["escalated"] == "整改超期15日，建议挂牌督办；曝光采纳；立案待定；约谈不采纳；挂牌督办待定"


def test_one_listing_is_delisted_and_one_goes_on_after_two_failed_acceptances(played: dict[str, Any]) -> None:
    told = {story["shows"]: story for story in played["stories"]}

    assert told[DELISTED]["state"] == "已摘牌"
    assert told[CARRIED_ON]["state"] == "督办整改中"
    assert told[CARRIED_ON]["escalated"] == "约谈采纳；通报待定"
    assert (told[TALK]["state"], told[TALK]["rectify"]) == ("已办结", "按期、按期")


def test_one_round_is_settled_and_the_next_begins_with_what_was_carried_over(
    played: dict[str, Any], house: House
) -> None:
    told = {story["shows"]: story for story in played["stories"]}
    with read_session(house.engine) as session:
        settled, following = session.scalars(select(Round).order_by(Round.number)).all()
        items = session.scalars(select(RoundItem)).all()

    outcomes = Counter(item.outcome for item in items if item.round_id == settled.case_id)
    carried = {item.hazard_id for item in items if item.outcome == "carried_over"}
    assert told[ROUND]["state"] == "已结算"
    assert outcomes.keys() == {"rectified", "escalated", "carried_over"}
    assert {item.hazard_id for item in items if item.round_id == following.case_id} == carried
    assert settled.figures is not None


def test_one_incident_is_reported_in_time_and_of_one_the_phone_was_late_when_it_was_entered(
    played: dict[str, Any], house: House
) -> None:
    told = {story["shows"]: story for story in played["stories"]}
    with read_session(house.engine) as session:
        late = select(Case.id).where(Case.number == told[LATE]["number"]).scalar_subquery()
        phone = session.scalars(select(Deadline).where(Deadline.case_id == late, Deadline.name == "phone")).one()

    assert told[IN_TIME]["rectify"] == "按期、按期"
    assert told[LATE]["rectify"] == "超期、超期"
    assert phone.breached_at == phone.due_at == phone.anchor_at + timedelta(minutes=15)
    assert phone.noticed_at == phone.anchor_at + timedelta(minutes=20)


def test_no_informant_is_in_any_message(house: House) -> None:
    with read_session(house.engine) as session:
        assert session.scalars(select(Incident.informant).where(Incident.informant.is_not(None))).all() != []
        assert session.scalars(select(Message.id).where(Message.payload.contains("13800000000"))).all() == []


def test_no_row_of_the_real_ledgers_is_lost(played: dict[str, Any]) -> None:
    assert len(played["ledgers"]) == 4
    assert all(line["hazards"] == line["cases"] + line["problems"] for line in played["ledgers"])


def test_every_chain_is_whole_and_every_loop_ended_well(played: dict[str, Any], house: House) -> None:
    with read_session(house.engine) as session:
        beats = session.scalars(select(Heartbeat)).all()

    assert played["proof"]["broken"] == 0
    assert {beat.name for beat in beats} >= {"sweep", "deliver", "fold", "anchor"}
    assert [beat.name for beat in beats if beat.error or beat.finished_at is None] == []


def test_everybody_was_told(house: House) -> None:
    with read_session(house.engine) as session:
        assert session.scalars(select(Message.target).where(Message.outcome == "nobody")).all() == []


def test_its_photos_lie_sealed_in_the_store(house: House) -> None:
    with read_session(house.engine) as session:
        hashes = session.scalars(select(Evidence.sha256)).all()

    assert len(hashes) > 20
    assert all(house.store.check(sha256) for sha256 in hashes)


def test_a_second_run_changes_nothing_but_the_tokens(played: dict[str, Any], folder: Path, house: House) -> None:
    again = demo(folder)

    tokens = {one["login"]: one["token"] for one in again["tokens"]}
    assert (played["fresh"], again["fresh"]) == (True, False)
    assert (again["states"], again["stories"], again["proof"]) == (played["states"], played["stories"], played["proof"])
    assert tokens.keys() == {login for login, *_ in PEOPLE}
    assert all(actor_for(house.engine, token, clock.now()) for token in tokens.values())
    assert not any(actor_for(house.engine, one["token"], clock.now()) for one in played["tokens"])


def test_it_leaves_nothing_beside_its_folder(played: dict[str, Any], folder: Path) -> None:
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert (folder / NOTE).is_file()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_text("precious")

    refused = demo(tmp_path, Exit.REFUSED)

    assert refused["refused"]["name"] == "FolderTaken"
    assert [path.name for path in tmp_path.iterdir()] == ["台账.xlsx"]
