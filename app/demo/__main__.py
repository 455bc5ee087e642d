"""Runs the whole platform on this machine until Ctrl-C: ``make demo``."""

import argparse
import os
import signal
import sys
from pathlib import Path

import psycopg
from filelock import FileLock, Timeout

from app.demo.launcher import Demo, Trouble, say
from app.demo.processes import dies_with_parent
from app.demo.servers import ServerFailed, is_free

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Run a demo, and leave nothing of it running whatever ends it."""
    parser = argparse.ArgumentParser(prog="app.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=Path(".demo"))
    asked = parser.parse_args()

    data = asked.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    if not is_free(asked.port):
        say(f"Something else listens on port {asked.port}. Choose another: make demo PORT={asked.port + 1}")
        return 1
    try:
        with FileLock(data / "lock", timeout=0):
            return _run(Demo(asked.port, data))
    except Timeout:
        say(f"A demo is already running in {data}. Choose another folder: make demo DATA=.demo2")
        return 1


def _run(demo: Demo) -> int:
    for ending in ENDINGS:
        # Under nohup it is nothing to us that the terminal goes. The rest is answered, even if a shell that
        # started us in the background would have it ignored.
        if ending != signal.SIGHUP or signal.getsignal(ending) != signal.SIG_IGN:
            signal.signal(ending, signal.default_int_handler)
    if "MAKELEVEL" in os.environ:
        dies_with_parent(signal.SIGTERM)()
    try:
        demo.run()
    except KeyboardInterrupt:
        say("Ending the demo")
        return 0
    except (Trouble, ServerFailed, psycopg.Error) as trouble:
        say(str(trouble))
        return 1
    finally:
        for ending in ENDINGS:
            signal.signal(ending, signal.SIG_IGN)
        demo.end()


if __name__ == "__main__":
    sys.exit(main())
