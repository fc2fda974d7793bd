"""A ledger's units are found where they are known, added once where not, and never mistaken for one another."""

import random
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models import Act, Case, Deadline, Organisation, Person, Visit, new_id
from models.database import write_session
from tests.desk import RULES
from tests.people import CREDIT_CODE, OTHER_CREDIT_CODE, Cast, populate
from workflow.credit_code import BadCreditCode
from workflow.enterprise_file import enterprise_file
from workflow.enterprise_merge import DifferentDistricts, SameEnterprise, TwoEnterprises, merge
from workflow.enterprises import Matches, Sought, find_or_add, match
from workflow.places import BRANCH, add_organisation
from workflow.refusals import UnknownOrganisation

FREE_CODES = ("91330106MA27ABCX1K", "91330106MA27ABCX2N")
NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")


def one(session: Session, cast: Cast, sought: Sought) -> str | None:
    return match(session, district_id=cast.district, sought=[sought]).found.get(sought)


def add(session: Session, name: str, parent_id: str, **details: str) -> str:
    made = add_organisation(session, kind="enterprise", name=name, parent_id=parent_id, now=NOW, **details)
    return made.id


def merged(session: Session, cast: Cast, keep_id: str, drop_id: str) -> None:
    merge(session, RULES, keep_id=keep_id, drop_id=drop_id, actor=cast.admin, now=NOW)


def test_the_code_decides_whatever_the_name_says(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        assert one(session, cast, Sought("旧名化工厂", None, CREDIT_CODE.lower())) == cast.enterprise


def test_brackets_spaces_and_width_do_not_make_another_enterprise(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        assert one(session, cast, Sought("东风商贸(示范) 有限公司", cast.other_town)) == cast.other_enterprise
        assert one(session, cast, Sought("东风商贸(示范)有限责任公司", cast.other_town)) is None


def test_another_code_is_another_enterprise_of_the_same_name(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        assert one(session, cast, Sought("示范精细化工有限公司", cast.town, OTHER_CREDIT_CODE)) is None


@pytest.mark.parametrize("find", [match, find_or_add])
def test_a_company_known_without_a_code_takes_the_first_and_another_code_is_another_company(
    database: Engine, find: Any
) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        known = add(session, "建设工程有限公司", cast.town)
        first, second, bare = (Sought("建设工程有限公司", None, code) for code in (FREE_CODES[0], FREE_CODES[1], None))
        timed = {} if find is match else {"now": NOW}
        matches = find(session, district_id=cast.district, sought=[second, first], **timed)
        again = match(session, district_id=cast.district, sought=[bare])

        assert matches.found[first] == known
        assert matches.found.get(second) != known
        if find is find_or_add:
            codes = session.execute(select(Organisation.id, Organisation.credit_code)).all()
            assert dict(codes)[known] == FREE_CODES[0]
            assert dict(codes)[matches.found[second]] == FREE_CODES[1]
            assert set(again.ambiguous[bare]) == {known, matches.found[second]}


def test_a_company_is_known_in_the_whole_district_a_restaurant_in_its_town(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        assert one(session, cast, Sought("示范精细化工有限公司", cast.other_town)) == cast.enterprise
        assert one(session, cast, Sought("老王饭店", cast.town)) == cast.village_enterprise
        assert one(session, cast, Sought("老王饭店")) == cast.village_enterprise
        assert one(session, cast, Sought("老王饭店", cast.other_town)) is None


def test_between_two_of_one_name_the_town_decides_and_without_it_a_person(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        twin = add(session, "老王饭店", cast.other_town)
        assert one(session, cast, Sought("老王饭店", cast.other_town)) == twin
        ambiguous = match(session, district_id=cast.district, sought=[Sought("老王饭店")]).ambiguous
        assert set(ambiguous[Sought("老王饭店")]) == {cast.village_enterprise, twin}


def test_a_unit_of_no_known_town_is_found_again_when_its_town_is_known(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        nowhere, somewhere = Sought("新开饭店"), Sought("新开饭店", cast.town)
        added = find_or_add(session, district_id=cast.district, sought=[nowhere], now=NOW).found[nowhere]
        made = session.get_one(Organisation, added)
        assert made.unconfirmed
        assert session.get_one(Organisation, made.town_id).name == BRANCH
        assert one(session, cast, somewhere) == added


def test_a_ledger_of_many_rows_adds_each_unit_once_however_often_it_is_imported(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        units = [Sought(f"第{n}加工厂", (cast.town, None)[n % 2]) for n in range(1_500)]
        spelled_otherwise = [Sought(unit.name.replace("第", "第 "), unit.town_id) for unit in units]
        coded = [Sought("新材料公司", cast.town), Sought("新材料 公司", cast.town, OTHER_CREDIT_CODE)]
        rows = units + spelled_otherwise + coded
        random.Random(7).shuffle(rows)
        first = find_or_add(session, district_id=cast.district, sought=rows, now=NOW)
        again = find_or_add(session, district_id=cast.district, sought=rows, now=NOW)
        assert first == again == Matches(found=first.found, ambiguous={})
        assert len(set(first.found.values())) == 1_501
        counted = select(func.count()).select_from(Organisation).where(Organisation.kind == "enterprise")
        assert session.scalar(counted) == 1_501 + 3
        assert session.get_one(Organisation, first.found[coded[0]]).credit_code == OTHER_CREDIT_CODE


def test_a_bad_code_or_a_foreign_town_adds_nothing(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        with pytest.raises(BadCreditCode):
            find_or_add(session, district_id=cast.district, sought=[Sought("甲", None, "123")], now=NOW)
        with pytest.raises(UnknownOrganisation):
            find_or_add(session, district_id=cast.district, sought=[Sought("甲", cast.village)], now=NOW)


def case(
    session: Session, cast: Cast, enterprise_id: str, number: str, *, workflow: str = "hazard", level: str = "general"
) -> str:
    made = Case(
        id=new_id(NOW),
        number=number,
        workflow=workflow,
        state="submitted",
        version=1,
        seq=1,
        head="0" * 64,
        cycle=1,
        message_no=0,
        level=level,
        title="灭火器过期",
        district_id=cast.district,
        enterprise_id=enterprise_id,
        responsible_org_id=enterprise_id,
        opened_at=NOW,
        opened_by=cast.inspector.id,
        opened_by_org=cast.bureau,
        submitted_by_org=enterprise_id,
        submission_no=1,
        evidence_count=1,
        rejections=0,
    )
    session.add(made)
    session.flush()
    return made.id


def talk(session: Session, case_id: str) -> None:
    deadline = Deadline(
        id=new_id(NOW),
        case_id=case_id,
        name="rectify",
        cycle=1,
        round=1,
        anchor_at=NOW,
        unit="natural_day",
        source="测试",
        assumed=False,
        calendar="2026",
        provisional=False,
        due_at=NOW,
        first_due_at=NOW,
        moves=0,
    )
    session.add(deadline)
    session.flush()
    session.add(
        Act(
            id=new_id(NOW),
            case_id=case_id,
            deadline_id=deadline.id,
            move=0,
            rung="talk",
            kind="talk",
            proposed_at=NOW,
        )
    )
    session.flush()


def test_one_enterprise_has_one_file_with_its_hazards_listings_and_talks(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        ids = [case(session, cast, cast.enterprise, f"2026-{n}") for n in range(3)]
        case(session, cast, cast.other_enterprise, "2026-9")
        case(session, cast, cast.enterprise, "G2026-1", workflow="listing", level="district")
        talk(session, ids[0])
        file = enterprise_file(session, cast.enterprise)
        assert {line.id for line in file.hazards} == set(ids)
        assert file.counts == {"submitted": 3}
        assert [line.number for line in file.listings] == ["G2026-1"]
        assert [line.case_number for line in file.talks] == ["2026-0"]
        assert file.place == ("城关镇",)
        assert len(enterprise_file(session, cast.enterprise, limit=2).hazards) == 2


def test_the_file_shows_nobody_more_than_they_may_see(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        seen, hidden = (case(session, cast, cast.enterprise, number) for number in ("2026-1", "2026-2"))
        talk(session, hidden)
        file = enterprise_file(session, cast.enterprise, only=Case.id == seen)
        assert [line.id for line in file.hazards] == [seen]
        assert file.counts == {"submitted": 1}
        assert file.talks == ()


def test_there_is_no_file_of_a_town(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        with pytest.raises(UnknownOrganisation):
            enterprise_file(session, cast.town)


def test_a_merged_enterprise_leaves_its_cases_people_code_and_name_to_the_other(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        double = add(session, "示范精化", cast.other_town)
        opened = case(session, cast, cast.enterprise, "2026-1")
        session.add(Visit(id=new_id(NOW), enterprise_id=cast.enterprise, visited_at=NOW, created_at=NOW))
        session.flush()
        merged(session, cast, double, cast.enterprise)
    with write_session(database) as session:
        moved = session.get_one(Case, opened)
        assert {moved.enterprise_id, moved.responsible_org_id, moved.submitted_by_org} == {double}
        assert session.scalars(select(Visit.enterprise_id)).one() == double
        assert session.get_one(Person, cast.enterprise_person.id).org_id == double
        assert session.get_one(Organisation, double).credit_code == CREDIT_CODE
        assert session.get_one(Organisation, cast.enterprise).district_id is None
        for sought in (Sought("示范精细化工有限公司"), Sought("示范精化"), Sought("改名", None, CREDIT_CODE)):
            assert one(session, cast, sought) == double


def test_a_name_leads_on_through_two_mergers(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        second, third = (add(session, name, cast.town) for name in ("老王酒家", "王家酒楼"))
        merged(session, cast, second, cast.village_enterprise)
        merged(session, cast, third, second)
        assert one(session, cast, Sought("老王饭店")) == third
        with pytest.raises(UnknownOrganisation):
            merged(session, cast, third, second)


def test_two_enterprises_are_not_made_one(database: Engine) -> None:
    with write_session(database) as session:
        cast = populate(session, NOW)
        coded = add(session, "另一公司", cast.town, credit_code=OTHER_CREDIT_CODE)
        far = add_organisation(session, kind="district", name="邻区", parent_id=None, now=NOW)
        neighbour = add(session, "邻区公司", far.id)
        with pytest.raises(TwoEnterprises):
            merged(session, cast, cast.enterprise, coded)
        with pytest.raises(DifferentDistricts):
            merged(session, cast, cast.enterprise, neighbour)
        with pytest.raises(SameEnterprise):
            merged(session, cast, cast.enterprise, cast.enterprise)
        with pytest.raises(UnknownOrganisation):
            merged(session, cast, cast.enterprise, cast.town)
