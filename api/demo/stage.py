"""The stage (演示舞台): opens, uploads and fires as the people of the cast, through the same doors as everybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from api.demo.cast import Cast
from api.demo.photos import photo
from api.demo.stories import Day, Story
from api.house import House
from models import Act, Case
from models.database import read_session, write_session
from workflow.actor import Actor
from workflow.acts import decide_act
from workflow.arithmetic import SHANGHAI
from workflow.fire import fire
from workflow.hazard import S
from workflow.notes import attach
from workflow.opening import NewHazard, open_cases

# fmt: off
STEPS = {
    # step              trigger              who does it; `unit`: whoever must rectify
    "assign":           ("assign",           "dispatcher"),
    "decline":          ("decline",          "unit"),
    "start":            ("start",            "unit"),
    "submit":           ("submit",           "unit"),
    "fix_on_the_spot":  ("fix_on_the_spot",  "inspector"),
    "reject":           ("reject",           "inspector"),
    "verify":           ("verify",           "inspector"),
    "verify_elsewhere": ("verify",           "inspector2"),
    "sign_off":         ("sign_off",         "leader"),
    "close":            ("close",            "supervisor"),
    "reopen":           ("reopen",           "inspector"),
    "regrade":          ("regrade",          "supervisor"),
    "transfer":         ("transfer",         "dispatcher"),
    "take_back":        ("take_back",        "dispatcher"),
    "void":             ("void",             "dispatcher"),
    "report":           ("report",           "unit"),
    "request_extension": ("request_extension", "unit"),
    "grant_extension":  ("grant_extension",  "supervisor"),
    "refuse_extension": ("refuse_extension", "supervisor"),
}
# fmt: on
DECISIONS = {"accept": "accepted", "refuse": "refused"}
FEEDBACK = {"measures": "已按要求整改完毕，附整改后照片", "money_fen": 260_000}


@dataclass(slots=True)
class Stage:
    """The demo's house, people and clock; `cases` and `units`: of each story, the case and who must rectify."""

    house: House
    cast: Cast
    start: datetime
    now: datetime
    cases: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    photos: int = 0

    def open(self, story: Story) -> None:
        """An inspector finds it and takes a picture."""
        inspector, levels = self.cast.people["inspector"], self.cast.levels[story.at]
        hazard = NewHazard(
            description=story.found,
            level=story.level,
            found_at=self.now,
            sector=self.cast.sectors[story.at],
            enterprise_id=self.cast.places[story.at],
            source="日常检查",
            finder="示范区应急管理局",
            district_id=levels.district_id,
            town_id=levels.town_id,
            village_id=levels.village_id,
        )
        with write_session(self.house.engine) as session:
            (opened,) = open_cases(session, self.house.rules(self.now), [hazard], actor=inspector, now=self.now)
        self.cases[story.shows], self.units[story.shows] = opened.after.id, story.at
        self.picture(opened.after.id, "before", inspector)

    def adopt(self, story: Story) -> None:
        """An inspector brings the evidence that was wanting for a row which its ledger calls finished."""
        with read_session(self.house.engine) as session:
            finished = select(Case.id).where(Case.import_id.is_not(None), Case.state == S.SUBMITTED).order_by(Case.id)
            case_id = session.scalars(finished).first() or ""
        self.cases[story.shows], self.units[story.shows] = case_id, story.at
        self.picture(case_id, "after", self.cast.people["inspector"])

    def play(self, story: Story, step: str, data: Mapping[str, Any]) -> None:
        """One step of a story; `to` names another unit than the one it was found at."""
        if step in BEGINNINGS:
            BEGINNINGS[step](self, story)
            return
        case_id = self.cases[story.shows]
        if step in DECISIONS:
            self.decide(case_id, DECISIONS[step], **data)
            return
        trigger, who = STEPS[step]
        self.units[story.shows] = unit = data.get("to", self.units[story.shows])
        actor = self.cast.people[unit if who == "unit" else who]
        dated = {name: self._date(value) for name, value in data.items() if name != "to"}
        brought = self._brought(story, trigger, actor) | dated
        with write_session(self.house.engine) as session:
            fire(session, self.house.rules(self.now), case_id, trigger, actor=actor, now=self.now, **brought)

    def decide(self, case_id: str, outcome: str, *, act: str, reason: str) -> None:
        """The supervisor answers what a rung proposed."""
        supervisor = self.cast.people["supervisor"]
        with write_session(self.house.engine) as session:
            act_id = session.scalars(select(Act.id).where(Act.case_id == case_id, Act.kind == act)).one()
            rules = self.house.rules(self.now)
            decide_act(session, rules, act_id, outcome=outcome, reason=reason, actor=supervisor, now=self.now)

    def picture(self, case_id: str, phase: str, by: Actor) -> str:
        """A photo goes through the evidence store and onto the case; its SHA-256."""
        self.photos += 1
        content = photo(self.photos, phase, self.now)
        received = self.house.store.receive([content], name=f"{phase}-{self.photos}.jpg")
        file = {name: getattr(received, name) for name in received.__slots__}
        with write_session(self.house.engine) as session:
            attach(session, self.house.rules(self.now), case_id, phase=phase, file=file, actor=by, now=self.now)
        return received.sha256

    def _brought(self, story: Story, trigger: str, actor: Actor) -> dict[str, Any]:
        match trigger:
            case "assign":
                return {"responsible_org_id": self.cast.places[self.units[story.shows]], "requirement": "限期整改到位"}
            case "submit" | "fix_on_the_spot":
                return {**FEEDBACK, "evidence": (self.picture(self.cases[story.shows], "after", actor),)}
            case "verify":
                return {"second_officer": self.cast.people["inspector3"].id}
            case "void":
                return {"duplicate_of": self.cases[story.repeats]}
        return {}

    def _date(self, value: Any) -> Any:
        if isinstance(value, Day):
            return (self.start.astimezone(SHANGHAI) + timedelta(days=value.number)).date()
        return value


BEGINNINGS = {"open": Stage.open, "adopt": Stage.adopt}
