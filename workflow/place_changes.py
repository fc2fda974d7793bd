"""Changes what is written of a node of the tree: name, codes, particulars; where it stands is `relocation.move`."""

from typing import Unpack

from sqlalchemy.orm import Session

from models import Organisation
from workflow.directory_version import count_up
from workflow.places import Details, checked, held, refuse_duplicate, refuse_taken
from workflow.texts import required


def change(
    session: Session, organisation_id: str, *, name: str | None = None, **details: Unpack[Details]
) -> Organisation:
    """Change what is given and leave the rest; an empty text or none clears a particular.

    Refuses a name or code in use and values that are out of form.
    """
    node = held(session, organisation_id)
    called = node.name if name is None else required(name, field="name")
    given = {field: value or "" for field, value in details.items()}
    known = checked(node.kind, called, given)  # type: ignore[arg-type]  # the same fields, none of them none
    fresh = {field: value for field, value in known.items() if value != getattr(node, field)}
    if "name" in fresh:
        refuse_duplicate(session, node.kind, called, node.parent_id)
    refuse_taken(session, fresh)
    for field, value in fresh.items():
        setattr(node, field, value)
    session.flush()
    if node.kind != "enterprise":
        count_up(session)
    return node
