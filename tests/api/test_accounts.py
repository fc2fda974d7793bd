"""Nobody comes in but by a secret of their own, and nobody learns from the door who has an account."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from unittest.mock import Mock, call

import pytest
from sqlalchemy import Engine, event, select, update

from api import accounts
from api.accounts.refusals import TokenLife
from api.secrets import AT_ONCE, HASHER, NOBODY, digest, hash_password, new_secret, password_matches
from models import Credential, Organisation, Person
from models.database import pools, read_session, write_session
from tests.people import Cast, populate
from workflow import people
from workflow.places import add_organisation
from workflow.refusals import Refusal, UnknownPerson
from workflow.roles import Role

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")
PASSWORD = "correct horse battery"
PATIENCE = 60
SET_UP = {
    "district_name": "示范区",
    "district_code": "330199",
    "login": "chen",
    "name": "陈管理",
    "password": PASSWORD,
    "now": NOW,
}


def cast_of(database: Engine) -> Cast:
    with write_session(database) as session:
        return populate(session, NOW)


def enrolled(database: Engine) -> Cast:
    """The cast, of whom the inspector has a password."""
    cast = cast_of(database)
    accounts.choose_password(database, accounts.invite(database, cast.inspector.id, NOW), PASSWORD, NOW)
    return cast


def fails(database: Engine, login: str, password: str, now: datetime = NOW) -> str:
    with pytest.raises(accounts.LogInFailed) as refusal:
        accounts.log_in(database, login, password, now)
    return str(refusal.value)


# The first link


def test_the_first_link_makes_a_house_with_an_administrator_once(database: Engine) -> None:
    secret = accounts.first_link(database, NOW)
    assert secret is not None
    person_id = accounts.set_up(database, secret, **SET_UP)
    assert accounts.log_in(database, "Chen", PASSWORD, NOW)[1] == person_id
    with read_session(database) as session:
        admin = people.actor_of(session, person_id)
        district = session.scalars(select(Organisation).where(Organisation.code == "330199")).one()
        assert [(held.role, held.org_id) for held in admin.held] == [(Role.ADMINISTRATOR, district.id)]
        assert session.get_one(Organisation, admin.org_id).name == "示范区应急管理局"
    assert accounts.first_link(database, NOW) is None
    with pytest.raises(accounts.LinkSpent):
        accounts.set_up(database, secret, **SET_UP)


def test_a_new_first_link_voids_the_one_before(database: Engine) -> None:
    old, new = accounts.first_link(database, NOW), accounts.first_link(database, NOW)
    with pytest.raises(accounts.LinkSpent):
        accounts.set_up(database, old or "", **SET_UP)
    assert accounts.set_up(database, new or "", **SET_UP)


def test_a_refused_set_up_leaves_nothing_behind_and_the_link_good(database: Engine) -> None:
    secret = accounts.first_link(database, NOW) or ""
    refused: list[dict[str, str]] = [{"password": "weak"}, {"district_name": " "}, {"login": "two words"}]
    for wrong in refused:
        with pytest.raises(Refusal):
            accounts.set_up(database, secret, **{**SET_UP, **wrong})
    with read_session(database) as session:
        assert session.scalars(select(Organisation)).all() == []
    assert accounts.set_up(database, secret, **SET_UP)


def test_of_many_who_use_the_first_link_at_once_one_becomes_administrator(database: Engine) -> None:
    secret = accounts.first_link(database, NOW) or ""

    def attempt(n: int) -> bool:
        try:
            accounts.set_up(database, secret, **{**SET_UP, "login": f"chen{n}", "district_code": str(n)})
        except accounts.LinkSpent:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1
    with read_session(database) as session:
        assert len(session.scalars(select(Person)).all()) == 1


def test_a_link_dies_after_a_day(database: Engine) -> None:
    secret = accounts.first_link(database, NOW) or ""
    with pytest.raises(accounts.LinkSpent):
        accounts.set_up(database, secret, **{**SET_UP, "now": NOW + timedelta(hours=24)})


# Links for a password


def test_an_invitation_is_good_once_and_only_the_newest(database: Engine) -> None:
    cast = cast_of(database)
    old, new = (accounts.invite(database, cast.inspector.id, NOW) for _ in range(2))
    assert accounts.choose_password(database, new, PASSWORD, NOW) == cast.inspector.id
    for spent in (old, new, new_secret(), "hl_", ""):
        with pytest.raises(accounts.LinkSpent):
            accounts.choose_password(database, spent, PASSWORD, NOW)


def test_a_new_password_ends_what_the_old_one_opened(database: Engine) -> None:
    cast = enrolled(database)
    session_secret, _ = accounts.log_in(database, "inspector", PASSWORD, NOW)
    accounts.choose_password(database, accounts.invite(database, cast.inspector.id, NOW), "another long phrase", NOW)
    assert accounts.actor_for(database, session_secret, NOW) is None
    fails(database, "inspector", PASSWORD)
    assert accounts.log_in(database, "inspector", "another long phrase", NOW)


def test_a_password_link_sets_up_no_house_and_opens_no_door(database: Engine) -> None:
    cast = cast_of(database)
    link = accounts.invite(database, cast.inspector.id, NOW)
    with pytest.raises(accounts.LinkSpent):
        accounts.set_up(database, link, **SET_UP)
    assert accounts.actor_for(database, link, NOW) is None
    accounts.choose_password(database, link, PASSWORD, NOW)
    assert accounts.actor_for(database, link, NOW) is None


def test_a_password_link_is_worth_nothing_where_no_house_is(database: Engine) -> None:
    secret = accounts.first_link(database, NOW) or ""
    with pytest.raises(accounts.LinkSpent):
        accounts.choose_password(database, secret, PASSWORD, NOW)
    assert accounts.set_up(database, secret, **SET_UP)
    with read_session(database) as session:
        assert session.get_one(Credential, digest(secret)).used_at == NOW


def test_whoever_came_in_another_way_makes_the_first_link_worthless(database: Engine) -> None:
    secret = accounts.first_link(database, NOW) or ""
    cast_of(database)
    with pytest.raises(accounts.LinkSpent):
        accounts.set_up(database, secret, **{**SET_UP, "district_code": "330198", "login": "intruder"})


@pytest.mark.parametrize(
    "password",
    [
        "",
        "Ab1!xyz",
        "onlyletters",
        "inspector2026",
        "ＩＮＳＰＥＣＴＯＲ ２０２６",
        "P@ssw0rd",
        "password1234",
        "1" * 20,
        "xYz1!" * 100,
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(sqlite_database: Engine, password: str) -> None:
    cast = cast_of(sqlite_database)
    link = accounts.invite(sqlite_database, cast.inspector.id, NOW)
    with pytest.raises(accounts.WeakPassword) as refusal:
        accounts.choose_password(sqlite_database, link, password, NOW)
    assert refusal.value.right
    assert accounts.choose_password(sqlite_database, link, PASSWORD, NOW)


@pytest.mark.parametrize("password", ["Ab1xyzwv", "密码要长abc1", "long enough phrase", "一二三四五六七八九十甲乙"])
def test_long_or_mixed_is_good_enough(password: str) -> None:
    accounts.check_password(password, login="inspector")


# Logging in


def test_the_right_password_opens_a_session_of_ones_own(database: Engine) -> None:
    cast = enrolled(database)
    secret, person_id = accounts.log_in(database, " Inspector ", PASSWORD, NOW)
    assert person_id == cast.inspector.id
    assert accounts.actor_for(database, secret, NOW) == cast.inspector
    assert accounts.actor_for(database, secret[:-1], NOW) is None
    accounts.log_out(database, secret, NOW)
    assert accounts.actor_for(database, secret, NOW) is None


def test_the_database_keeps_no_secret(database: Engine) -> None:
    enrolled(database)
    secret, _ = accounts.log_in(database, "inspector", PASSWORD, NOW)
    with read_session(database) as session:
        kept = session.scalars(select(Credential.hash)).all()
        assert digest(secret) in kept
        assert secret not in kept


def test_nobody_learns_from_the_door_who_has_an_account(database: Engine) -> None:
    cast = enrolled(database)
    with write_session(database) as session:
        people.disable_person(session, cast.duty_officer.id, now=NOW)
    texts = {fails(database, login, "wrong password!") for login in ("inspector", "nobody", "leader", "duty_officer")}
    assert len(texts) == 1


def test_an_unknown_login_is_hashed_as_a_known_one_and_takes_as_long(
    sqlite_database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = enrolled(sqlite_database)
    hasher = Mock(wraps=HASHER)
    monkeypatch.setattr("api.secrets.HASHER", hasher)
    with read_session(sqlite_database) as session:
        known = session.get_one(Person, cast.inspector.id).password_hash

    for login in ("inspector", "nobody"):
        fails(sqlite_database, login, "wrong password!")

    assert hasher.verify.call_args_list == [call(b"wrong password!", hash_) for hash_ in (known, NOBODY)]
    assert not HASHER.check_needs_rehash(NOBODY)


def test_five_wrong_in_a_row_lock_even_the_right_one_out_for_a_quarter_of_an_hour(database: Engine) -> None:
    enrolled(database)
    for _ in range(5):
        fails(database, "inspector", "wrong password!")
    fails(database, "inspector", PASSWORD, NOW + timedelta(minutes=14, seconds=59))
    assert accounts.log_in(database, "inspector", PASSWORD, NOW + timedelta(minutes=15))


def test_a_right_one_forgives_four_wrong(database: Engine) -> None:
    enrolled(database)
    for _ in range(2):
        for _ in range(4):
            fails(database, "inspector", "wrong password!")
        assert accounts.log_in(database, "inspector", PASSWORD, NOW)


def test_an_invitation_unlocks(database: Engine) -> None:
    cast = enrolled(database)
    for _ in range(5):
        fails(database, "inspector", "wrong password!")
    accounts.choose_password(database, accounts.invite(database, cast.inspector.id, NOW), PASSWORD, NOW)
    assert accounts.log_in(database, "inspector", PASSWORD, NOW)


def test_guessing_in_parallel_buys_no_more_than_five_guesses(database: Engine) -> None:
    enrolled(database)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: fails(database, "inspector", f"wrong password {n}"), range(8)))
    fails(database, "inspector", PASSWORD)


def test_a_password_changed_while_the_old_one_is_checked_lets_nobody_in(database: Engine) -> None:
    cast = enrolled(database)
    changed = hash_password("another long phrase")
    known_hash_read = threading.Event()
    for pool in pools(database):
        event.listen(pool, "checkin", lambda *_: known_hash_read.set())
    with ThreadPoolExecutor(1) as pool:
        with four_hashes():
            slow = pool.submit(fails, database, "inspector", PASSWORD)
            assert known_hash_read.wait(PATIENCE)
            with write_session(database) as session:
                session.execute(update(Person).where(Person.id == cast.inspector.id).values(password_hash=changed))
        assert slow.result(PATIENCE)


@contextmanager
def four_hashes() -> Iterator[None]:
    """All places for hashing taken."""
    with ExitStack() as places:
        for _ in range(4):
            places.enter_context(AT_ONCE)
        yield


def test_no_more_than_four_hashes_are_made_at_once() -> None:
    # Each takes 64 MiB; with all four places taken, the next waits.
    done = threading.Event()

    def fifth() -> None:
        password_matches("any", None)
        done.set()

    thread = threading.Thread(target=fifth)
    with four_hashes():
        thread.start()
        assert not done.wait(0.5)
    assert done.wait(PATIENCE)
    thread.join()


# Coming back


def test_half_an_hour_of_idleness_ends_a_session_and_use_keeps_it(database: Engine) -> None:
    enrolled(database)
    kept, idle = (accounts.log_in(database, "inspector", PASSWORD, NOW)[0] for _ in range(2))
    assert accounts.actor_for(database, kept, NOW + timedelta(minutes=29))
    assert accounts.actor_for(database, kept, NOW + timedelta(minutes=58))
    assert accounts.actor_for(database, idle, NOW + timedelta(minutes=30)) is None


def test_twelve_hours_end_a_session_however_busy(database: Engine) -> None:
    enrolled(database)
    secret, _ = accounts.log_in(database, "inspector", PASSWORD, NOW)
    for minutes in range(20, 12 * 60, 20):
        assert accounts.actor_for(database, secret, NOW + timedelta(minutes=minutes))
    assert accounts.actor_for(database, secret, NOW + timedelta(hours=12)) is None


def test_use_is_noted_once_a_minute(database: Engine) -> None:
    cast = enrolled(database)
    token = accounts.issue_token(database, cast.inspector.id, "导出", now=NOW)
    written: list[str] = []
    for pool in pools(database):
        event.listen(pool, "before_cursor_execute", lambda *said: written.append(said[2].split()[0]))

    def used_after(seconds: int) -> datetime | None:
        assert accounts.actor_for(database, token, NOW + timedelta(seconds=seconds))
        return accounts.tokens_of(database, cast.inspector.id, NOW)[0].used_at

    assert [used_after(s) for s in (0, 59, 60)] == [NOW, NOW, NOW + timedelta(seconds=60)]
    assert written.count("UPDATE") == 2


def test_a_locked_database_turns_nobody_away_and_keeps_nobody_waiting(
    sqlite_database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = enrolled(sqlite_database)
    token = accounts.issue_token(sqlite_database, cast.inspector.id, "导出", now=NOW)
    # Who waits waits for ever.
    monkeypatch.setattr("models.database.BUSY_SECONDS", 10 * PATIENCE)
    with ThreadPoolExecutor(1) as pool, write_session(sqlite_database) as session:
        session.execute(update(Person).values(phone=None))
        asked = pool.submit(accounts.actor_for, sqlite_database, token, NOW)
        assert asked.result(PATIENCE) == cast.inspector

    assert accounts.actor_for(sqlite_database, token, NOW) == cast.inspector
    assert accounts.tokens_of(sqlite_database, cast.inspector.id, NOW)[0].used_at == NOW


def test_a_revoked_role_is_gone_at_the_next_request(database: Engine) -> None:
    cast = enrolled(database)
    secret, _ = accounts.log_in(database, "inspector", PASSWORD, NOW)
    with write_session(database) as session:
        people.grant(session, person_id=cast.inspector.id, role=Role.LEADER, org_id=cast.town, now=NOW)
    actor = accounts.actor_for(database, secret, NOW)
    assert actor is not None
    assert actor.holds(Role.LEADER)
    with write_session(database) as session:
        people.disable_person(session, cast.inspector.id, now=NOW)
    assert accounts.actor_for(database, secret, NOW) is None


@pytest.mark.parametrize("secret", ["", "hl_", "hl_\x00", "hl_\ud800", "Bearer x", "hl_" + "x" * 100_000])
def test_nonsense_opens_nothing(sqlite_database: Engine, secret: str) -> None:
    assert accounts.actor_for(sqlite_database, secret, NOW) is None


# Tokens


def test_a_token_lives_as_long_as_was_said_and_ends_when_revoked(database: Engine) -> None:
    cast = cast_of(database)
    long, short = (accounts.issue_token(database, cast.admin.id, f"{d} 天", now=NOW, days=d) for d in (30, 1))
    assert long.startswith("hl_")
    assert len(long) >= 3 + 43
    day = NOW + timedelta(days=1)
    assert accounts.actor_for(database, long, day) == cast.admin
    assert accounts.actor_for(database, short, day) is None
    (line,) = accounts.tokens_of(database, cast.admin.id, day)
    assert line.name == "30 天"
    with pytest.raises(accounts.UnknownToken):
        accounts.revoke_token(database, line.id, person_id=cast.leader.id, now=day)
    accounts.revoke_token(database, line.id, person_id=cast.admin.id, now=day)
    assert accounts.actor_for(database, long, day) is None
    assert accounts.tokens_of(database, cast.admin.id, day) == ()


def test_tokens_are_neither_for_ever_nor_for_nobody(database: Engine) -> None:
    cast = cast_of(database)
    for days in (0, -1, 367):
        with pytest.raises(TokenLife):
            accounts.issue_token(database, cast.admin.id, "导出", now=NOW, days=days)
    with pytest.raises(UnknownPerson):
        accounts.issue_token(database, "nobody", "导出", now=NOW)
    with pytest.raises(UnknownPerson):
        accounts.invite(database, "nobody", NOW)


def test_the_set_up_names_the_district_that_an_import_made_before_anybody_was_there(database: Engine) -> None:
    with write_session(database) as session:
        found = add_organisation(
            session, kind="district", name="本区县（待确认）", parent_id=None, now=NOW, unconfirmed=True
        ).id
    accounts.set_up(database, accounts.first_link(database, NOW) or "", **SET_UP)
    with read_session(database) as session:
        known = session.scalars(select(Organisation).where(Organisation.kind == "district")).one()
        assert (known.id, known.name, known.code, known.unconfirmed) == (found, "示范区", "330199", False)
