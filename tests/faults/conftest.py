"""Servers that may be killed, and a line for what was seen: ``figures("killed 20 times: …")``."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.machines import House, Machines, house


@pytest.fixture(scope="session")
def machines() -> Iterator[Machines]:
    """A PostgreSQL and a Redis of our own, for all fault tests."""
    home = Path(tempfile.mkdtemp(prefix="hubs-faults-"))
    home.chmod(0o711)
    made = Machines(home)
    yield made
    made.end()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def installation(machines: Machines) -> Iterator[House]:
    """One installation with a council, and a far side for its messages."""
    with house(machines) as made:
        yield made


@pytest.fixture
def figures(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Print one line with what was seen."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {request.node.name.removeprefix('test_')}: {line}", flush=True)

    return say
