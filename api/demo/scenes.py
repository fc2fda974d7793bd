"""Plays the episodes (演示场景), each scene at its minute and through the same doors as everybody."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.demo.episodes import EPISODES, At, Episode, Of, Org, Photo, Scene, Who
from api.demo.stage import Stage
from api.demo.stories import Day
from models import Act, Shift
from models.database import write_session
from workflow.acts import decide_act
from workflow.arithmetic import SHANGHAI
from workflow.fire import fire
from workflow.handing_over import acknowledge, hand_over
from workflow.incidents.opening import NewIncident
from workflow.listings.opening import NewListing, propose
from workflow.opening import open_cases
from workflow.roster import plan
from workflow.rotation import Pair, rotate
from workflow.rounds.opening import open_round

MONTH = 45


@dataclass(frozen=True, slots=True)
class Play:
    """One scene on the stage at its instant."""

    stage: Stage
    episode: Episode
    scene: Scene
    session: Session

    def data(self) -> dict[str, Any]:
        """What the scene brings, with the cast's ids and the month's dates."""
        return {name: self._meant(value) for name, value in self.scene.data.items()}

    def _meant(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(self._meant(each) for each in value)
        return MEANINGS[type(value)](self, value) if type(value) in MEANINGS else value

    def day(self, value: Day) -> Any:
        """A date of the month."""
        return (self.stage.start.astimezone(SHANGHAI) + timedelta(days=value.number)).date()


MEANINGS: Mapping[type, Callable[[Play, Any], Any]] = {
    Day: Play.day,
    At: lambda play, value: instant(play.stage.start, value),
    Org: lambda play, value: play.stage.cast.places[value.key],
    Who: lambda play, value: play.stage.cast.people[value.login].id,
    Of: lambda play, value: play.stage.cases[value.shows],
}


def instant(start: datetime, at: At) -> datetime:
    """That day and minute of the month."""
    hour, minute = (int(part) for part in at.time.split(":"))
    day = (start.astimezone(SHANGHAI) + timedelta(days=at.day)).date()
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def between(start: datetime, since: datetime, until: datetime) -> Iterator[tuple[datetime, Episode, Scene]]:
    """The scenes after one instant up to another, in order of time."""
    timed = ((instant(start, scene.when), episode, scene) for episode in EPISODES for scene in episode.scenes)
    yield from sorted((one for one in timed if since < one[0] <= until), key=lambda one: one[0])


def play(stage: Stage, episode: Episode, scene: Scene) -> None:
    """One scene through the same doors as everybody."""
    brought = dict(scene.data)
    if Photo() in brought.get("evidence", ()):
        sha256 = stage.picture(stage.cases[episode.shows], "after", stage.cast.people[scene.who])
        scene = Scene(scene.when, scene.who, scene.does, {**brought, "evidence": (sha256,)})
    if scene.does == "look":
        return
    with write_session(stage.house.engine) as session:
        OTHERS.get(scene.does, _fire)(Play(stage, episode, scene, session))


def _fire(one: Play) -> None:
    stage, scene = one.stage, one.scene
    fire(
        one.session, stage.house.rules(stage.now), stage.cases[one.episode.shows], scene.does,
        actor=stage.cast.people[scene.who], now=stage.now, **one.data(),
    )  # fmt: skip


def _listing(one: Play) -> None:
    stage = one.stage
    actor, rules = stage.cast.people[one.scene.who], stage.house.rules(stage.now)
    made = propose(one.session, rules, NewListing(**one.data()), actor=actor, now=stage.now)
    stage.cases[one.episode.shows] = made.after.id


def _round(one: Play) -> None:
    stage = one.stage
    actor, rules = stage.cast.people[one.scene.who], stage.house.rules(stage.now)
    district = stage.cast.places["district"]
    made = open_round(one.session, rules, actor=actor, now=stage.now, district_id=district, **one.data())
    stage.cases[one.episode.shows] = made.after.id


def _incident(one: Play) -> None:
    stage, data = one.stage, one.data()
    unit = one.scene.data["enterprise_id"].key
    levels = stage.cast.levels[unit]
    places = {name: getattr(levels, name) for name in ("district_id", "town_id", "village_id")}
    actor, rules = stage.cast.people[one.scene.who], stage.house.rules(stage.now)
    found = NewIncident(**data, **places, sector=stage.cast.sectors[unit])
    (made,) = open_cases(one.session, rules, [found], actor=actor, now=stage.now)
    stage.cases[one.episode.shows] = made.after.id


def _accept(one: Play) -> None:
    """What was proposed about another case is accepted, and the episode goes on with what that opened."""
    stage, data = one.stage, one.data()
    act = one.session.scalars(select(Act).where(Act.case_id == data["of"], Act.kind == data["act"])).one()
    decide_act(
        one.session, stage.house.rules(stage.now), act.id, outcome="accepted", reason=data["reason"],
        actor=stage.cast.people[one.scene.who], now=stage.now,
    )  # fmt: skip
    one.session.refresh(act)
    stage.cases[one.episode.shows] = str(act.led_to)


OTHERS: Mapping[str, Callable[[Play], None]] = {
    "open_listing": _listing,
    "open_round": _round,
    "open_incident": _incident,
    "accept": _accept,
}


def keep_watch(stage: Stage) -> None:
    """The bureau's roster from the first day on, 24 hours a watch, in two pairs."""
    people = stage.cast.people
    pairs = [Pair(people[o].id, people[b].id) for o, b in (("duty_officer", "leader"), ("duty_officer2", "deputy"))]
    first = stage.start.astimezone(SHANGHAI).date()
    rules = stage.house.rules(stage.now)
    turns = rotate(first, first + timedelta(days=MONTH), pairs, calendar=rules.calendar)
    with write_session(stage.house.engine) as session:
        watches = [turn.watch for turn in turns]
        plan(session, org_id=stage.cast.places["bureau"], watches=watches, actor=people["supervisor"], now=stage.now)


def change_watch(stage: Stage) -> None:
    """The watch that has just ended is handed over and taken over."""
    with write_session(stage.house.engine) as session:
        ended = select(Shift).where(Shift.ends_at <= stage.now, Shift.handed_over_at.is_(None))
        for shift in session.scalars(ended.order_by(Shift.ends_at)).all():
            following = session.scalars(select(Shift).where(Shift.starts_at == shift.ends_at)).one()
            by_id = {actor.id: actor for actor in stage.cast.people.values()}
            note = "无异常，未办结事项见系统"
            hand_over(session, shift.id, note=note, actor=by_id[shift.officer_id], now=stage.now)
            acknowledge(session, shift.id, actor=by_id[following.officer_id], now=stage.now)
