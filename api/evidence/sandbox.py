"""The one door to the isolated child that decodes; its crash, hunger or stubbornness is a refusal, never ours."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from api.evidence.kinds import Kind
from api.evidence.outcomes import Outcome
from api.evidence.refusals import ActivePaper, CorruptPaper, CorruptPicture, EncryptedPaper, StoreFull, TooManyPixels
from workflow.refusals import Refusal

SECONDS = 30
_HOUSE = str(Path(__file__).resolve().parents[2])
# Isolated (-I) and with an empty environment: the child holds no secret it could give away.
_BOOT = "import sys; sys.path.append(sys.argv[1]); from api.evidence.decode import main; sys.exit(main(*sys.argv[2:]))"
# As many children at once as there are processors: each may take 600 MB for a moment.
_PLACES = threading.BoundedSemaphore(os.cpu_count() or 1)

REFUSALS: dict[int, tuple[type[Refusal], str]] = {
    Outcome.TOO_MANY_PIXELS: (TooManyPixels, "宽乘高不超过 {myriads} 万像素"),
    Outcome.UNWRITABLE: (StoreFull, "请管理员清理或扩充磁盘后重试"),
    Outcome.ENCRYPTED: (EncryptedPaper, "未设密码的文档"),
    Outcome.ACTIVE: (ActivePaper, "另存为不含脚本的文档，或上传照片"),
}


class ChildBroken(RuntimeError):
    """The child's interpreter did not start: a fault of the installation, not of the file."""


def examine(folder: Path, kind: Kind, *, pixel_limit: int) -> dict[str, Any]:
    """Have `folder`/original looked at in a child; its report, and for pictures `folder`/copy; refuses by name."""
    status = _run(folder, kind.plugin or "", pixel_limit)
    if status == Outcome.DONE:
        report: dict[str, Any] = json.loads((folder / "report").read_text(encoding="utf-8"))
        return report
    if status in (1, 2):
        raise ChildBroken(f"exit status {status}")
    corrupt = (CorruptPicture, "可以正常打开的照片") if kind.plugin else (CorruptPaper, "可以正常打开的文档")
    refusal, right = REFUSALS.get(status, corrupt)
    raise refusal(field="file", right=right.format(myriads=pixel_limit // 10_000))


def _run(folder: Path, plugin: str, pixel_limit: int) -> int:
    # The child stands in the folder: a path that is seen from where we stand would lead nowhere there.
    command = [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, _HOUSE, ".", plugin, str(pixel_limit)]
    quiet = subprocess.DEVNULL
    with _PLACES:
        try:
            return subprocess.run(
                command, stdin=quiet, stdout=quiet, stderr=quiet, env={}, cwd=folder, timeout=SECONDS, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            return Outcome.CORRUPT
