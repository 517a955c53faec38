"""The tables and functions of an inbox in Postgres: each function is one operation.

A changed layout gets new names, so that both versions can use the database. ``{s}`` is the schema.

The functions that change something take one lock for each application, so that they run one after
the other and each sees all that was done before. Nobody holds it while a network is waited for.
"""

from ..banks.stores.postgres_database import Layout

# ``event``: the events, in the order of ``seq``. ``queue``: the subjects with waiting events;
# ``due`` is when the first one is due, or when the claim of ``owner`` ends. ``known``: the ids that
# count as known until ``expires``. Times are seconds since the epoch, by the clock of the caller.
_TABLES = """
CREATE TABLE IF NOT EXISTS {s}.lean_flask_event_1 (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, scope text NOT NULL, id text NOT NULL,
    type text NOT NULL, subject text NOT NULL, state text NOT NULL,
    received double precision NOT NULL, waiting_since double precision NOT NULL,
    due double precision NOT NULL, attempts integer NOT NULL, ended double precision,
    received_by text NOT NULL, error text, body bytea, UNIQUE (scope, id));
CREATE INDEX IF NOT EXISTS lean_flask_event_1_waiting
    ON {s}.lean_flask_event_1 (scope, subject, seq) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS lean_flask_event_1_state ON {s}.lean_flask_event_1 (scope, state, seq);
CREATE INDEX IF NOT EXISTS lean_flask_event_1_seq ON {s}.lean_flask_event_1 (scope, seq);
CREATE INDEX IF NOT EXISTS lean_flask_event_1_ended
    ON {s}.lean_flask_event_1 (scope, ended) WHERE ended IS NOT NULL;
CREATE TABLE IF NOT EXISTS {s}.lean_flask_queue_1 (
    scope text NOT NULL, subject text NOT NULL, due double precision NOT NULL, owner text,
    PRIMARY KEY (scope, subject));
CREATE INDEX IF NOT EXISTS lean_flask_queue_1_due ON {s}.lean_flask_queue_1 (scope, due);
CREATE TABLE IF NOT EXISTS {s}.lean_flask_known_1 (
    scope text NOT NULL, id text NOT NULL, expires double precision NOT NULL,
    PRIMARY KEY (scope, id));
CREATE INDEX IF NOT EXISTS lean_flask_known_1_expires ON {s}.lean_flask_known_1 (scope, expires);
"""

_PARTS = """
CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_lock_1(p_scope text)
RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(1279610190, hashtext(p_scope));
$$;

-- Lets the subject wait for its first event, unless somebody holds it.
CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_requeue_1(p_scope text, p_subject text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first double precision;
BEGIN
    SELECT e.due INTO first FROM {s}.lean_flask_event_1 e
        WHERE e.scope = p_scope AND e.subject = p_subject AND e.state = 'waiting'
        ORDER BY e.seq LIMIT 1;
    IF first IS NULL THEN
        DELETE FROM {s}.lean_flask_queue_1 q WHERE q.scope = p_scope AND q.subject = p_subject;
    ELSE
        INSERT INTO {s}.lean_flask_queue_1 AS q (scope, subject, due)
            VALUES (p_scope, p_subject, first)
            ON CONFLICT (scope, subject) DO UPDATE SET due = excluded.due WHERE q.owner IS NULL;
    END IF;
END $$;

-- Ends the claim, and returns whether it was still held.
CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_give_back_1(
    p_scope text, p_subject text, p_owner text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {s}.lean_flask_queue_1 q SET owner = NULL
        WHERE q.scope = p_scope AND q.subject = p_subject AND q.owner = p_owner;
    RETURN FOUND;
END $$;

-- Lets events begin anew, and returns how many.
CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_put_back_1(
    p_scope text, p_ids text[], p_now double precision)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    changed integer;
BEGIN
    UPDATE {s}.lean_flask_event_1 e SET state = 'waiting', waiting_since = p_now, due = p_now,
        attempts = 0, ended = NULL, received_by = '[]', error = NULL
        WHERE e.scope = p_scope AND e.id = ANY(p_ids) AND e.body IS NOT NULL;
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM {s}.lean_flask_inbox_requeue_1(p_scope, s.subject) FROM (
        SELECT DISTINCT e.subject FROM {s}.lean_flask_event_1 e
        WHERE e.scope = p_scope AND e.id = ANY(p_ids)) s;
    RETURN changed;
END $$;
"""

_OPERATIONS = """
CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_add_1(
    p_scope text, p_id text, p_type text, p_subject text, p_body bytea,
    p_now double precision, p_expires double precision)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {s}.lean_flask_inbox_lock_1(p_scope);
    DELETE FROM {s}.lean_flask_known_1 k WHERE k.scope = p_scope AND k.id IN (
        SELECT o.id FROM {s}.lean_flask_known_1 o
        WHERE o.scope = p_scope AND o.expires <= p_now LIMIT 100);
    IF EXISTS (SELECT FROM {s}.lean_flask_known_1 k
            WHERE k.scope = p_scope AND k.id = p_id AND k.expires > p_now)
        OR EXISTS (SELECT FROM {s}.lean_flask_event_1 e WHERE e.scope = p_scope AND e.id = p_id)
    THEN RETURN false; END IF;
    INSERT INTO {s}.lean_flask_known_1 VALUES (p_scope, p_id, p_expires)
        ON CONFLICT (scope, id) DO UPDATE SET expires = excluded.expires;
    INSERT INTO {s}.lean_flask_event_1 (scope, id, type, subject, state, received, waiting_since,
        due, attempts, received_by, body)
        VALUES (p_scope, p_id, p_type, p_subject, 'waiting', p_now, p_now, p_now, 0, '[]', p_body);
    -- A subject that has a queue already goes on with its first event.
    INSERT INTO {s}.lean_flask_queue_1 VALUES (p_scope, p_subject, p_now, NULL)
        ON CONFLICT DO NOTHING;
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_claim_1(
    p_scope text, p_now double precision, p_until double precision, p_owner text, p_subject text)
RETURNS SETOF {s}.lean_flask_event_1 LANGUAGE plpgsql AS $$
DECLARE
    wanted text;
    first bigint;
BEGIN
    -- Most often there is none: this look takes no lock.
    IF NOT EXISTS (SELECT FROM {s}.lean_flask_queue_1 q WHERE q.scope = p_scope
        AND (q.due <= p_now OR (q.subject = p_subject AND q.owner IS NULL))) THEN RETURN; END IF;
    PERFORM {s}.lean_flask_inbox_lock_1(p_scope);
    IF p_subject IS NULL THEN
        SELECT q.subject INTO wanted FROM {s}.lean_flask_queue_1 q
            WHERE q.scope = p_scope AND q.due <= p_now ORDER BY q.due, q.subject LIMIT 1;
    ELSE
        SELECT q.subject INTO wanted FROM {s}.lean_flask_queue_1 q
            WHERE q.scope = p_scope AND q.subject = p_subject
            AND (q.owner IS NULL OR q.due <= p_now);
    END IF;
    IF wanted IS NULL THEN RETURN; END IF;
    UPDATE {s}.lean_flask_queue_1 q SET due = p_until, owner = p_owner
        WHERE q.scope = p_scope AND q.subject = wanted;
    SELECT e.seq INTO first FROM {s}.lean_flask_event_1 e
        WHERE e.scope = p_scope AND e.subject = wanted AND e.state = 'waiting'
        ORDER BY e.seq LIMIT 1;
    RETURN QUERY UPDATE {s}.lean_flask_event_1 e SET attempts = e.attempts + 1
        WHERE e.seq = first RETURNING e.*;
END $$;

CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_renew_1(
    p_scope text, p_subject text, p_owner text, p_until double precision)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {s}.lean_flask_inbox_lock_1(p_scope);
    UPDATE {s}.lean_flask_queue_1 q SET due = p_until
        WHERE q.scope = p_scope AND q.subject = p_subject AND q.owner = p_owner;
    RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_release_1(
    p_scope text, p_id text, p_subject text, p_owner text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {s}.lean_flask_inbox_lock_1(p_scope);
    IF NOT {s}.lean_flask_inbox_give_back_1(p_scope, p_subject, p_owner) THEN RETURN; END IF;
    UPDATE {s}.lean_flask_event_1 e SET attempts = greatest(0, e.attempts - 1)
        WHERE e.scope = p_scope AND e.id = p_id;
    PERFORM {s}.lean_flask_inbox_requeue_1(p_scope, p_subject);
END $$;

CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_postpone_1(
    p_scope text, p_id text, p_subject text, p_owner text,
    p_due double precision, p_received_by text, p_error text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {s}.lean_flask_inbox_lock_1(p_scope);
    IF NOT {s}.lean_flask_inbox_give_back_1(p_scope, p_subject, p_owner) THEN RETURN; END IF;
    UPDATE {s}.lean_flask_event_1 e
        SET due = p_due, received_by = p_received_by, error = p_error
        WHERE e.scope = p_scope AND e.id = p_id;
    PERFORM {s}.lean_flask_inbox_requeue_1(p_scope, p_subject);
END $$;

CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_end_1(
    p_scope text, p_id text, p_subject text, p_owner text,
    p_state text, p_now double precision, p_received_by text, p_error text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {s}.lean_flask_inbox_lock_1(p_scope);
    IF NOT {s}.lean_flask_inbox_give_back_1(p_scope, p_subject, p_owner) THEN RETURN; END IF;
    UPDATE {s}.lean_flask_event_1 e
        SET state = p_state, ended = p_now, received_by = p_received_by, error = p_error
        WHERE e.scope = p_scope AND e.id = p_id;
    PERFORM {s}.lean_flask_inbox_requeue_1(p_scope, p_subject);
END $$;

CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_retry_1(
    p_scope text, p_id text, p_now double precision)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {s}.lean_flask_inbox_lock_1(p_scope);
    RETURN {s}.lean_flask_inbox_put_back_1(p_scope, ARRAY[p_id], p_now) > 0;
END $$;

CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_retry_dead_1(
    p_scope text, p_now double precision, p_limit integer)
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {s}.lean_flask_inbox_lock_1(p_scope);
    RETURN {s}.lean_flask_inbox_put_back_1(p_scope, ARRAY(
        SELECT e.id FROM {s}.lean_flask_event_1 e WHERE e.scope = p_scope AND e.state = 'dead'
        AND e.body IS NOT NULL ORDER BY e.seq LIMIT p_limit), p_now);
END $$;

CREATE OR REPLACE FUNCTION {s}.lean_flask_inbox_purge_1(
    p_scope text, p_now double precision, p_before double precision, p_limit integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    deleted integer;
    forgotten integer;
BEGIN
    PERFORM {s}.lean_flask_inbox_lock_1(p_scope);
    DELETE FROM {s}.lean_flask_event_1 e WHERE e.seq IN (
        SELECT o.seq FROM {s}.lean_flask_event_1 o
        WHERE o.scope = p_scope AND o.ended < p_before LIMIT p_limit);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    DELETE FROM {s}.lean_flask_known_1 k WHERE k.scope = p_scope AND k.id IN (
        SELECT o.id FROM {s}.lean_flask_known_1 o
        WHERE o.scope = p_scope AND o.expires <= p_now LIMIT p_limit);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN greatest(deleted, forgotten);
END $$
"""

INBOX = Layout(
    names=(
        *("lean_flask_event_1", "lean_flask_queue_1", "lean_flask_known_1"),
        *("lean_flask_inbox_lock_1", "lean_flask_inbox_requeue_1"),
        *("lean_flask_inbox_give_back_1", "lean_flask_inbox_put_back_1"),
        *("lean_flask_inbox_add_1", "lean_flask_inbox_claim_1", "lean_flask_inbox_renew_1"),
        *("lean_flask_inbox_release_1", "lean_flask_inbox_postpone_1", "lean_flask_inbox_end_1"),
        *("lean_flask_inbox_retry_1", "lean_flask_inbox_retry_dead_1", "lean_flask_inbox_purge_1"),
    ),
    script=_TABLES + _PARTS + _OPERATIONS,
)
