"""Questions about councils."""

from collections.abc import Sequence
from datetime import date
from time import monotonic
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import select

from kernel import outbox
from kernel.db import db, kept, unit_of_work
from tenants.models import CouncilSettings, Tenant, TenantHost, TermDates
from tenants.rules import SchoolCalendar
from tenants.terms import Ground

REMEMBERED_SECONDS = 10


class Standing(NamedTuple):
    """Whose house stands at a host."""

    tenant_id: UUID
    slug: str
    name: str
    ground: Ground


_remembered: dict[str, tuple[float, Standing | None]] = {}


def by_host(host: str, base_domain: str) -> Standing | None:
    """Return whose house stands at a host name, or None. Runs outside every unit of work; remembers for seconds."""
    host = host.partition(":")[0].rstrip(".").lower()
    until, standing = _remembered.get(host, (0.0, None))
    if monotonic() < until:
        return standing
    with unit_of_work(None, read_only=True):
        standing = _look_up(host, base_domain)
    if len(_remembered) > 1000:
        _remembered.clear()
    _remembered[host] = (monotonic() + REMEMBERED_SECONDS, standing)
    return standing


def forget_hosts() -> None:
    """Look hosts up afresh from now on."""
    _remembered.clear()


def _look_up(host: str, base_domain: str) -> Standing | None:
    columns = select(Tenant.id, Tenant.slug, Tenant.name, Tenant.ground).where(Tenant.closed_at.is_(None))
    if host == base_domain:
        found = db.execute(columns.where(Tenant.ground == Ground.PLATFORM)).first()
    elif host.endswith(f".{base_domain}"):
        slug = host.removesuffix(f".{base_domain}")
        found = db.execute(columns.where(Tenant.slug == slug, Tenant.ground == Ground.COUNCIL)).first()
    else:
        found = db.execute(
            columns.join(TenantHost, TenantHost.tenant_id == Tenant.id).where(TenantHost.host == host)
        ).first()
    return Standing(*found) if found else None


def councils() -> Sequence[Tenant]:
    """Return every council, by name."""
    return db.scalars(
        select(Tenant).where(Tenant.ground == Ground.COUNCIL).order_by(Tenant.name, Tenant.id)
    ).all()


def houses() -> Sequence[Tenant]:
    """Return every council and the platform, by id."""
    return db.scalars(select(Tenant).order_by(Tenant.id)).all()


def hosts() -> dict[UUID, list[str]]:
    """Return the own addresses of councils, beside the one below the platform's."""
    found: dict[UUID, list[str]] = {}
    for host, tenant_id in db.execute(
        select(TenantHost.host, TenantHost.tenant_id).order_by(TenantHost.host).limit(1000)
    ):
        found.setdefault(tenant_id, []).append(host)
    return found


def platform() -> Tenant | None:
    """Return the platform's own house."""
    return db.scalar(select(Tenant).where(Tenant.ground == Ground.PLATFORM).order_by(Tenant.id).limit(1))


def by_slug(slug: str) -> Tenant | None:
    """Return the council or the platform with this slug."""
    return db.scalar(select(Tenant).where(Tenant.slug == slug))


_SETTINGS = [
    column for name, column in vars(CouncilSettings).items() if name in CouncilSettings.__table__.columns
]
_NEWEST = kept(select(*_SETTINGS).order_by(CouncilSettings.set_at.desc(), CouncilSettings.id.desc()).limit(1))


def settings() -> CouncilSettings | None:
    """Return how the council has set its house now: a plain row, which outlives the unit of work.

    Read once for a few promises that are kept in a row.
    """
    remembered = outbox.memory()
    if "council" not in remembered:
        remembered["council"] = db.execute(_NEWEST).first()
    return cast("CouncilSettings | None", remembered["council"])


def settings_history(limit: int = 50) -> Sequence[CouncilSettings]:
    """Return the settings of the council through time, the newest first."""
    return db.scalars(
        select(CouncilSettings)
        .order_by(CouncilSettings.set_at.desc(), CouncilSettings.id.desc())
        .limit(limit)
    ).all()


def school_calendar() -> SchoolCalendar:
    """Return the council's terms, school holidays and England's bank holidays, to be asked about days."""
    return SchoolCalendar(tuple(term_dates()))


def term_dates(first: date | None = None, last: date | None = None) -> Sequence[TermDates]:
    """Return the council's school calendar between two days, in order."""
    wanted = select(TermDates).order_by(TermDates.first_day, TermDates.id).limit(1000)
    if first:
        wanted = wanted.where(TermDates.last_day >= first)
    if last:
        wanted = wanted.where(TermDates.first_day <= last)
    return db.scalars(wanted).all()
