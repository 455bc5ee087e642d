"""Chooses the packages and installs them into .venv, with uv, from wherever this machine's pip is told to look.

Runs before anything is installed, so it uses the standard library alone. uv does not read what pip is told:
this does, so that a machine behind a mirror needs to be told only once.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

UV = Path(sys.executable).with_name("uv")
AS_UV_SAYS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}
LOCK = "pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11"


def install() -> None:
    """Make .venv hold exactly what the lock file names."""
    if not Path(".venv").exists():
        _uv("venv --quiet .venv --python", sys.executable)
    _uv("pip sync --quiet --require-hashes --python .venv/bin/python requirements-dev.lock")


def lock() -> None:
    """Write down the newest packages that pyproject.toml allows, and their sums, but not where they came from."""
    # A folder of this machine may hold a few of a package's files: all their sums are in the whole index alone.
    whole = {"UV_INDEX": "", "UV_FIND_LINKS": ""}
    _uv(f"{LOCK} pyproject.toml -o requirements.lock", **whole)
    _uv(f"{LOCK} pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock", **whole)


def _uv(command: str, *more: str, **told: str) -> None:
    # Indexes may be mixed: the lock file pins the sum of every package.
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_COMPILE_BYTECODE": "1", "UV_LINK_MODE": "copy"}
    env = _pip_configuration() | settings | os.environ | told
    done = subprocess.run([UV, *command.split(), *more], env=env, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def _pip_configuration() -> dict[str, str]:
    """Return what pip is told, in uv's words."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, str] = {}
    for line in said.stdout.splitlines():
        name, _, value = line.partition("=")
        if word := AS_UV_SAYS.get(name.rpartition(".")[2]):
            told.setdefault(word, " ".join(str(ast.literal_eval(value)).split()))
    return told


if __name__ == "__main__":
    {"install": install, "lock": lock}[sys.argv[1]]()
