# ruff: noqa: E501 — a table is read across, one row a line
"""Who may reach which address (权限表): one row a route, tried with everybody of the cast; a route without a row fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from api import accounts
from models import Act, Channel, Message, new_id
from models.database import read_session, write_session
from tests.api.conftest import Server
from tests.api.evidence_files import picture
from tests.api.incident_scenes import DUTY, incident_at, proved, reported, told
from tests.api.listing_scenes import PLANNED, handed_up, listing_at, noticed, proposal, stepped, with_another, with_two
from tests.api.measure_scenes import answered_on_paper, held, penalty, talk
from tests.api.round_scenes import ready, round_at, with_candidate
from tests.desk import PLAN
from tests.workflow.gazette import with_the_law
from workflow.handing_over import hand_over
from workflow.people import add_person, grant
from workflow.places import add_organisation
from workflow.roles import Role
from workflow.roster import plan
from workflow.swaps import ask
from workflow.watches import Watch

NOBODY = "anonymous"
INSPECT = frozenset({"inspector", "second_inspector", "town_inspector"})
SEE = INSPECT | {"dispatcher", "supervisor", "leader", "duty_officer", "enterprise_person"}
EVERYBODY = SEE | {"fire_inspector", "admin", "other_enterprise_person"}
PUBLIC = EVERYBODY | {NOBODY}
OFFICERS = SEE - {"enterprise_person"} | {"fire_inspector"}
ADMIN = frozenset({"admin"})
UNIT = frozenset({"enterprise_person"})
DESK = frozenset({"dispatcher"})
CHIEF = frozenset({"supervisor"})
LEADER = frozenset({"leader"})
FIRE = frozenset({"fire_inspector"})
DISTRICT = SEE - {"town_inspector", "enterprise_person"}
PLANNERS = CHIEF | LEADER | ADMIN | {"duty_officer"}
SUCCESS = frozenset({200, 201, 202, 204})


@dataclass(slots=True)
class Scene:
    """Makes what a request is about, fresh for every request, and what it says."""

    server: Server
    persona: str

    def case(self, state: str = "discovered", level: str = "general") -> dict[str, Any]:
        """A case of the cast's enterprise in that state."""
        return {"case_id": self.server.desk.to(state, level=level)}

    def pending(self) -> dict[str, Any]:
        """A case whose unit has asked for more time."""
        ids, cast = self.case("rectifying"), self.server.desk.cast
        asked = {"extend_to": self.day(40), "reason": "配件未到", "control_measures": "专人值守"}
        self.server.desk.fire(ids["case_id"], "request_extension", cast.enterprise_person, **asked)
        return ids

    def away(self) -> dict[str, Any]:
        """A case with another agency."""
        ids = self.case()
        self.server.desk.fire(
            ids["case_id"], "transfer", self.server.desk.cast.dispatcher, agency="消防大队", reason="职责在消防"
        )
        return ids

    def done(self, state: str, by: str) -> dict[str, Any]:
        """A case with one photo that has arrived, and a submission that declares it."""
        ids = self.case(state)
        sha256 = self.server.desk.photo(ids["case_id"], getattr(self.server.desk.cast, by))
        return ids | {"json": {"measures": "已清除", "evidence": [sha256]}}

    def verdict(self) -> dict[str, Any]:
        """A submitted case, and a second officer who is somebody else."""
        cast = self.server.desk.cast
        second = cast.inspector if self.persona != "inspector" else cast.second_inspector
        return self.case("submitted") | {"json": {"second_officer": second.id}}

    def piece(self) -> dict[str, Any]:
        """A case with a real picture."""
        ids = self.case("rectifying")
        answer = self.server.login_as(self.server.desk.cast.enterprise_person).post(
            f"/api/v1/cases/{ids['case_id']}/evidence", params={"phase": "after", "name": "a.jpg"}, content=picture()
        )
        return ids | {"evidence_id": answer.json()["id"]}

    def act(self) -> dict[str, Any]:
        """An overdue case with a proposal; the clock goes back afterwards, tokens don't live for ever."""
        desk = self.server.desk
        ids, before = self.case("assigned"), desk.clock.now
        desk.clock.advance(days=40)
        desk.sweep()
        desk.clock.now = before
        with read_session(desk.engine) as session:
            act_id = session.scalars(select(Act.id).where(Act.case_id == ids["case_id"])).first()
        return {"act_id": act_id, "json": {"reason": "情况属实"}}

    def visit(self) -> dict[str, Any]:
        """A visit at the cast's enterprise."""
        inspector = self.server.login_as(self.server.desk.cast.inspector)
        return {"visit_id": inspector.post("/api/v1/hazards", **self.found()).json()["visit_id"]}

    def found(self) -> dict[str, Any]:
        """What an inspector found there."""
        return {"json": {"hazards": [{"description": "堵塞", "enterprise_id": self.server.desk.cast.enterprise}]}}

    def person(self) -> dict[str, Any]:
        """Somebody new, with a role to come."""
        desk, cast = self.server.desk, self.server.desk.cast
        with write_session(desk.engine) as session:
            login = f"p{new_id(desk.clock.now)}"
            person = add_person(session, login=login, name="新人", org_id=cast.bureau, now=desk.clock.now)
        return {"person_id": person.id, "json": {"role": "inspector", "org_id": cast.town}}

    def granted(self) -> dict[str, Any]:
        """Somebody new with a role."""
        desk, ids = self.server.desk, self.person()
        with write_session(desk.engine) as session:
            held = grant(
                session, person_id=ids["person_id"], role=Role.LEADER, org_id=desk.cast.town, now=desk.clock.now
            )
        return ids | {"grant_id": held.id}

    def token(self) -> dict[str, Any]:
        """An API token of the inspector's, by its id."""
        desk = self.server.desk
        person_id = desk.cast.inspector.id
        accounts.issue_token(desk.engine, person_id, "导出", now=desk.clock.now)
        newest = accounts.tokens_of(desk.engine, person_id, desk.clock.now)[0]
        return {"person_id": person_id, "token_id": newest.id, "json": {"name": "导出"}}

    def organisation(self) -> dict[str, Any]:
        """A new village of the town."""
        return {"organisation_id": self.made("village"), "json": {"phone": "87654321"}}

    def enterprise(self) -> dict[str, Any]:
        """The cast's enterprise and one that turns out to be the same."""
        return {"enterprise_id": self.server.desk.cast.enterprise, "json": {"drop_id": self.made("enterprise")}}

    def made(self, kind: str) -> str:
        """A new organisation under the town."""
        desk = self.server.desk
        with write_session(desk.engine) as session:
            name = f"新设{new_id(desk.clock.now)}"
            return add_organisation(session, kind=kind, name=name, parent_id=desk.cast.town, now=desk.clock.now).id

    def told(self, *, outcome: str = "shown") -> dict[str, Any]:
        """A message to the dispatcher about a case, on their page or (dead) not delivered."""
        desk, case_id, now = self.server.desk, self.case()["case_id"], self.server.desk.clock.now
        channel_id = self.channel()["channel_id"] if outcome == "dead" else None
        with write_session(desk.engine) as session:
            message = Message(
                id=new_id(now), case_id=case_id, event_seq=1, number=1, template=f"test.{new_id(now)[:8]}",
                target=f"person:{desk.cast.dispatcher.id}", recipient_id=desk.cast.dispatcher.id, priority=2,
                channel_id=channel_id,
                payload='{"title":"待交办","text":"","data":{}}', created_at=now, attempts=1, outcome=outcome,
                settled_at=now,
            )  # fmt: skip
            session.add(message)
        return {"message_id": message.id}

    def channel(self) -> dict[str, Any]:
        """A robot of the bureau."""
        admin = self.server.login_as(self.server.desk.cast.admin)
        made = admin.post("/api/v1/channels", **self.robot())
        with read_session(self.server.desk.engine) as session:
            known = session.scalars(select(Channel.id)).first()
        return {"channel_id": made.json().get("id", known)}

    def robot(self) -> dict[str, Any]:
        """What an administrator types to add one."""
        url = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef"
        asked = {"kind": "dingtalk", "name": "值班群", "org_id": self.server.desk.cast.bureau, "url": url}
        return {"json": asked | {"secrets": ["SEC0123456789abcdef"]}}

    def watch(self) -> dict[str, Any]:
        """A new village's watch of this hour and the next one, by the inspectors and the leader."""
        desk, cast, org_id = self.server.desk, self.server.desk.cast, self.made("village")
        hours = [desk.clock.now + timedelta(hours=hour) for hour in range(3)]
        watches = [
            Watch(hours[0], hours[1], cast.inspector.id, cast.leader.id),
            Watch(hours[1], hours[2], cast.second_inspector.id, cast.leader.id),
        ]
        with write_session(desk.engine) as session:
            one, two = plan(session, org_id=org_id, watches=watches, actor=cast.supervisor, now=desk.clock.now)
        return {"shift_id": one.id, "next_id": two.id, "org_id": org_id}

    def kept(self) -> dict[str, Any]:
        """The organisation that has that watch, asked for by its id."""
        return {"params": {"org_id": self.watch()["org_id"]}}

    def handed(self) -> dict[str, Any]:
        """That watch, handed over."""
        desk, ids = self.server.desk, self.watch()
        with write_session(desk.engine) as session:
            hand_over(session, ids["shift_id"], note="无异常", actor=desk.cast.inspector, now=desk.clock.now)
        return ids

    def coming(self) -> dict[str, Any]:
        """The next watch, and what its officer says to ask the duty officer to take it."""
        asked = {"post": "officer", "to_id": self.server.desk.cast.duty_officer.id, "reason": "家中有事"}
        return {"shift_id": self.watch()["next_id"], "json": asked}

    def swap(self) -> dict[str, Any]:
        """The same, asked."""
        desk, ids = self.server.desk, self.coming()
        with write_session(desk.engine) as session:
            asked = ask(session, ids["shift_id"], actor=desk.cast.second_inspector, now=desk.clock.now, **ids["json"])
        return {"swap_id": asked.id}

    def roster(self) -> dict[str, Any]:
        """What somebody types to plan a watch of a new village."""
        desk, cast = self.server.desk, self.server.desk.cast
        begins = desk.clock.now + timedelta(hours=1)
        pair = {"officer_id": cast.inspector.id, "leader_id": cast.leader.id}
        watch = pair | {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(days=1)).isoformat()}
        return {"json": {"org_id": self.made("village"), "watches": [watch]}}

    def rotation(self) -> dict[str, Any]:
        """What somebody types to plan a rotation for a new village."""
        cast, days = self.server.desk.cast, {"first": str(self.day(1)), "last": str(self.day(3))}
        pair = {"officer_id": cast.inspector.id, "leader_id": cast.leader.id}
        return {"json": {"org_id": self.made("village"), "pairs": [pair], **days}}

    def day(self, days: int) -> Any:
        """A date so many days from now."""
        return (self.server.desk.clock.now + timedelta(days=days)).date()


@dataclass(frozen=True, slots=True)
class Row:
    """One route: who may, what a request of it looks like (path parameters, json, params, content), what it answers."""

    who: frozenset[str]
    asks: Callable[[Scene], Mapping[str, Any]] = lambda scene: {}
    answers: frozenset[int] = SUCCESS


def says(ids: Callable[[Scene], dict[str, Any]], **json: Any) -> Callable[[Scene], Mapping[str, Any]]:
    """Those ids with this body."""
    return lambda scene: ids(scene) | {"json": json}


def at(state: str, level: str = "general", **json: Any) -> Callable[[Scene], Mapping[str, Any]]:
    """A case in that state with this body."""
    return lambda scene: scene.case(state, level) | {"json": json}


def gives(scene: Scene) -> dict[str, Any]:
    """A body that names the cast's enterprise as the responsible unit."""
    return {"json": {"responsible_org_id": scene.server.desk.cast.enterprise, "note": "改派"}}


ID = "/api/v1/cases/{case_id}"
MOVE = ID + "/moves/"
PERSON = "/api/v1/people/{person_id}"
NEW = {"extend_to": "2026-04-20", "reason": "配件未到", "control_measures": "专人值守"}
NOTICE = {
    "document": "国办发明电〔2026〕9号",
    "off": [{"day": str(day), "name": name} for day, name in with_the_law(2027, {}).items()],
}

# fmt: off
ROWS: Mapping[tuple[str, str], Row] = {
    ("POST", "/api/v1/hazards"):                 Row(INSPECT | DESK | CHIEF | UNIT, Scene.found),
    ("GET", "/api/v1/hazards"):                  Row(EVERYBODY),
    ("GET", "/api/v1/hazards/{case_id}"):        Row(SEE, Scene.case),
    ("POST", MOVE + "assign"):                   Row(DESK, lambda s: s.case() | {"json": {"responsible_org_id": s.server.desk.cast.enterprise}}),
    ("POST", MOVE + "reassign"):                 Row(DESK, lambda s: s.case("assigned") | gives(s)),
    ("POST", MOVE + "decline"):                  Row(UNIT, at("assigned", reason="不属本单位")),
    ("POST", MOVE + "start"):                    Row(UNIT | INSPECT, at("assigned", "major", **PLAN)),
    ("POST", MOVE + "submit"):                   Row(UNIT | INSPECT, lambda s: s.done("rectifying", "enterprise_person")),
    ("POST", MOVE + "fix_on_the_spot"):          Row(INSPECT, lambda s: s.done("discovered", "inspector")),
    ("POST", MOVE + "reject"):                   Row(INSPECT, at("submitted", note="仍有杂物")),
    ("POST", MOVE + "verify"):                   Row(INSPECT, Scene.verdict),
    ("POST", MOVE + "sign_off"):                 Row(LEADER, at("verified", "major")),
    ("POST", MOVE + "close"):                    Row(CHIEF, at("verified")),
    ("POST", MOVE + "reopen"):                   Row(CHIEF | INSPECT, at("closed", reason="再次堵塞")),
    ("POST", MOVE + "transfer"):                 Row(DESK | CHIEF, at("discovered", agency="消防大队", reason="职责在消防")),
    ("POST", MOVE + "take_back"):                Row(DESK | CHIEF, says(Scene.away, note="已回函")),
    ("POST", MOVE + "void"):                     Row(DESK | CHIEF, at("discovered", reason="登记错误")),
    ("POST", MOVE + "report"):                   Row(UNIT, at("assigned", note="正在采购")),
    ("POST", MOVE + "request_extension"):        Row(UNIT, at("rectifying", **NEW)),
    ("POST", MOVE + "grant_extension"):          Row(CHIEF, says(Scene.pending)),
    ("POST", MOVE + "regrade"):                  Row(DESK | CHIEF | LEADER, says(Scene.case, level="major", reason="专家认定")),
    ("POST", MOVE + "refuse_extension"):         Row(CHIEF, says(Scene.pending, note="可以按期完成")),
    ("POST", MOVE + "{trigger}"):                Row(EVERYBODY, lambda s: s.case() | {"trigger": "nonsense"}, frozenset({404})),
    ("POST", "/api/v1/rounds"):                  Row(DESK | CHIEF, lambda s: {"json": {"district_id": s.server.desk.cast.district}}),
    ("GET", "/api/v1/rounds"):                   Row(EVERYBODY),
    ("GET", "/api/v1/rounds/{case_id}"):         Row(DISTRICT, round_at("published")),
    ("GET", "/api/v1/rounds/{case_id}/candidates"): Row(DISTRICT, with_candidate),
    ("GET", "/api/v1/rounds/{case_id}/bulletin"): Row(DISTRICT, round_at("published")),
    ("GET", "/rounds/{case_id}/page"):           Row(PUBLIC, round_at("published")),
    ("POST", MOVE + "pull_in"):                  Row(DESK | CHIEF, with_candidate),
    ("POST", MOVE + "add_item"):                 Row(DESK | CHIEF, lambda s: round_at("empty")(s) | {"json": {"hazard_id": s.server.desk.to("assigned"), "reason": "群众关注"}}),
    ("POST", MOVE + "drop_item"):                Row(DESK | CHIEF, round_at("collecting", item=True, reason="正在整改")),
    ("POST", MOVE + "withhold_item"):            Row(DESK | CHIEF, round_at("frozen", item=True, reason="商业秘密")),
    ("POST", MOVE + "describe_item"):            Row(DESK | CHIEF, round_at("frozen", item=True, public_text="通道堵塞")),
    ("POST", MOVE + "freeze"):                   Row(DESK | CHIEF, round_at("collecting")),
    ("POST", MOVE + "thaw"):                     Row(DESK | CHIEF | LEADER, round_at("frozen", reason="漏了一件")),
    ("POST", MOVE + "approve"):                  Row(LEADER, round_at("frozen")),
    ("POST", MOVE + "publish"):                  Row(DESK | CHIEF, ready),
    ("POST", MOVE + "withdraw_item"):            Row(DESK | CHIEF, round_at("published", item=True, reason="企业已搬走")),
    ("POST", MOVE + "escalate_item"):            Row(DESK | CHIEF, round_at("published", item=True, act_kind="talk", reason="拒不整改")),
    ("POST", MOVE + "settle"):                   Row(DESK | CHIEF, round_at("done")),
    ("POST", MOVE + "suspend"):                  Row(LEADER, round_at("published", reason="疫情封控")),
    ("POST", MOVE + "resume"):                   Row(LEADER, round_at("suspended", note="恢复正常")),
    ("POST", MOVE + "carry_out"):                Row(INSPECT | DESK | CHIEF, talk),
    ("POST", MOVE + "reply"):                    Row(UNIT, held),
    ("POST", MOVE + "take_reply"):               Row(DESK, answered_on_paper),
    ("POST", "/api/v1/listings"):                Row(DESK | CHIEF | LEADER, proposal),
    ("GET", "/api/v1/listings"):                 Row(EVERYBODY),
    ("GET", "/api/v1/listings/{case_id}"):       Row(SEE, listing_at("discovered")),
    ("POST", MOVE + "list"):                     Row(CHIEF | LEADER, noticed),
    ("POST", MOVE + "file_plan"):                Row(UNIT | INSPECT | FIRE, PLANNED),
    ("POST", MOVE + "progress"):                 Row(UNIT | INSPECT | FIRE, listing_at("rectifying", progress="已完成主体改造")),
    ("POST", MOVE + "record"):                   Row(DESK | CHIEF | LEADER, listing_at("assigned", recorded_with="市安委办")),
    ("POST", MOVE + "accept_by_department"):     Row(FIRE, listing_at("submitted")),
    ("POST", MOVE + "accept_by_district"):       Row(CHIEF, stepped),
    ("POST", MOVE + "hand_up"):                  Row(CHIEF | LEADER, handed_up),
    ("POST", MOVE + "cover"):                    Row(DESK | CHIEF | LEADER, with_another),
    ("POST", MOVE + "uncover"):                  Row(CHIEF | LEADER, with_two),
    ("POST", "/api/v1/incidents"):               Row(DUTY | INSPECT | DESK | UNIT, told),
    ("GET", "/api/v1/incidents"):                Row(EVERYBODY),
    ("GET", "/api/v1/incidents/{case_id}"):      Row(SEE, incident_at("reporting")),
    ("POST", MOVE + "acknowledge"):              Row(DUTY, incident_at("reporting")),
    ("POST", MOVE + "phone_report"):             Row(DUTY, reported()),
    ("POST", MOVE + "written_report"):           Row(DUTY, reported()),
    ("POST", MOVE + "unit_report"):              Row(DUTY | UNIT, reported()),
    ("POST", MOVE + "report_upward"):            Row(DUTY, reported()),
    ("POST", MOVE + "follow_up"):                Row(DUTY, reported("following")),
    ("POST", MOVE + "final_report"):             Row(DUTY, reported("following")),
    ("POST", MOVE + "revise"):                   Row(DUTY, incident_at("reporting", deaths=3, reason="医院来电")),
    ("POST", MOVE + "restate"):                  Row(DUTY, incident_at("reporting", cause="电气短路")),
    ("POST", MOVE + "record_finding"):           Row(CHIEF, proved),
    ("GET", ID + "/clock"):                      Row(SEE, Scene.case),
    ("GET", ID + "/history"):                    Row(SEE, Scene.case),
    ("GET", ID + "/evidence"):                   Row(SEE, Scene.case),
    ("POST", ID + "/evidence"):                  Row(INSPECT | DESK | UNIT, lambda s: s.case("rectifying") | {"params": {"phase": "after", "name": "a.jpg"}, "content": picture()}),
    ("GET", ID + "/evidence/{evidence_id}"):     Row(SEE, Scene.piece),
    ("GET", ID + "/evidence/{evidence_id}/original"): Row(SEE, Scene.piece),
    ("GET", "/api/v1/visits/{visit_id}"):        Row(SEE, Scene.visit),
    ("GET", "/api/v1/acts"):                     Row(EVERYBODY),
    ("POST", "/api/v1/acts/{act_id}/accept"):    Row(CHIEF, Scene.act),
    ("POST", "/api/v1/acts/{act_id}/refuse"):    Row(CHIEF, Scene.act),
    ("POST", ID + "/acts"):                      Row(INSPECT | DESK | CHIEF, says(Scene.case, kind="talk", basis="拒不整改")),
    ("GET", "/api/v1/measures"):                 Row(EVERYBODY),
    ("GET", "/api/v1/measures/{case_id}"):       Row(SEE, talk),
    ("GET", "/api/v1/enterprises/{enterprise_id}/penalties"):  Row(SEE | ADMIN, penalty),
    ("POST", "/api/v1/enterprises/{enterprise_id}/penalties"): Row(INSPECT | CHIEF, penalty),

    ("POST", "/api/v1/session"):                 Row(PUBLIC, lambda s: {"json": {"login": "nobody", "password": "wrong"}}, frozenset({401})),
    ("DELETE", "/api/v1/session"):               Row(EVERYBODY),
    ("POST", "/api/v1/setup"):                   Row(PUBLIC, lambda s: {"json": {"secret": "hl_x", "district_name": "区", "district_code": "330199", "login": "a", "name": "甲", "password": "correct horse battery"}}, frozenset({422})),
    ("GET", "/setup"):                           Row(PUBLIC, lambda s: {}),
    ("GET", "/password"):                        Row(PUBLIC, lambda s: {}),
    ("POST", "/setup"):                          Row(PUBLIC, lambda s: {"data": {"secret": "hl_x"}}, frozenset({422})),
    ("POST", "/password"):                       Row(PUBLIC, lambda s: {"data": {"secret": "hl_x", "password": "correct horse battery"}}, frozenset({422})),
    ("POST", "/api/v1/password"):                Row(PUBLIC, lambda s: {"json": {"secret": "hl_x", "password": "correct horse battery"}}, frozenset({422})),
    ("GET", "/api/v1/me"):                       Row(EVERYBODY),
    ("GET", "/api/v1/organisations"):            Row(EVERYBODY),
    ("GET", "/api/v1/organisations/{organisation_id}"):   Row(EVERYBODY, Scene.organisation),
    ("POST", "/api/v1/organisations"):           Row(ADMIN, lambda s: {"json": {"kind": "village", "name": "新村", "parent_id": s.server.desk.cast.town}}),
    ("PATCH", "/api/v1/organisations/{organisation_id}"): Row(ADMIN, Scene.organisation),
    ("GET", "/api/v1/enterprises"):              Row(EVERYBODY),
    ("GET", "/api/v1/enterprises/{enterprise_id}"):       Row(SEE | ADMIN, Scene.enterprise),
    ("POST", "/api/v1/enterprises"):             Row(INSPECT | DESK | CHIEF | ADMIN, lambda s: {"json": {"name": f"新企业{s.persona}", "parent_id": s.server.desk.cast.town}}),
    ("PATCH", "/api/v1/enterprises/{enterprise_id}"):     Row(INSPECT | DESK | CHIEF | ADMIN, lambda s: {"enterprise_id": s.server.desk.cast.enterprise, "json": {"phone": "87654321"}}),
    ("POST", "/api/v1/enterprises/{enterprise_id}/merge"): Row(ADMIN, Scene.enterprise),
    ("GET", "/api/v1/people"):                   Row(ADMIN),
    ("GET", PERSON):                             Row(ADMIN, Scene.person),
    ("GET", "/api/v1/officers"):                 Row(OFFICERS),
    ("POST", "/api/v1/people"):                  Row(ADMIN, lambda s: {"json": {"login": "new", "name": "新人", "org_id": s.server.desk.cast.bureau}}),
    ("POST", PERSON + "/invite"):                Row(ADMIN, Scene.person),
    ("POST", PERSON + "/disable"):               Row(ADMIN, Scene.person),
    ("POST", PERSON + "/grants"):                Row(ADMIN, Scene.person),
    ("DELETE", PERSON + "/grants/{grant_id}"):   Row(ADMIN, Scene.granted),
    ("GET", PERSON + "/tokens"):                 Row(ADMIN | {"inspector"}, Scene.token),
    ("POST", PERSON + "/tokens"):                Row(ADMIN | {"inspector"}, Scene.token),
    ("DELETE", PERSON + "/tokens/{token_id}"):   Row(ADMIN | {"inspector"}, Scene.token),
    ("GET", "/api/v1/deadlines/due"):            Row(EVERYBODY),
    ("GET", "/api/v1/messages"):                 Row(EVERYBODY),
    ("POST", "/api/v1/messages/{message_id}/read"):  Row(DESK, Scene.told),
    ("GET", "/api/v1/messages/outbox"):          Row(ADMIN | CHIEF, lambda s: {"params": {"state": "dead"}}),
    ("GET", "/api/v1/messages/outbox/{message_id}"): Row(ADMIN | CHIEF, lambda s: s.told(outcome="dead")),
    ("POST", "/api/v1/messages/{message_id}/again"): Row(ADMIN | CHIEF, lambda s: s.told(outcome="dead")),
    ("GET", "/api/v1/channels"):                 Row(ADMIN),
    ("POST", "/api/v1/channels"):                Row(ADMIN, Scene.robot),
    ("POST", "/api/v1/channels/{channel_id}/disable"): Row(ADMIN, Scene.channel),
    ("POST", "/api/v1/channels/{channel_id}/test"):    Row(ADMIN, Scene.channel),
    ("GET", "/api/v1/dashboard"):                Row(EVERYBODY),
    ("GET", "/api/v1/holidays"):                 Row(EVERYBODY),
    ("PUT", "/api/v1/holidays/{year}"):          Row(ADMIN, lambda s: {"year": 2027, "json": NOTICE}),
    ("GET", "/api/v1/roster"):                   Row(INSPECT | PLANNERS | DESK, Scene.kept),
    ("POST", "/api/v1/roster"):                  Row(PLANNERS, Scene.roster),
    ("POST", "/api/v1/roster/rotation"):         Row(PLANNERS, Scene.rotation),
    ("GET", "/api/v1/duty"):                     Row(INSPECT | PLANNERS | DESK, Scene.kept),
    ("POST", "/api/v1/shifts/{shift_id}/hand_over"):   Row(LEADER | {"inspector"}, says(Scene.watch, note="无异常")),
    ("POST", "/api/v1/shifts/{shift_id}/acknowledge"): Row(frozenset({"second_inspector"}), Scene.handed),
    ("POST", "/api/v1/shifts/{shift_id}/swaps"): Row(frozenset({"second_inspector"}), Scene.coming),
    ("POST", "/api/v1/swaps/{swap_id}/agree"):   Row(frozenset({"duty_officer"}), Scene.swap),
    ("POST", "/api/v1/swaps/{swap_id}/decline"): Row(frozenset({"duty_officer"}), Scene.swap),
    ("POST", "/api/v1/swaps/{swap_id}/withdraw"): Row(frozenset({"second_inspector"}), Scene.swap),
    ("GET", "/api/v1/imports"):                  Row(ADMIN | DESK | CHIEF),
    ("POST", "/api/v1/imports"):                 Row(ADMIN | DESK | CHIEF, lambda s: {"params": {"name": "台账.csv", "preview": False}, "content": "隐患内容,单位名称\n通道堵塞,老李饭店\n".encode()}),
    ("GET", "/healthz"):                         Row(PUBLIC, answers=frozenset({200, 503})),
    ("GET", "/livez"):                           Row(PUBLIC),
    ("GET", "/metrics"):                         Row(ADMIN),
    ("GET", "/problems"):                        Row(PUBLIC),
    ("GET", "/problems/{name}"):                 Row(PUBLIC, lambda s: {"name": "stale-version"}),
    ("GET", "/openapi.json"):                    Row(PUBLIC),
    ("GET", "/docs"):                            Row(PUBLIC),
    ("GET", "/docs/oauth2-redirect"):            Row(PUBLIC),
    ("GET", "/redoc"):                           Row(PUBLIC),
}
# fmt: on
