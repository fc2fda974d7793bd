"""What happened in the demo, told afterwards from the database: stories, ledgers, states, and who may come in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts import issue_token, revoke_token, tokens_of
from api.demo.cast import PEOPLE
from api.demo.month import Made
from api.house import House
from models import Act, Case, Deadline, Event, Message, Person, Rung
from models.database import read_session
from workflow.hazard import LABELS
from workflow.ladders import ACTS
from workflow.roles import LABELS as ROLES
from workflow.table import Workflow
from workflow.taking_in import BY_PAPER
from workflow.verify import verify
from workflow.workflows import WORKFLOWS

TOKEN = "演示"
TOKEN_DAYS = 30
OUTCOMES = {None: "计时中", "met": "按期", "missed": "超期", "withdrawn": "撤销"}
DECIDED = {None: "待定", "accepted": "采纳", "refused": "不采纳", "withdrawn": "撤销"}

# The promises that say most of a case, and the tables they are told in.
TOLD: Mapping[str, tuple[str, ...]] = {
    "hazard": ("rectify",),
    "listing": ("rectify",),
    "round": ("settle",),
    "incident": ("phone", "written"),
    "measure": ("carry_out", "reply"),
}
CHAPTERS = {
    "一个月里的隐患": ("hazard",),
    "挂牌、曝光、督办措施和突发事件": ("listing", "round", "measure", "incident"),
}

BY = {BY_PAPER: "台账导入"}

Table = tuple[str, Sequence[str], list[Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Told:
    """The demo in plain values, one mapping a line."""

    ledgers: tuple[dict[str, Any], ...]
    stories: tuple[dict[str, Any], ...]
    states: dict[str, int]
    proof: dict[str, int]
    tokens: tuple[dict[str, Any], ...]

    def plain(self) -> dict[str, Any]:
        """For machines."""
        return {name: getattr(self, name) for name in self.__slots__}

    def tables(self) -> Iterator[Table]:
        """For people: titles, headings and rows."""
        yield (
            "台账导入",
            ("文件", "行", "隐患", "立案", "以前已有", "未导入"),
            [list(line.values()) for line in self.ledgers],
        )
        for title, names in CHAPTERS.items():
            lines: list[Sequence[object]] = [
                list(line.values())[1:] for line in self.stories if line["workflow"] in names
            ]
            yield title, ("编号", "情节", "现状", "经过", "时限", "升级和督办"), lines
        counts = [(LABELS[state], n) for state, n in self.states.items()]
        yield "全部隐患（含台账导入）", ("状态", "件数"), [*counts, ("合计", sum(self.states.values()))]
        yield "核验", ("件数", "流转记录", "断裂", "通知"), [list(self.proof.values())]

    def lines(self) -> Iterator[str]:
        """The tokens, one a line, to be copied whole."""
        yield "各岗位的令牌（请求头 Authorization: Bearer 令牌）："
        for one in self.tokens:
            yield f"  {one['token']}  {one['login']} {one['name']} {one['role']}"


def tell(house: House, made: Made, now: datetime) -> Told:
    """Read it all, and give everybody a fresh token in place of the last run's."""
    with read_session(house.engine) as session:
        stories = tuple(_story(session, shows, case_id) for shows, case_id in made.cases.items())
        states = _states(session)
        verdict = verify(session)
        messages = session.scalar(select(func.count()).select_from(Message)) or 0
        people = {row.login: row for row in session.execute(select(Person.login, Person.id, Person.name))}
    proof = {"cases": verdict.cases, "events": verdict.events, "broken": verdict.broken, "messages": messages}
    tokens = tuple(_token(house, people[login], role, now) for login, _name, _org, role, _at in PEOPLE)
    return Told(made.ledgers, stories, states, proof, tokens)


def _story(session: Session, shows: str, case_id: str) -> dict[str, Any]:
    case = session.get_one(Case, case_id)
    moves = session.scalars(
        select(Event.trigger).where(Event.case_id == case_id, Event.kind == "move").order_by(Event.seq)
    )
    table = WORKFLOWS[case.workflow]
    deadlines = session.scalars(
        select(Deadline).where(Deadline.case_id == case_id, Deadline.name.in_(TOLD[table.name])).order_by(Deadline.id)
    )
    return {
        "workflow": table.name,
        "number": case.number,
        "shows": shows,
        "state": table.states[case.state],
        "moves": "→".join(BY.get(trigger) or table.called(trigger) for trigger in moves),
        "rectify": "、".join(
            OUTCOMES[d.outcome] + ("（已超期）" if d.breached_at and not d.outcome else "") for d in deadlines
        ),
        "escalated": "；".join([*_rungs(session, case_id, table), *_acts(session, case_id)]),
    }


def _rungs(session: Session, case_id: str, table: Workflow) -> list[str]:
    """Of each promise the highest rung that fired, as it says itself."""
    rows = session.execute(
        select(Deadline.name, Rung.name.label("rung"))
        .join(Deadline, Deadline.id == Rung.deadline_id)
        .where(Rung.case_id == case_id, Rung.outcome == "fired")
        .order_by(Rung.due_at, Rung.name)
    )
    steps = {(promise.name, step.name): step.label for promise in table.deadlines for step in promise.ladder}
    highest = {row.name: row.rung for row in rows}
    return [table.by_deadline[name].label + steps[name, rung] for name, rung in highest.items()]


def _acts(session: Session, case_id: str) -> list[str]:
    acts = session.scalars(select(Act).where(Act.case_id == case_id).order_by(Act.proposed_at))
    return [f"{ACTS[act.kind]}{DECIDED[act.outcome]}" for act in acts]


def _states(session: Session) -> dict[str, int]:
    hazards = select(Case.state, func.count().label("n")).where(Case.workflow == "hazard")
    rows = session.execute(hazards.group_by(Case.state))
    counted = {row.state: row.n for row in rows}
    return {state: counted[state] for state in LABELS if state in counted}


def _token(house: House, person: Any, role: Any, now: datetime) -> dict[str, Any]:
    for token in tokens_of(house.engine, person.id, now):
        if token.name == TOKEN:
            revoke_token(house.engine, token.id, person_id=person.id, now=now)
    secret = issue_token(house.engine, person.id, TOKEN, now=now, days=TOKEN_DAYS)
    return {"login": person.login, "name": person.name, "role": ROLES[role] if role else "责任单位", "token": secret}
