-- The roles and the database of an installation. Run once, as an administrator of the PostgreSQL server:
--   psql -f docs/roles.sql postgres
-- Statements are parted by empty lines. tests/house/test_roles.py runs them on a fresh server.

-- Migrates, and owns every table. It bypasses row security, because what changes a table must see all rows of it.
CREATE ROLE hubs_owner LOGIN BYPASSRLS;

-- Web and worker. It owns nothing and bypasses nothing: it sees the rows of the council that a transaction names.
CREATE ROLE hubs_app LOGIN;

-- The scheduler's question "which councils have work due?". It may read five columns of one table, and which councils there are.
CREATE ROLE hubs_dispatch LOGIN;

-- A statement of the owner's that row security would thin out fails, rather than working with some of the rows.
ALTER ROLE hubs_owner SET row_security = 'off';

ALTER ROLE hubs_owner SET timezone = 'UTC';

-- Nothing that serves people may run or wait for long.
ALTER ROLE hubs_app SET timezone = 'UTC';

ALTER ROLE hubs_app SET statement_timeout = '15s';

ALTER ROLE hubs_app SET lock_timeout = '3s';

ALTER ROLE hubs_app SET idle_in_transaction_session_timeout = '30s';

ALTER ROLE hubs_dispatch SET timezone = 'UTC';

ALTER ROLE hubs_dispatch SET statement_timeout = '15s';

ALTER ROLE hubs_dispatch SET lock_timeout = '3s';

ALTER ROLE hubs_dispatch SET idle_in_transaction_session_timeout = '30s';

-- On a managed server the administrator is no superuser, and must belong to a role to give it a database.
GRANT hubs_owner TO CURRENT_USER;

CREATE DATABASE hubs OWNER hubs_owner ENCODING 'UTF8' TEMPLATE template0;

REVOKE ALL ON DATABASE hubs FROM PUBLIC;

GRANT CONNECT ON DATABASE hubs TO hubs_app, hubs_dispatch;

-- Then give each role a password. In psql, \password hubs_owner and so on keeps it out of the server's log.
