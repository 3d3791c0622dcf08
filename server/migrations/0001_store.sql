-- One row: which store this is. A copy of the file keeps the name; a new file gets a new one, and clients notice.
CREATE TABLE store (
    only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
    store_id   TEXT NOT NULL,
    created_on TEXT NOT NULL
) STRICT;

-- Who may read and publish. The token itself is nowhere.
CREATE TABLE invite (
    invite_id  INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
    role       TEXT NOT NULL CHECK (role IN ('reader', 'contributor')),
    name       TEXT NOT NULL,
    site       TEXT NOT NULL,
    created_on TEXT NOT NULL,
    expires_on TEXT,
    revoked_on TEXT
) STRICT;

-- The changes feed: signed documents in the order they came.
CREATE TABLE document (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE CHECK (length(id) = 64),
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL,
    public_key  TEXT NOT NULL,
    signature   TEXT NOT NULL,
    feed_digest TEXT NOT NULL CHECK (length(feed_digest) = 64),
    received_on TEXT NOT NULL,
    invite_id   INTEGER NOT NULL REFERENCES invite (invite_id)
) STRICT;

CREATE TRIGGER document_is_immutable BEFORE UPDATE ON document
BEGIN
    SELECT RAISE(ABORT, 'documents are immutable');
END;

CREATE TRIGGER document_is_kept BEFORE DELETE ON document
BEGIN
    SELECT RAISE(ABORT, 'documents are kept');
END;
