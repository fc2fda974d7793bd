"""The table checks itself: every planted fault is reported, all of them at once; the real table has none."""

from dataclasses import replace
from typing import Any

import pytest

from workflow.check import TableFault, faults, sound
from workflow.hazard import HAZARD
from workflow.ladders import desk
from workflow.roles import Role
from workflow.table import D, M, Workflow
from workflow.workflows import WORKFLOWS

ANYBODY = frozenset({Role.INSPECTOR})


def on(*names: str) -> frozenset[str]:
    return frozenset(names)


def move(trigger: str, source: str, to: str | None, **rest: Any) -> M:
    return M(trigger, on(source), to, **{"who": ANYBODY, **rest})


def promise(name: str, **rest: Any) -> D:
    ladder = desk(Role.SUPERVISOR)
    return D(name, name, **{"limit": "hazard.assign", "ladder": ladder, "met_by": on("finish"), **rest})


SOUND: dict[str, Any] = {
    "name": "small",
    "label": "小",
    "prefix": "XX",
    "details": "hazards",
    "levels": {"general": "一般"},
    "openers": ANYBODY,
    "begins": "发现",
    "opened": "发现一件",
    "first_told": ANYBODY,
    "extends": "all",
    "initial": "found",
    "final": on("done"),
    "states": {"found": "已发现", "mending": "整改中", "done": "已办结"},
    "moves": (move("begin", "found", "mending"), move("finish", "mending", "done")),
    "deadlines": (promise("all", started_by=on("open")),),
}


def planted(**changes: Any) -> list[str]:
    """The faults of the small table with these changes."""
    try:
        sound(Workflow(**{**SOUND, **changes}))
    except TableFault as fault:
        return str(fault).splitlines()
    return []


def test_a_sound_table_and_the_real_one_have_no_faults() -> None:
    assert planted() == []
    assert list(faults(HAZARD)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"moves": (*SOUND["moves"], move("skip", "fuond", "done"))}, "skip: unknown state 'fuond'"),
        ({"extends": "none"}, "no deadline 'none' to extend"),
        ({"name": "hazard"}, "levels ['general'] are not those that profiles know"),
        ({"moves": (*SOUND["moves"], move("skip", "found", "dome"))}, "skip: unknown state 'dome'"),
        ({"initial": "fuond"}, "unknown state 'fuond' named initial or final"),
        ({"final": on("done", "dome")}, "unknown state 'dome' named initial or final"),
        ({"moves": (*SOUND["moves"], move("finish", "mending", "found"))}, "finish: two rows leave 'mending'"),
        ({"moves": (*SOUND["moves"], move("skip", "found", "done", who=on()))}, "skip: nobody may fire it"),
        ({"moves": (*SOUND["moves"], M("skip", on(), "done", ANYBODY))}, "skip: leaves no state"),
        ({"states": {**SOUND["states"], "lost": "已丢失"}}, "state 'lost' can't be reached"),
        ({"states": {**SOUND["states"], "lost": "已丢失"}}, "state 'lost' has no exit"),
        ({"moves": SOUND["moves"][:1]}, "state 'mending' has no exit"),
        ({"moves": (SOUND["moves"][0], move("finish", "mending", None))}, "state 'mending' has no exit"),
        ({"deadlines": (promise("all", started_by=on("opne")),)}, "deadline all: unknown trigger 'opne'"),
        ({"deadlines": (promise("all", started_by=on("open"), limit="hazard.asign"),)},
         "deadline all: unknown limit 'hazard.asign'"),
        ({"deadlines": (*SOUND["deadlines"], *SOUND["deadlines"])}, "deadline all: named twice"),
        ({"deadlines": (promise("all", started_by=on("open"), ladder=desk(Role.LEADER) * 2),)},
         "deadline all: rung 'breach' twice"),
        ({"deadlines": (promise("all", started_by=on("open"), ladder=()),)},
         "deadline all: no rung at or after the promise, a breach would go unseen"),
        ({"deadlines": (promise("all", started_by=on("open"), ladder=(replace(desk()[0], amount=-1),)),)},
         "deadline all: no rung at or after the promise, a breach would go unseen"),
        ({"deadlines": ()}, "state 'found' can rest with no deadline running"),
        ({"deadlines": (promise("all", started_by=on("begin")),)}, "state 'found' can rest with no deadline running"),
        ({"deadlines": (promise("all", started_by=on("open"), met_by=on("begin", "finish")),)},
         "state 'mending' can rest with no deadline running"),
        ({"deadlines": (promise("all", started_by=on("open"), held_by=on("begin")),)},
         "state 'mending' can rest with no deadline running"),
        ({"deadlines": (promise("all", started_by=on("open"), paused_by=on("begin")),)},
         "state 'mending' can rest with no deadline running"),
        ({"deadlines": (promise("all", started_by=on("open"), only_if_named=True),)},
         "state 'found' can rest with no deadline running"),
        ({"deadlines": (promise("all", started_by=on("open"), behind="next"), promise("next", started_by=on("open")))},
         "deadline all: no deadline 'next' above it"),
        ({"deadlines": (promise("all", started_by=on("open"), met_by=on("begin")),
                        promise("next", started_by=on("open"), behind="all"))},
         "state 'mending' can rest with no deadline running"),
        ({"deadlines": (promise("all", started_by=on("open"), met_by=on()),)},
         "final state 'done' keeps deadlines: all"),
    ],
)  # fmt: skip
def test_each_fault_is_named(changes: dict[str, Any], fault: str) -> None:
    assert fault in planted(**changes)


def test_a_whole_bunch_of_faults_is_told_at_once() -> None:
    found = planted(
        moves=(*SOUND["moves"], move("skip", "found", "dome"), move("jump", "mending", "done", who=on())),
        deadlines=(promise("all", started_by=on("opne"), limit="nothing"),),
    )

    assert {
        "skip: unknown state 'dome'",
        "jump: nobody may fire it",
        "deadline all: unknown trigger 'opne'",
        "deadline all: unknown limit 'nothing'",
        "state 'found' can rest with no deadline running",
    } <= set(found)


def test_a_case_that_could_loop_back_unwatched_is_found_however_long_the_way() -> None:
    found = planted(
        moves=(*SOUND["moves"], move("back", "mending", "found")),
        deadlines=(promise("all", started_by=on("open"), met_by=on("finish", "back")),),
    )

    assert "state 'found' can rest with no deadline running" in found


@pytest.mark.parametrize(
    ("status", "trigger", "after"),
    [
        ("off", "assign", "runs"),
        ("runs", "assign", "runs"),
        ("runs", "submit", "held"),
        ("off", "submit", "off"),
        ("held", "reject", "runs"),
        ("held", "assign", "held"),
        ("runs", "transfer", "paused"),
        ("held", "transfer", "paused"),
        ("off", "transfer", "off"),
        ("paused", "take_back", "runs"),
        ("paused", "reject", "paused"),
        ("held", "verify", "off"),
        ("paused", "void", "off"),
        ("runs", "report", "runs"),
    ],
)
def test_a_promise_steps_as_its_row_says(status: str, trigger: str, after: str) -> None:
    assert HAZARD.by_deadline["rectify"].step(status, trigger) == after


@pytest.mark.parametrize("table", WORKFLOWS.values(), ids=list(WORKFLOWS))
def test_a_promise_that_a_trigger_does_not_concern_would_not_have_moved(table: Workflow) -> None:
    for trigger in ("open", *table.by_trigger):
        concerned = table.concerned(trigger, ())
        for promise in (d for d in table.deadlines if d not in concerned):
            assert trigger not in promise.renewed_by | promise.levelled_by
            assert all(promise.step(status, trigger) == status for status in ("off", "runs", "held", "paused"))


def test_a_promise_about_which_something_is_said_is_always_concerned() -> None:
    assert HAZARD.by_deadline["rectify"] not in HAZARD.concerned("grant_extension", ())
    assert HAZARD.by_deadline["rectify"] in HAZARD.concerned("grant_extension", {"rectify": "a later date"})


def test_a_trigger_is_called_as_its_row_or_the_beginning_says() -> None:
    assert [HAZARD.called(t) for t in ("open", "close", "unheard-of")] == ["发现", "销号", "unheard-of"]


def test_states_carry_the_names_the_bureau_gave_them() -> None:
    road = ["discovered", "assigned", "rectifying", "submitted", "verified", "closed"]

    assert list(HAZARD.states) == [*road, "voided", "transferred"]
    assert HAZARD.final == {"closed", "voided"}


def test_nothing_but_a_supervisors_close_leads_to_closed() -> None:
    ways = [(m.trigger, m.sources, m.who) for m in HAZARD.moves if m.to == "closed"]

    assert ways == [("close", {"verified"}, {Role.SUPERVISOR})]
