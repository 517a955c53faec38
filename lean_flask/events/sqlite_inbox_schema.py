"""The tables of an inbox in SQLite.

A changed layout gets new table names, so that both versions can use the file.
"""

#: ``event_1``: the events, in the order of ``seq``. ``queue_1``: the subjects with waiting events;
#: ``due`` is when the first one is due, or when the claim of ``owner`` ends. ``known_1``: the ids
#: that count as known until ``expires``.
SCHEMA = """
CREATE TABLE IF NOT EXISTS event_1 (
    seq INTEGER PRIMARY KEY, scope TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    subject TEXT NOT NULL, state TEXT NOT NULL, received REAL NOT NULL,
    waiting_since REAL NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL, ended REAL,
    received_by TEXT NOT NULL, error TEXT, body BLOB, UNIQUE (scope, id));
CREATE INDEX IF NOT EXISTS event_1_waiting ON event_1 (scope, subject, seq)
    WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS event_1_state ON event_1 (scope, state, seq);
CREATE INDEX IF NOT EXISTS event_1_ended ON event_1 (scope, ended) WHERE ended IS NOT NULL;
CREATE TABLE IF NOT EXISTS queue_1 (
    scope TEXT NOT NULL, subject TEXT NOT NULL, due REAL NOT NULL, owner TEXT,
    PRIMARY KEY (scope, subject)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS queue_1_due ON queue_1 (scope, due);
CREATE TABLE IF NOT EXISTS known_1 (
    scope TEXT NOT NULL, id TEXT NOT NULL, expires REAL NOT NULL,
    PRIMARY KEY (scope, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS known_1_expires ON known_1 (scope, expires);
"""
