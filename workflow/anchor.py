"""The anchor (锚定): once a day the heads of all chains leave the database in one signed file and in messages.

Together with `verify` it proves that nothing before the anchor was cut off or rewritten, not even by whoever owns the
database: the chain leads back from the anchored hash to the first line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Anchor, Case, Channel, Event, Grant, Person
from models.ids import new_id
from workflow.anchor_file import Head, read_heads, trusted, write_heads
from workflow.announcing import Announcement, announce
from workflow.arithmetic import SHANGHAI
from workflow.roles import Role

PAGE = 5000
COMPARED = 500

# fmt: off
WHY: Mapping[str, str] = {
    "signature": "锚定文件的摘要或签名不符，文件被改过，或者不是用这把密钥签的",
    "vanished":  "锚定时有的事项，现在没有了",
    "cut":       "流转记录比锚定时短，末尾被截去",
    "rewritten": "锚定时的末条流转记录已被改写",
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was anchored: `why` is a key of `WHY`, `seq` the anchored one; no case: the file."""

    why: str
    case_id: str | None = None
    number: str | None = None
    seq: int | None = None

    @property
    def message(self) -> str:
        """The Chinese sentence for the report."""
        return WHY[self.why]


def make_anchor(session: Session, directory: Path, *, key: bytes, now: datetime) -> Anchor:
    """Anchor all chain heads in `directory` and tell every channel and administrator; the day's anchor if there is one.

    `key` is an Ed25519 private key of 32 bytes. The file is in place before the caller commits.
    """
    local = now.astimezone(SHANGHAI)
    day, name = local.date().isoformat(), f"anchor-{local.date()}.jsonl"
    if (made := session.get(Anchor, day)) is not None:
        return made
    directory.mkdir(parents=True, exist_ok=True)
    part = directory / f".{name}.{new_id(now)}"
    try:
        seal = write_heads(part, _heads(session), day=day, at=local.isoformat(), key=key)
        anchor = Anchor(
            day=day, at=now, cases=seal.cases, digest=seal.digest, signature=seal.signature, name=name
        )  # fmt: skip
        if not _keep(session, anchor):
            return session.get_one(Anchor, day)
        part.replace(directory / name)
    finally:
        part.unlink(missing_ok=True)
    _tell(session, anchor)
    return anchor


def check_anchor(session: Session, path: Path, public_key: bytes) -> tuple[Finding, ...]:
    """Everything that is no longer as the file says; raises NotAnAnchor. `verify` proves what lies before each head."""
    if not trusted(path, public_key):
        return (Finding("signature"),)
    return tuple(found for heads in read_heads(path, page=COMPARED) for found in _compare(session, heads))


def _heads(session: Session) -> Iterator[Head]:
    last = ""
    while rows := session.execute(_HEADS.where(Case.id > last)).all():
        yield from (Head(row.id, row.seq, row.head) for row in rows)
        last = rows[-1].id


_HEADS = select(Case.id, Case.seq, Case.head).order_by(Case.id).limit(PAGE)


def _keep(session: Session, anchor: Anchor) -> bool:
    """Add the row; false where another worker was faster today."""
    try:
        with session.begin_nested():
            session.add(anchor)
    except IntegrityError:
        return False
    return True


def _compare(session: Session, heads: Sequence[Head]) -> Iterator[Finding]:
    ids = [head.case for head in heads]
    cases = {row.id: row for row in session.execute(select(Case.id, Case.number, Case.seq).where(Case.id.in_(ids)))}
    places = tuple_(Event.case_id, Event.seq).in_([(head.case, head.seq) for head in heads])
    hashes = {row.case_id: row.hash for row in session.execute(select(Event.case_id, Event.hash).where(places))}
    for head in heads:
        case, found = cases.get(head.case), hashes.get(head.case)
        if case is None:
            yield Finding("vanished", head.case, seq=head.seq)
        elif found is None or case.seq < head.seq:
            yield Finding("cut", case.id, case.number, head.seq)
        elif found != head.hash:
            yield Finding("rewritten", case.id, case.number, head.seq)


def _tell(session: Session, anchor: Anchor) -> None:
    """The digest goes where nobody can take it back."""
    channels = session.scalars(select(Channel.id).where(Channel.disabled_at.is_(None)).order_by(Channel.id)).all()
    people = session.scalars(_ADMINISTRATORS).all()
    announce(
        session, _announcement(anchor), people=people, channels=channels, instead=Role.ADMINISTRATOR, now=anchor.at
    )


_ADMINISTRATORS = (
    select(Person.id)
    .join(Grant, Grant.person_id == Person.id)
    .where(Grant.role == Role.ADMINISTRATOR, Grant.revoked_at.is_(None), Person.disabled_at.is_(None))
    .distinct()
    .order_by(Person.id)
)


def _announcement(anchor: Anchor) -> Announcement:
    text = f"{anchor.day} 共 {anchor.cases} 件事项的流转记录已锚定。\n摘要：{anchor.digest}\n文件：{anchor.name}"
    data = {"day": anchor.day, "cases": anchor.cases, "digest": anchor.digest}
    return Announcement("anchor", f"流转记录每日锚定 {anchor.day}", text, data)
