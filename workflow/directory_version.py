"""The one door that counts the directory's version up, so that every process reads its directory anew."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import DirectoryVersion


def count_up(session: Session) -> None:
    """Say that people, grants, channels or the tree have changed; other changes wait here until this one is through."""
    counted = session.execute(
        update(DirectoryVersion)
        .where(DirectoryVersion.id == 1)
        .values(version=DirectoryVersion.version + 1)
        .returning(DirectoryVersion.version)
        .execution_options(synchronize_session=False)
    ).all()
    if not counted:
        session.add(DirectoryVersion(id=1, version=1))
        session.flush()
