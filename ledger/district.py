"""Into which district (区县) a ledger is taken: the only one there is, or the one that was named."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.matching import Unknown
from ledger.refusals import LedgerRefused
from models import Organisation
from workflow.places import add_organisation
from workflow.refusals import UnknownOrganisation


class NoDistrict(LedgerRefused):
    """机构树中还没有区县，台账无处导入。"""


class WhichDistrict(LedgerRefused):
    """机构树中有几个区县，须写明导入哪一个。"""


UNNAMED = "本区县（待确认）"


def receiving_or_new(session: Session, district_id: str | None, *, unknown: Unknown, now: datetime) -> str:
    """The same, but an empty tree gets a district yet to be confirmed, which the first set-up then names.

    So that a ledger can be looked at before anybody is registered; not where unknown places are refused.
    """
    nothing = not session.scalar(select(Organisation.id).where(Organisation.kind == "district").limit(1))
    if nothing and district_id is None and unknown == "create":
        return add_organisation(session, kind="district", name=UNNAMED, parent_id=None, now=now, unconfirmed=True).id
    return receiving(session, district_id)


def receiving(session: Session, district_id: str | None) -> str:
    """The id of the district that takes the ledger in; refuses by name none, an unknown one, or several unnamed."""
    rows = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.kind == "district").order_by(Organisation.name)
    )
    known = {row.id: row.name for row in rows}
    if not known:
        raise NoDistrict(field="district_id", right="先登记本区县（组织机构中的区县），再导入")
    if district_id is not None and district_id not in known:
        raise UnknownOrganisation(field="district_id", right="一个已登记的区县")
    if district_id is None and len(known) > 1:
        raise WhichDistrict(field="district_id", right="、".join(f"{name}（{id_}）" for id_, name in known.items()))
    return district_id or next(iter(known))
