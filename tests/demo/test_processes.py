"""Programs that end with the one that started them."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from app.demo.processes import spawn, stop

STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
signal.pause()
"""
PARENT = """
import sys, pathlib, signal
from app.demo.processes import spawn
child = spawn("child", [sys.executable, "-c", "import signal; signal.pause()"], logs=pathlib.Path(sys.argv[1]))
print(child.process.pid, flush=True)
signal.pause()
"""


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(came_true, seconds: float = 10) -> bool:
    deadline, moment = time.monotonic() + seconds, threading.Event()
    while not came_true() and time.monotonic() < deadline:
        moment.wait(0.02)
    return came_true()


def test_what_a_program_says_is_kept(tmp_path):
    child = spawn("talker", [sys.executable, "-c", "print('hello')"], logs=tmp_path)
    child.process.wait()

    assert child.tail() == "hello"
    assert not child.runs


def test_a_program_that_does_not_listen_is_ended_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("app.demo.processes.PATIENCE", 0.2)
    child = spawn("deaf", [sys.executable, "-c", STUBBORN], logs=tmp_path)
    assert until(lambda: "deaf" in child.tail())

    stop([child])

    assert child.process.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program that its parent is gone")
def test_a_program_ends_when_its_parent_is_killed(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path], stdout=subprocess.PIPE, text=True
    ) as parent:
        pid = int(parent.stdout.readline())
        assert is_there(pid)

        parent.kill()

    assert until(lambda: not is_there(pid))
