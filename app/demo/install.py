"""Installs the locked packages into .venv with uv, from wherever this machine's pip is told to look.

Runs before anything is installed, so it uses the standard library alone. uv does not read what pip is told:
this does, so that a machine behind a mirror needs to be told only once.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

AS_UV_SAYS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


def install(lock: str) -> None:
    """Make .venv hold exactly what the lock file names."""
    uv = Path(sys.executable).with_name("uv")
    env = {**_pip_configuration(), "UV_INDEX_STRATEGY": "unsafe-best-match", **os.environ}
    env |= {"UV_COMPILE_BYTECODE": "1", "UV_LINK_MODE": "copy"}
    if not Path(".venv").exists():
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, ".venv"], env=env, check=True)
    command: list[str | Path] = [
        uv,
        "pip",
        "sync",
        "--quiet",
        "--require-hashes",
        "--python",
        ".venv/bin/python",
        lock,
    ]
    subprocess.run(command, env=env, check=True)


def _pip_configuration() -> dict[str, str]:
    """Return what pip is told, in uv's words. Indexes may be mixed: the lock file pins every hash."""
    said = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    )
    told: dict[str, str] = {}
    for line in said.stdout.splitlines():
        name, _, value = line.partition("=")
        if word := AS_UV_SAYS.get(name.rpartition(".")[2]):
            told.setdefault(word, " ".join(str(ast.literal_eval(value)).split()))
    return told


if __name__ == "__main__":
    try:
        install(sys.argv[1])
    except subprocess.CalledProcessError as failure:
        sys.exit(failure.returncode)
