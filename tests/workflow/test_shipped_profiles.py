from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.arithmetic import SHANGHAI, due, last_day
from workflow.calendar import statutory
from workflow.limits import KINDS, LEVELS, NAMES, SPANS, Limit, Unit, parts
from workflow.profile import available, shipped
from workflow.profile_check import KEYS

N, W, H, MIN = Unit.NATURAL_DAY, Unit.WORKING_DAY, Unit.HOUR, Unit.MINUTE
DAILY = (1, Unit.CLOCK_TIME)
NOT_OWED = None


def figure(limit: Limit | None) -> tuple[int, Unit] | None:
    return (limit.amount, limit.unit) if limit else NOT_OWED


@pytest.mark.parametrize("name", available())
def test_every_shipped_profile_arms_is_complete_and_names_a_chinese_source_for_each_limit(name):
    place = shipped(name)
    assert place.name == name
    assert {limit for limit, part in place.stated if part is None} == NAMES
    assert all(limit.source and not limit.source.isascii() for limit in place.stated.values())
    assert all(place.owes(limit, part) for limit in SPANS for part in parts(limit))


def test_a_place_ships_as_what_differs_from_the_nation():
    nation = shipped()
    for name in set(available()) - {"national"}:
        stated = shipped(name).stated
        assert 0 < sum(nation.stated.get(key) != limit for key, limit in stated.items()) < 20


def test_nationally_an_order_gives_thirty_natural_days_and_never_more_than_ninety():
    rectify = shipped().limit("hazard.rectify")
    assert (rectify.amount, rectify.unit, rectify.cap) == (30, N, 90)


@pytest.mark.parametrize(
    ("place", "lead", "decision"),
    [("national", (10, N), (5, N)), ("ningbo", (15, W), (5, N)), ("qingdao", (20, W), (10, W))],
)
def test_places_differ_in_when_an_extension_must_be_asked_and_answered(place, lead, decision):
    rules = shipped(place)
    assert figure(rules.limit("hazard.extension_lead")) == lead
    assert figure(rules.limit("hazard.extension_decision")) == decision


@pytest.mark.parametrize(
    ("place", "rectify", "cap", "lead"),
    [
        ("national", (60, N), 90, (15, W)),
        ("ningbo", (60, N), 90, (15, W)),
        ("qingdao", (90, N), 365, (20, W)),
        ("hangzhou", (100, N), None, (15, W)),
    ],
)
def test_places_differ_in_how_long_a_city_lists_and_when_more_time_is_asked(place, rectify, cap, lead):
    rules = shipped(place)
    limit = rules.limit("listing.rectify", "city")
    assert (figure(limit), limit.cap) == (rectify, cap)
    assert figure(rules.limit("listing.extension_lead", "city")) == lead


def test_in_qingdao_no_extension_takes_a_listing_beyond_the_year():
    rules = shipped("qingdao")
    for rectify, cap in (("listing.rectify", "listing.extension_cap"), ("hazard.rectify", "hazard.extension_cap")):
        limit = rules.limit(rectify, "major")
        assert limit.amount + rules.limit(cap, "major").amount == limit.cap == 365


def test_in_qingdao_listings_are_recorded_and_published_by_its_own_rule():
    rules = shipped("qingdao")
    named = {name: rules.limit(f"listing.{name}") for name in ("record", "publish", "publish_delisting")}
    assert {name: figure(limit) for name, limit in named.items()} == {
        "record": (3, W),
        "publish": (5, W),
        "publish_delisting": (5, W),
    }
    assert all(limit.source.startswith("青岛市") for limit in named.values())


@pytest.mark.parametrize(("place", "days"), [("national", 30), ("wangcheng", 30), ("hangzhou", 60)])
def test_a_round_lasts_as_long_as_the_place_says(place, days):
    assert figure(shipped(place).limit("round.settle", "district")) == (days, N)


@pytest.mark.parametrize(
    ("place", "level", "phone", "written", "follow_up"),
    [
        ("national", "general", (15, MIN), (30, MIN), (24, H)),
        ("national", "larger", (15, MIN), (30, MIN), (24, H)),
        ("national", "major", (15, MIN), (30, MIN), (12, H)),
        ("national", "special", (15, MIN), (30, MIN), (12, H)),
        ("wangcheng", "general", (15, MIN), (30, MIN), (24, H)),
        ("henan", "general", NOT_OWED, (6, H), (24, H)),
        ("henan", "larger", NOT_OWED, (1, H), DAILY),
        ("henan", "major", (15, MIN), (35, MIN), DAILY),
        ("henan", "special", (15, MIN), (35, MIN), DAILY),
        ("county2040", "general", (20, MIN), (40, MIN), (24, H)),
        ("county2040", "special", (20, MIN), (40, MIN), (12, H)),
        ("zhuhai", "larger", (15, MIN), (30, MIN), (24, H)),
        ("zhuhai", "major", (30, MIN), (2, H), (12, H)),
        ("zhuhai", "special", (30, MIN), (2, H), (12, H)),
    ],
)
def test_minutes_to_report_an_incident_depend_on_place_and_level(place, level, phone, written, follow_up):
    rules = shipped(place)
    for kind in KINDS:
        found = [rules.owes(f"incident.{name}", level, kind) for name in ("phone", "written", "follow_up")]
        assert list(map(figure, found)) == [phone, written, follow_up]


@pytest.mark.parametrize("level", ["larger", "major", "special"])
def test_in_henan_an_incident_from_larger_up_is_followed_up_before_eight_and_before_five_every_day(level):
    anchor = datetime(2026, 10, 31, 16, 59, tzinfo=SHANGHAI)
    follow_up, told = shipped("henan").limit("incident.follow_up", level), []
    for _ in range(3):
        anchor = due(anchor, follow_up, statutory()).at
        told.append(anchor.astimezone(SHANGHAI))
    assert [at.time() for at in told] == [time(17), time(8), time(17)]
    assert [at.date() for at in told] == [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 1)]


@pytest.mark.parametrize("place", available())
def test_everywhere_a_unit_has_an_hour_each_level_two_and_fire_and_traffic_seven_days(place):
    rules = shipped(place)
    for level in LEVELS["incident"]:
        assert figure(rules.limit("incident.unit", level)) == (1, H)
        assert figure(rules.limit("incident.upward", level)) == (2, H)
        days = {kind: figure(rules.limit("incident.supplement", level, kind)) for kind in KINDS}
        assert days == {"work": (30, N), "natural": (30, N), "other": (30, N), "fire": (7, N), "traffic": (7, N)}


def test_only_a_talk_and_a_warning_letter_are_answered_in_writing():
    rules = shipped()
    owed = {level: figure(rules.owes("measure.reply", level)) for level in LEVELS["measure"]}
    assert owed == {
        "talk": (5, W), "warning_letter": (5, W), "bulletin": NOT_OWED, "case_filing": NOT_OWED, "closure": NOT_OWED,
    }  # fmt: skip
    assert figure(rules.limit("measure.carry_out", "talk")) == (7, N)
    assert figure(rules.limit("measure.carry_out", "bulletin")) == (5, W)


def test_what_the_law_does_not_say_or_nobody_has_checked_says_so_itself():
    rules = shipped()
    assert "法规无此时限" in rules.limit("hazard.assign").source
    assert "【待核】" in rules.limit("hazard.extension_lead").source
    assert "【待核】" in rules.limit("incident.follow_up", "major").source
    assert "【旁证】" in rules.limit("incident.phone").source


def test_a_major_hazard_has_its_own_figure_and_other_levels_the_plain_one():
    rules = shipped()
    assert rules.limit("hazard.assign", "major").amount == 1
    assert rules.limit("hazard.assign", "general") == rules.limit("hazard.assign")


def test_the_pages_name_every_shipped_place_and_every_word_a_profile_may_use():
    house = Path(__file__).resolve().parent.parent.parent
    settings = (house / "README.zh-CN.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in settings for name in available())
    head = (house / "profiles" / "national.toml").read_text(encoding="utf-8").partition('[limits."hazard.assign"]')[0]
    assert all(f"{word} " in head for word in KEYS | KINDS | frozenset(Unit).union(*LEVELS.values()))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_progress_reports_as_far_apart_as_allowed_leave_no_quarter_out(day):
    def quarter(of: date) -> int:
        return of.year * 4 + (of.month - 1) // 3

    anchor = datetime.combine(day, time(9), SHANGHAI)
    latest = last_day(due(anchor, shipped().limit("listing.progress"), statutory()).at)
    assert latest - day == timedelta(days=90)
    assert quarter(latest) - quarter(day) <= 1
