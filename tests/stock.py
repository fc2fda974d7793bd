"""Databases that tests hand back: emptied and lent again, for making one takes ten times as long as most stories."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from tests.postgres import fresh_database

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
# What a test may change of a schema shows in one of these.
SCHEMA: LiteralString = """
SELECT
  (SELECT (count(*), sum(oid::bigint))::text FROM pg_constraint),
  (SELECT (count(*), sum(oid::bigint), string_agg(tgenabled::text, '' ORDER BY oid))::text FROM pg_trigger),
  (SELECT md5(string_agg(relname, ',' ORDER BY oid)) FROM pg_class),
  (SELECT md5(string_agg(attname || attnotnull, ',' ORDER BY attrelid, attnum))
   FROM pg_attribute WHERE attrelid >= 16384)
"""
PATIENCE = 100


@dataclass(frozen=True, slots=True)
class Lent:
    """One database as it was when it was made: what drops it, its schema, and the rows of each table."""

    url: str
    ending: ExitStack
    schema: object
    rows: Mapping[str, bytes]


@dataclass(slots=True)
class Stock:
    """Copies of one template on one server."""

    server: str
    template: str
    free: list[Lent] = field(default_factory=list)

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The URL of a database like the template, for one test."""
        lent = self.free.pop() if self.free else self._make()
        yield lent.url
        if as_it_was(lent):
            self.free.append(lent)
        else:
            lent.ending.close()

    def close(self) -> None:
        """Drop them all."""
        for lent in self.free:
            lent.ending.close()

    def _make(self) -> Lent:
        ending = ExitStack()
        url = ending.enter_context(fresh_database(self.server, template=self.template))
        with psycopg.connect(url) as run:
            tables = [name for (name,) in run.execute(TABLES)]
            return Lent(url, ending, run.execute(SCHEMA).fetchone(), {name: taken(run, name) for name in tables})


def taken(run: psycopg.Connection, table: str) -> bytes:
    """A table's rows as PostgreSQL copies them out."""
    with run.cursor() as cursor, cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as out:
        return b"".join(bytes(block) for block in out)


def as_it_was(lent: Lent) -> bool:
    """Put every row back; false where somebody is still connected or the schema is another: such a one is dropped."""
    with suppress(InsufficientPrivilege), psycopg.connect(lent.url) as run:
        if not alone(run) or run.execute(SCHEMA).fetchone() != lent.schema:
            return False
        # Neither foreign keys nor triggers look: histories are append-only, and tables come in no order.
        run.execute("SET session_replication_role = replica")
        for table, rows in lent.rows.items():
            run.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            if rows:
                with (
                    run.cursor() as cursor,
                    cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as into,
                ):
                    into.write(rows)
        run.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
        return True
    return False


def alone(run: psycopg.Connection) -> bool:
    """Whether nobody else is connected: who has just said good-bye may take a moment to go."""
    for _ in range(PATIENCE):
        if run.execute(OTHERS).fetchone() == (0,):
            return True
        run.rollback()
        time.sleep(0.01)
    return False
