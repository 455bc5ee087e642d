"""Asks PostgreSQL's own catalogue whether the walls stand. The house does not open while one is missing."""

from sqlalchemy import Connection, text

from kernel.walls import APP, SHARED

ROLE = """
SELECT format('the application connects as %s, who %s', current_user, what) FROM (
  SELECT 'is a superuser' AS what FROM pg_roles WHERE rolname = current_user AND rolsuper
  UNION ALL SELECT 'bypasses row security' FROM pg_roles WHERE rolname = current_user AND rolbypassrls
  UNION ALL SELECT 'owns ' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE nspname = 'public' AND pg_has_role(current_user, relowner, 'USAGE')
  UNION ALL SELECT 'may create tables' WHERE has_schema_privilege(current_user, 'public', 'CREATE')
) troubles
"""
ROW_SECURITY = """
SELECT format('%s has no forced row security', relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = 'public' AND relkind IN ('r', 'p') AND relname <> 'alembic_version'
  AND NOT (relrowsecurity AND relforcerowsecurity)
"""
UNKNOWN_KIND = """
SELECT format('%s has no tenant_id and is not on the list of shared tables', relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT (relname = ANY(:shared)) AND relname <> 'alembic_version'
  AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id' AND attnotnull)
"""
POLICIES = """
SELECT format('%s has %s policies for %s, not one', c.relname, count(p.policyname), command)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) command
LEFT JOIN pg_policies p ON p.schemaname = 'public' AND p.tablename = c.relname AND p.cmd IN ('ALL', command)
  AND :app = ANY(p.roles)
WHERE nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT (c.relname = ANY(:shared))
  AND c.relname <> 'alembic_version'
GROUP BY c.relname, command HAVING count(p.policyname) <> 1
UNION ALL
SELECT format('%s.%s is restrictive', tablename, policyname) FROM pg_policies
WHERE schemaname = 'public' AND permissive <> 'PERMISSIVE'
UNION ALL
SELECT format('%s.%s does not compare the council', tablename, policyname) FROM pg_policies
WHERE schemaname = 'public' AND :app = ANY(roles) AND NOT (tablename = ANY(:shared))
  AND coalesce(qual, '') NOT LIKE '%tenant_id = ( SELECT%app.tenant_id%'
"""
KEYS = """
SELECT format('%s does not begin with tenant_id', i.indexrelid::regclass)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE nspname = 'public' AND i.indisunique AND NOT (c.relname = ANY(:shared)) AND c.relname <> 'alembic_version'
  AND a.attname IS DISTINCT FROM 'tenant_id'
UNION ALL
SELECT format('%s on %s leaves the council out', conname, conrelid::regclass)
FROM pg_constraint k JOIN pg_class target ON target.oid = k.confrelid
WHERE contype = 'f' AND NOT (target.relname = ANY(:shared))
  AND NOT EXISTS (SELECT FROM pg_attribute a
                  WHERE a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey) AND a.attname = 'tenant_id')
UNION ALL
SELECT format('%s sets null on delete', conname) FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'n'
"""
STRANGE = """
SELECT format('enum type %s', typname) FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
WHERE nspname = 'public' AND typtype = 'e'
UNION ALL SELECT format('trigger %s', tgname) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT format('exclusion constraint %s', conname) FROM pg_constraint WHERE contype = 'x'
UNION ALL SELECT format('materialised view or sequence %s', relname) FROM pg_class c
  JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' AND relkind IN ('m', 'S')
UNION ALL SELECT format('view %s runs with its owner''s rights', relname) FROM pg_class c
  JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' AND relkind = 'v'
  AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)
UNION ALL SELECT format('function %s runs with its owner''s rights', proname) FROM pg_proc p
  JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public' AND prosecdef
UNION ALL SELECT format('%s may %s %s', grantee, privilege_type, table_name)
  FROM information_schema.role_table_grants WHERE table_schema = 'public'
  AND grantee IN ('hubs_app', 'hubs_dispatch', 'PUBLIC') AND privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
"""
APPEND_ONLY = """
SELECT format('%s may %s %s', grantee, privilege_type, table_name) FROM information_schema.role_table_grants
WHERE table_schema = 'public' AND grantee = :app AND table_name IN ('journal', 'record_openings')
  AND privilege_type IN ('UPDATE', 'DELETE')
"""


def holes(connection: Connection) -> list[str]:
    """Return what is wrong with the walls, a sentence each; nothing when they stand."""
    told = {"shared": list(SHARED), "app": APP}
    return [
        sentence
        for question in (ROLE, ROW_SECURITY, UNKNOWN_KIND, POLICIES, KEYS, STRANGE, APPEND_ONLY)
        for sentence in connection.scalars(text(question), told)
    ]
