"""Runs Notify on a port until it is ended; ``SERVICES`` is a file that tells who sends."""

import contextlib
import signal
import sys
import threading
from pathlib import Path

from app.demo.notify.calling import Caller
from app.demo.notify.doors import serving
from app.demo.notify.far_side import FarSide

SETTLES_AFTER_SECONDS = 1.0


def main(port: str, folder: str, services: str = "") -> None:
    """Serve."""
    far = FarSide(Path(folder))
    Path(folder).mkdir(parents=True, exist_ok=True)
    if services and Path(services).exists():
        far.load(Path(services))
    Caller(far, settles_after=SETTLES_AFTER_SECONDS).start()
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    with contextlib.suppress(KeyboardInterrupt), serving(far, int(port)):
        over.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
