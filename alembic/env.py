"""Runs the migrations on the connection models.migrate hands over, or on the database named with `-x url=...`."""

from alembic import context
from sqlalchemy import Connection

from models import metadata
from models.database import engine
from models.migrate import OPTIONS, connect


def run(connection: Connection) -> None:
    """Run what the command asks for, inside the transaction already open on the connection."""
    context.configure(connection=connection, target_metadata=metadata, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with connect(engine(context.get_x_argument(as_dictionary=True)["url"])) as opened:
        run(opened)
