"""Row-level security: the SQL that keeps one council's rows from another's eyes.

One permissive policy per table, role and command, never RESTRICTIVE: a distributed PostgreSQL opens what two
policies would close (``docs/decisions/``). With no council told, there are no rows.
"""

from sqlalchemy import Table

APP = "hubs_app"
DISPATCH = "hubs_dispatch"
HERE = "(SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid)"

SHARED = ("tenants", "tenant_hosts")
"""The only tables without a council's id."""


def wall(table: Table) -> list[str]:
    """Return the statements that close a table to every council but its row's own, and grant its use."""
    if table.name in SHARED:
        return _shared(table)
    statements = [
        f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table.name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_rows ON {table.name} TO {APP} USING (tenant_id = {HERE})",
        f"GRANT {', '.join(table.info['may'])} ON {table.name} TO {APP}",
    ]
    if due := table.info.get("dispatch"):
        statements += [
            f"CREATE POLICY due_work ON {table.name} FOR SELECT TO {DISPATCH} USING (done_at IS NULL)",
            f"GRANT SELECT ({', '.join(due)}) ON {table.name} TO {DISPATCH}",
        ]
    return statements


def _shared(table: Table) -> list[str]:
    """Everybody may read which councils there are; a row is written only by work that stands in its own council."""
    own = "id" if table.name == "tenants" else "tenant_id"
    return [
        f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table.name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY everyone_reads ON {table.name} FOR SELECT TO {APP}, {DISPATCH} USING (true)",
        f"CREATE POLICY own_insert ON {table.name} FOR INSERT TO {APP} WITH CHECK ({own} = {HERE})",
        f"CREATE POLICY own_update ON {table.name} FOR UPDATE TO {APP} USING ({own} = {HERE})",
        f"GRANT SELECT, INSERT, UPDATE ON {table.name} TO {APP}",
        f"GRANT SELECT ON {table.name} TO {DISPATCH}",
    ]
