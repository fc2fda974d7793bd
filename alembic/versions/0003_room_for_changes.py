"""room for changes.

A case is rewritten at every move and escalation, its promises at most of them. Where the new row finds room on the old
one's page and no indexed column changed, PostgreSQL touches none of the table's indexes, of which cases have fifteen:
an escalation's change of its case takes a third of the time.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FILLED = {"cases": 60, "deadlines": 70}


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        for table, percent in FILLED.items():
            op.execute(f"ALTER TABLE {table} SET (fillfactor = {percent})")


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        for table in FILLED:
            op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
