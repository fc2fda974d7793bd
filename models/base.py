"""The one metadata of all tables, with names for constraints so that migrations can address them."""

from typing import Any

from sqlalchemy import MetaData, text
from sqlalchemy.orm import DeclarativeBase

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """Every table of ours."""

    metadata = metadata


def partial(condition: str) -> dict[str, Any]:
    """Index options that keep only the rows of `condition`, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
