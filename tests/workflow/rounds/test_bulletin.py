"""What may not be published never is: sealed words in any column or pattern reach no bulletin, page or webhook."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from models import Case, Channel, Hazard, Organisation
from models.database import write_session
from tests.desk import Desk
from tests.rounds import Rounds
from tests.workflow.rounds.test_figures import item
from workflow.directory_version import count_up
from workflow.history import canonical
from workflow.rounds.bulletin import TIPS, bulletin, is_tip
from workflow.rounds.scrub import MARK, scrub

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ALLOWED = {"number", "enterprise", "town", "sector", "text", "due_day", "overdue_days", "state"}
SEALED = "绝密甲乙丙"

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
spaced = mobiles.flatmap(
    lambda n: st.sampled_from([n, f"{n[:3]} {n[3:7]} {n[7:]}", f"{n[:3]}-{n[3:7]}-{n[7:]}", f"+86 {n}"])
)
identities = st.from_regex(r"[1-9][0-9]{16}[0-9Xx]", fullmatch=True)
cards = st.from_regex(r"62[0-9]{14,17}", fullmatch=True).flatmap(
    lambda n: st.sampled_from([n, " ".join(n[i : i + 4] for i in range(0, len(n), 4))])
)
landlines = st.from_regex(r"0[1-9][0-9]{1,2}[- ]?[2-8][0-9]{6,7}", fullmatch=True)
mails = st.from_regex(r"[a-z0-9._]{2,10}@[a-z0-9]{2,8}\.(com|cn|com\.cn)", fullmatch=True)
wide = mobiles.map(lambda n: n.translate({c: c + 0xFEE0 for c in range(0x30, 0x3A)}))
hidden = mobiles.map(lambda n: "\u200b".join(n))
hanzi = st.text("张王李赵钱孙周吴郑冯陈褚卫蒋沈韩杨", min_size=2, max_size=4)
said = st.text("一楼东侧安全出口堵塞，消防栓损坏。灭火器过期；配电箱无盖", max_size=20)


@given(said, st.one_of(spaced, identities, cards, landlines, mails, wide, hidden), said)
def test_numbers_and_addresses_of_people_are_taken_out_of_any_text(before: str, sealed: str, after: str) -> None:
    found = scrub(f"{before}，{sealed}{after}")
    assert sealed not in found
    plain = re.sub(r"\D", "", found)
    assert len(plain) < 7
    assert "@" not in found


@given(said, st.sampled_from(["举报人", "联系人：", "投诉人为", "来信人 ", "反映人是", "举报者叫"]), hanzi, said)
def test_names_after_informers_and_contacts_are_taken_out(before: str, label: str, name: str, after: str) -> None:
    assert name not in scrub(f"{before}{label}{name}，{after}")


@given(st.text())
def test_any_text_is_scrubbed_and_scrubbing_twice_changes_nothing(text: str) -> None:
    assert scrub(scrub(text)) == scrub(text)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("安全出口被杂物堵塞", "安全出口被杂物堵塞"),
        ("2026-03-02检查时3号仓库第12排货架超高", "2026-03-02检查时3号仓库第12排货架超高"),
        ("联系人：张三，电话13800138000", f"联系人{MARK}，电话{MARK}"),
        ("举报人李四称夜间动火", f"举报人{MARK}间动火"),
        ("微信号abc_12345可查", f"微信号{MARK}可查"),
        ("拨打一三八零零一三八零零零", f"拨打{MARK}"),
    ],
)
def test_scrubbing_leaves_what_the_public_needs(text: str, public: str) -> None:
    assert scrub(text) == public


COLUMNS = ("source", "found_by", "sealed", "withheld", "enterprise_id", "hazard_id")


@given(st.sets(st.sampled_from(COLUMNS)), st.booleans())
def test_a_bulletin_has_the_fields_of_its_whitelist_and_no_others(columns: set[str], described: bool) -> None:
    sealed: dict[str, Any] = dict.fromkeys(columns, SEALED)
    text = "货架倒塌" if described else None
    found = bulletin(3, [item(**{**sealed, "public_text": text, "hazard_id": "h"})], now=NOW, published_at=None)
    assert SEALED not in canonical(found)
    assert set(found) == {"round", "published_at", "total", "unnamed", "items"}
    assert all(set(entry) == ALLOWED for entry in found["items"])
    assert found["total"] == 1 == len(found["items"]) + found["unnamed"]
    assert bool(found["items"]) == ("withheld" not in columns and (described or "sealed" not in columns))


@pytest.mark.parametrize("tip", [*TIPS, "１２３４５热线", "群众 举报"])
def test_what_came_from_a_tip_is_counted_and_named_only_in_words_meant_for_the_public(tip: str) -> None:
    assert is_tip(tip)
    silent = bulletin(1, [item(found_by=tip, description="夜间偷排")], now=NOW, published_at=None)
    assert (silent["total"], silent["unnamed"], silent["items"]) == (1, 1, [])
    told = bulletin(1, [item(found_by=tip, description="夜间偷排", public_text="违规排放")], now=NOW, published_at=None)
    assert [entry["text"] for entry in told["items"]] == ["违规排放"]


def test_an_inspection_is_no_tip() -> None:
    assert not any(map(is_tip, (None, "", "日常检查", "上级交办", "企业自查")))


WORDS = ("finder", "remark", "responsible_text", "extra", "requirement", "deadline_text", "status_text", "location",
         "address", "found_text", "measures", "funds")  # fmt: skip


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_sealed_word_in_any_column_of_the_ledger_reaches_neither_bulletin_nor_webhook(desk: Desk, data: Any) -> None:
    columns = data.draw(st.sets(st.sampled_from(WORDS), min_size=1))
    number = data.draw(st.one_of(mobiles, identities, mails))
    rounds, hazard_id = Rounds(desk), desk.to("assigned")
    with write_session(desk.engine) as session:
        session.merge(portal(desk))
        count_up(session)
        words: dict[str, Any] = dict.fromkeys(columns, SEALED)
        text = f"消防通道堵塞，联系人：赵六，{number}"
        session.execute(update(Hazard).where(Hazard.case_id == hazard_id).values(**words, description=text))
        session.execute(update(Case).where(Case.id == hazard_id).values(title=SEALED))
        session.execute(
            update(Organisation)
            .where(Organisation.id == desk.cast.enterprise)
            .values(phone=number[:32], contact=SEALED, address=SEALED)
        )

    round_id = rounds.published(hazard_id)

    sent = [m.payload for m in desk.messages(round_id) if m.template == "round.publish"]
    public = [rounds.words(round_id).bulletin or "", *sent]
    assert any("portal" in m.target for m in desk.messages(round_id))
    assert json.loads(public[0])["items"][0]["text"] == f"消防通道堵塞，联系人{MARK}，{MARK}"
    assert not any(word in text for text in public for word in (SEALED, number, "赵六"))


def portal(desk: Desk) -> Channel:
    return Channel(
        id="portal", kind="webhook", name="门户", org_id=desk.cast.bureau, settings="", hint="",
        created_at=desk.clock.now, tokens=1.0, refilled_at=desk.clock.now,
    )  # fmt: skip


def test_a_withheld_item_is_counted_and_not_named(desk: Desk) -> None:
    rounds, hazard_id = Rounds(desk), desk.to("assigned")
    round_id = rounds.open()
    rounds.add(round_id, hazard_id)
    office = desk.cast.dispatcher
    desk.fire(round_id, "describe_item", office, hazard_id=hazard_id, public_text="通道堵塞")
    desk.fire(round_id, "withhold_item", office, hazard_id=hazard_id, reason="涉及商业秘密")
    rounds.out(round_id)

    assert (rounds.bulletin(round_id)["unnamed"], rounds.bulletin(round_id)["items"]) == (1, [])
    desk.clock.advance(days=30)
    rounds.settle(round_id)
    assert rounds.figures(round_id)["total"]["carried_over"] == 1


def test_a_late_hazard_says_by_how_many_days(desk: Desk) -> None:
    rounds, hazard_id = Rounds(desk), desk.to("assigned")
    desk.clock.advance(days=35)
    desk.sweep()
    round_id = rounds.published(hazard_id)

    (entry,) = rounds.bulletin(round_id)["items"]
    assert (entry["due_day"], entry["overdue_days"], entry["state"]) == ("2026-04-01", 5, "已交办")
    assert (entry["enterprise"], entry["town"]) == ("示范精细化工有限公司", "城关镇")
