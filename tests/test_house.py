"""The house itself: its names are its own, its versions pinned, its wheel complete, its pages free of this machine."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOUSE = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
ROOMS = {"models", "workflow", "notifications", "ledger", "api"}
PIN = re.compile(r"([a-z0-9-]+)==[0-9][0-9a-z.]*( ; [A-Za-z_0-9'.=!<>\- ]+)?")
# Paths of one machine and hosts of package registries, written so that this file is no find of its own.
TRACES = re.compile(r"/[w]ork/|/[t]mp/v/|/[h]ome/[a-z]|/[r]oot/|pypi[.]|[p]ythonhosted")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, text=True, timeout=30)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [HOUSE / name for name in listed.stdout.split("\0") if name and (HOUSE / name).is_file()]


def pinned() -> set[str]:
    return {line.split("==")[0] for line in (HOUSE / "constraints.txt").read_text().splitlines()}


def needed(requirement: Requirement, seen: set[tuple[str, frozenset[str]]]) -> set[str]:
    """Return the names of all that `requirement` brings to this machine, `seen` ones already followed."""
    name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras | {""})
    if (name, extras) in seen:
        return {name}
    seen.add((name, extras))
    inner = [Requirement(line) for line in requires(name) or ()]
    wanted = [r for r in inner if r.marker is None or any(r.marker.evaluate({"extra": extra}) for extra in extras)]
    return {name}.union(*(needed(r, seen) for r in wanted))


def test_no_dependency_claims_the_name_of_a_room() -> None:
    claims = {room: set(packages_distributions().get(room, ())) - {"hazardloop"} for room in ROOMS}

    assert claims == {room: set() for room in ROOMS}


def test_the_migrations_do_not_hide_the_library_they_are_written_for() -> None:
    import alembic

    assert not (HOUSE / "alembic" / "__init__.py").exists()
    assert Path(alembic.__file__).parent != HOUSE / "alembic"


def test_everything_that_is_installed_is_pinned() -> None:
    lines = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    direct = [r for r in map(Requirement, lines) if r.marker is None or r.marker.evaluate()]
    brought = set[str]().union(*(needed(r, set()) for r in direct))

    assert len(brought) > len(direct)
    assert brought - pinned() == set()


def test_a_pin_is_a_name_and_a_version_and_no_host() -> None:
    lines = (HOUSE / "constraints.txt").read_text().splitlines()

    assert [line for line in lines if not PIN.fullmatch(line)] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    found = {}
    for path in tracked():
        if hit := TRACES.search(path.read_text(encoding="utf-8", errors="ignore")):
            found[str(path.relative_to(HOUSE))] = hit.group()

    assert found == {}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel a user would install."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=HOUSE, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_all_rooms_the_migrations_and_the_profiles(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())

    assert {name.split("/")[0] for name in inside} - {"hazardloop-0.1.0.dist-info"} == ROOMS
    assert {"models/migrations/env.py", "models/migrations/script.py.mako"} <= inside
    assert {f"workflow/profiles/{path.name}" for path in (HOUSE / "profiles").glob("*.toml")} <= inside
    assert {f"models/migrations/versions/{path.name}" for path in (HOUSE / "alembic/versions").glob("*.py")} <= inside
    assert not [name for name in inside if name.endswith(".pyc")]


def test_an_installed_wheel_makes_its_tables_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    script = (
        "from models import migrate; from models.database import engine; e = engine('sqlite:///a.db');"
        "migrate.upgrade(e); assert migrate.current(e) == migrate.head() is not None; assert not migrate.check(e);"
        "print(migrate.SCRIPTS)"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (ran.stderr, ran.stdout.strip()) == ("", str(site / "models" / "migrations"))
