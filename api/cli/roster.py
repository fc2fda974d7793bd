"""The list of people (人员名册) as the command line shows it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.queries.people import people_page
from models import Grant, Organisation, Person
from workflow.roles import LABELS, Role

# A bureau has hundreds.
MOST = 10_000
HEADINGS = ("登录名", "姓名", "机构", "停用时间", "岗位", "范围", "授岗编号")


def roster(session: Session) -> list[dict[str, Any]]:
    """Everybody, disabled people too, with the roles they hold."""
    people, grants = people_page(session, q="", org_id=None, after=None, limit=MOST)
    nodes = {grant.org_id for held in grants.values() for grant in held} | {person.org_id for person in people}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(nodes)))
    names = {row.id: row.name for row in rows}
    return [_line(person, grants.get(person.id, ()), names) for person in people]


def row(line: Mapping[str, Any]) -> Sequence[object]:
    """One person under `HEADINGS`, roles one below the other."""
    held = line["grants"]
    return (
        *(line[name] for name in ("login", "name", "org", "disabled_at")),
        "\n".join(LABELS[grant["role"]] for grant in held),
        "\n".join(f"{grant['at']}{'·' + grant['sector'] if grant['sector'] else ''}" for grant in held),
        "\n".join(grant["id"] for grant in held),
    )


def _line(person: Person, grants: Sequence[Grant], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "login": person.login,
        "name": person.name,
        "org": names[person.org_id],
        "disabled_at": person.disabled_at,
        "grants": [{"id": g.id, "role": Role(g.role), "at": names[g.org_id], "sector": g.sector} for g in grants],
    }
