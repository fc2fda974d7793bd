"""Migrations: there and back on both databases, and nothing half done."""

import pytest
from sqlalchemy import Engine, inspect

from models import metadata, migrate
from models.database import engine


def tables(database: Engine) -> set[str]:
    return set(inspect(database).get_table_names()) - {"alembic_version"}


def test_the_newest_revision_is_exactly_the_tables_the_code_knows(database: Engine) -> None:
    assert migrate.current(database) == migrate.head() is not None
    assert migrate.check(database) == ()
    assert tables(database) == set(metadata.tables)


def test_there_and_back_leaves_nothing_behind(empty_database: Engine) -> None:
    migrate.upgrade(empty_database)
    migrate.downgrade(empty_database)

    assert (tables(empty_database), migrate.current(empty_database)) == (set(), None)


def test_migrating_again_changes_nothing(database: Engine) -> None:
    migrate.upgrade(database)

    assert migrate.check(database) == ()


def test_a_missing_table_does_not_pass_the_check(database: Engine) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE holiday_notices RENAME TO holidays_elsewhere")

    assert migrate.check(database) != ()


def test_a_migration_that_breaks_off_changes_nothing(empty_database: Engine) -> None:
    with pytest.raises(ZeroDivisionError), migrate.connect(empty_database) as connection:
        connection.exec_driver_sql("CREATE TABLE half (n integer)")
        raise ZeroDivisionError

    assert tables(empty_database) == set()


def test_a_migration_that_orphans_rows_is_refused_on_sqlite(empty_sqlite_url: str) -> None:
    database = engine(empty_sqlite_url)
    with migrate.connect(database) as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id integer PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (parent_id integer REFERENCES parent)")

    with pytest.raises(migrate.OrphanedRows), migrate.connect(database) as connection:
        connection.exec_driver_sql("INSERT INTO child VALUES (1)")

    with database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar_one() == 0
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    database.dispose()


def test_cases_leave_room_on_their_pages_for_what_changes(postgresql_database: Engine) -> None:
    with postgresql_database.connect() as connection:
        options = connection.exec_driver_sql(
            "SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r' ORDER BY relname"
        )
        assert options.all() == [("cases", ["fillfactor=45"]), ("deadlines", ["fillfactor=45"])]
