"""Programs that run beside this one, each with a log of its own, and that end with it."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 10.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Child:
    """A program that this one has started."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    farewell: signal.Signals

    @property
    def runs(self) -> bool:
        """Whether the program is still at work."""
        return self.process.poll() is None

    def tail(self, lines: int = 25) -> str:
        """The last lines that the program wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    logs: Path,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
    farewell: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a program, in a session of its own so that Ctrl-C reaches it only through us."""
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,
            preexec_fn=dies_with_parent(farewell),  # noqa: PLW1509 - we have one thread
            **as_user(user),
        )
    return Child(name, process, log, farewell)


def as_user(name: str | None) -> dict[str, Any]:
    """Return what makes a program run as somebody else; nothing when it may run as ourselves."""
    if name is None:
        return {}
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


def stop(children: Iterable[Child]) -> None:
    """Ask every program to end, and insist when one does not."""
    children = list(children)
    for child in children:
        child.process.send_signal(child.farewell)
    deadline = time.monotonic() + PATIENCE
    for child in children:
        _insist(child, deadline)


def _insist(child: Child, deadline: float) -> None:
    try:
        child.process.wait(max(0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        # A second word, for those that finish their work first: it tells an RQ worker to drop the job.
        child.process.send_signal(child.farewell)
        time.sleep(1)
    _end_the_rest(child)
    child.process.wait()


def _end_the_rest(child: Child) -> None:
    """End what is left of the program's own process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)


def dies_with_parent(farewell: signal.Signals) -> Callable[[], None]:
    """Return what a new process does first: ask for a signal when its parent is gone, even by kill -9."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def ask() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(farewell))

    return ask
