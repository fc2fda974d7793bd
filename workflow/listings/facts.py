"""Facts about listings that guards ask for: notice numbers in use, and under which levels hazards stand already."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Link, Listing, Organisation
from models.database import only_reads

OVER = ("closed", "voided")


class Covered(NamedTuple):
    """A hazard under a listing as acceptance looks at it."""

    number: str
    state: str


def notice_taken(session: Session, number: str | None) -> bool:
    """Whether the number of a notice (督办通知书文号) is in use; nobody takes it before this transaction ends."""
    if not number:
        return False
    if not only_reads(session):
        # Two who take one number at once have no row in common but this; it is of the tree, not of a case.
        session.execute(select(Organisation.id).order_by(Organisation.id).limit(1).with_for_update(key_share=True))
    return session.scalar(select(Listing.case_id).where(Listing.notice_number == number)) is not None


def hazards_of(session: Session, listing_id: str, *, kind: str) -> frozenset[str]:
    """The hazards tied to a listing: `covers`, or `uncovered` for what was taken out again."""
    return frozenset(session.scalars(select(Link.to_id).where(Link.from_id == listing_id, Link.kind == kind)))


def levels_over(session: Session, hazards: Collection[str], *, besides: str | None = None) -> frozenset[str]:
    """The levels of the live listings that cover any of the hazards, `besides` one; locks the hazards against more."""
    if not only_reads(session):
        session.execute(select(Case.id).where(Case.id.in_(hazards)).order_by(Case.id).with_for_update())
    over = select(Case.level).join(Link, Link.from_id == Case.id).where(Link.to_id.in_(hazards), Link.kind == "covers")
    live = over.where(Case.workflow == "listing", Case.state.not_in(OVER), Case.id != (besides or ""))
    return frozenset(session.scalars(live))
