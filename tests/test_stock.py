"""What one story leaves in a database that is lent again, the next one never finds."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from tests.stock import Stock


@pytest.fixture
def stock(postgres: str, postgresql_populated: Stock) -> Iterator[Stock]:
    with closing(Stock(postgres, postgresql_populated.template)) as own:
        yield own


def names(url: str) -> list[str]:
    with psycopg.connect(url) as run:
        return [name for (name,) in run.execute("SELECT name FROM organisations ORDER BY id")]


def test_rows_that_were_added_changed_or_deleted_are_as_before(stock: Stock) -> None:
    with stock.lend() as url:
        before = names(url)
        with psycopg.connect(url) as run:
            run.execute("UPDATE organisations SET name = '别的' WHERE kind = 'town'")
            run.execute("DELETE FROM grants")
            run.execute("INSERT INTO directory_version (id, version) VALUES (1, 99) ON CONFLICT DO NOTHING")
            run.execute("SELECT nextval('case_numbers'), nextval('case_numbers')")
    with stock.lend() as again, psycopg.connect(again) as run:
        assert again == url
        assert names(again) == before
        assert run.execute("SELECT count(*) > 0 FROM grants").fetchone() == (True,)
        assert run.execute("SELECT nextval('case_numbers')").fetchone() == (1,)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE holiday_notices RENAME TO holidays_elsewhere",
        "ALTER TABLE people RENAME COLUMN name TO called",
        "ALTER TABLE people ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE events DROP CONSTRAINT pk_events",
        "CREATE TABLE more (n integer)",
    ],
)
def test_a_database_with_another_schema_is_not_lent_again(stock: Stock, change: str) -> None:
    with stock.lend() as url, psycopg.connect(url) as run:
        run.execute(change)  # type: ignore[call-overload]  # psycopg wants SQL that is written here; it is
    with stock.lend() as other:
        assert other != url


def test_a_database_that_somebody_still_uses_is_not_lent_again(stock: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.stock.PATIENCE", 2)
    with stock.lend() as url:
        stays = psycopg.connect(url)
    with stock.lend() as other:
        assert other != url
    stays.close()
