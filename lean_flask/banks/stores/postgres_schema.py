"""The tables and functions of a store in Postgres.

A changed layout gets new names, so that both versions can use the database. ``{s}`` is the schema,
by which each name is qualified: no search_path is asked.
"""

from .postgres_database import Layout

# The row of the clock is locked for each change, so that whoever sees a version sees all changes
# up to it. A value is the one that was read if its version is. Values expire by the server's clock.
_SCRIPT = """
CREATE TABLE IF NOT EXISTS {s}.lean_flask_entry_1 (key text PRIMARY KEY, value bytea NOT NULL,
    version bigint NOT NULL, expires timestamptz NOT NULL, written timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS lean_flask_entry_1_expires ON {s}.lean_flask_entry_1 (expires);
CREATE TABLE IF NOT EXISTS {s}.lean_flask_clock_1 (
    one boolean PRIMARY KEY DEFAULT true CHECK (one), version bigint NOT NULL);
INSERT INTO {s}.lean_flask_clock_1 (version) VALUES (0) ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION {s}.lean_flask_look_1(p_key text)
RETURNS TABLE (value bytea, version bigint, latest bigint) LANGUAGE plpgsql AS $$
BEGIN
    -- The clock was set back since the value was written: what was left of its time begins anew.
    UPDATE {s}.lean_flask_entry_1 e
        SET expires = clock_timestamp() + (e.expires - e.written), written = clock_timestamp()
        WHERE e.key = p_key AND e.written > clock_timestamp() + interval '1 s';
    RETURN QUERY SELECT e.value, e.version, c.version
        FROM (SELECT max(x.version) AS version FROM {s}.lean_flask_clock_1 x) c
        LEFT JOIN {s}.lean_flask_entry_1 e ON e.key = p_key AND e.expires > clock_timestamp();
END $$;

CREATE OR REPLACE FUNCTION {s}.lean_flask_change_1(
    p_key text, p_seen bigint, p_version bigint, p_value bytea, p_seconds double precision)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    latest bigint;
    current bigint;
BEGIN
    INSERT INTO {s}.lean_flask_clock_1 (version) SELECT 0
        WHERE NOT EXISTS (SELECT FROM {s}.lean_flask_clock_1) ON CONFLICT DO NOTHING;
    SELECT c.version INTO latest FROM {s}.lean_flask_clock_1 c FOR UPDATE;
    SELECT e.version INTO current FROM {s}.lean_flask_entry_1 e
        WHERE e.key = p_key AND e.expires > clock_timestamp();
    IF latest >= p_version OR current IS DISTINCT FROM p_seen THEN RETURN false; END IF;
    DELETE FROM {s}.lean_flask_entry_1 e WHERE e.key IN (
        SELECT o.key FROM {s}.lean_flask_entry_1 o
        WHERE o.expires <= clock_timestamp() ORDER BY o.expires LIMIT 100);
    IF p_value IS NULL THEN
        DELETE FROM {s}.lean_flask_entry_1 e WHERE e.key = p_key;
    ELSE
        INSERT INTO {s}.lean_flask_entry_1 (key, value, version, expires, written)
            VALUES (p_key, p_value, p_version,
                clock_timestamp() + p_seconds * interval '1 s', clock_timestamp())
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version,
                expires = excluded.expires, written = excluded.written;
    END IF;
    UPDATE {s}.lean_flask_clock_1 SET version = p_version;
    RETURN true;
END $$
"""

STORE = Layout(
    names=(
        *("lean_flask_entry_1", "lean_flask_clock_1"),
        *("lean_flask_look_1", "lean_flask_change_1"),
    ),
    script=_SCRIPT,
)
