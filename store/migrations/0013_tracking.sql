-- Links that show a map to somebody without an account. Only the hash of a
-- link's token is kept.
CREATE TABLE share_links (
    ubigeo     text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id         text NOT NULL CHECK (id <> ''),
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    units      text[] NOT NULL CHECK (cardinality(units) > 0),
    note       text NOT NULL, -- whom it is for
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    revoked_at timestamptz,
    revoked_by text NOT NULL DEFAULT '',
    looks      bigint NOT NULL DEFAULT 0,
    looked_at  timestamptz, -- last
    PRIMARY KEY (ubigeo, id)
);
CREATE UNIQUE INDEX share_links_token ON share_links (token_hash);

-- The mail server of a district, and what is sent when to whom.
CREATE TABLE mail_servers (
    ubigeo   text PRIMARY KEY CHECK (ubigeo ~ '^[0-9]{6}$'),
    host     text NOT NULL CHECK (host <> ''),
    port     int NOT NULL CHECK (port BETWEEN 1 AND 65535),
    security text NOT NULL CHECK (security IN ('tls', 'starttls')),
    username text NOT NULL, -- '': no login
    password text NOT NULL,
    sender   text NOT NULL CHECK (sender <> '')
);
CREATE TABLE mail_reports (
    ubigeo     text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id         text NOT NULL CHECK (id <> ''),
    name       text NOT NULL CHECK (name <> ''),
    every      text NOT NULL CHECK (every IN ('day', 'week')),
    weekday    int NOT NULL CHECK (weekday BETWEEN 0 AND 6), -- 0: Sunday; of 'week'
    clock      text NOT NULL CHECK (clock ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'), -- local
    recipients text[] NOT NULL CHECK (cardinality(recipients) BETWEEN 1 AND 50),
    active     boolean NOT NULL,
    since      timestamptz NOT NULL, -- nothing is sent for times before
    PRIMARY KEY (ubigeo, id)
);
-- One row a mail that was due. next_at is when it is tried (again).
CREATE TABLE mail_sendings (
    ubigeo   text NOT NULL,
    report   text NOT NULL,
    due      timestamptz NOT NULL,
    state    text NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts int NOT NULL,
    next_at  timestamptz NOT NULL,
    error    text NOT NULL,
    PRIMARY KEY (ubigeo, report, due),
    FOREIGN KEY (ubigeo, report) REFERENCES mail_reports ON DELETE CASCADE
);

-- Retransmission to the ministry: how, and how far each vehicle's fixes have
-- been handed on.
CREATE TABLE relays (
    ubigeo text PRIMARY KEY CHECK (ubigeo ~ '^[0-9]{6}$'),
    body   json NOT NULL -- relay.Settings
);
CREATE TABLE relay_cursors (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit   text NOT NULL CHECK (unit <> ''),
    until  timestamptz NOT NULL, -- fixes before it have been looked at
    body   json NOT NULL,        -- relay.Vehicle: sums and what was sent today
    PRIMARY KEY (ubigeo, unit)
);
-- Points on their way. A row goes when it was taken.
CREATE TABLE relay_points (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit   text NOT NULL,
    at     timestamptz NOT NULL,
    body   json NOT NULL,
    PRIMARY KEY (ubigeo, unit, at)
);
-- What the ministry did not get.
CREATE TABLE relay_gaps (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit   text NOT NULL,
    start  timestamptz NOT NULL,
    reason text NOT NULL CHECK (reason IN ('silence', 'refused', 'cap')),
    "end"  timestamptz NOT NULL,
    points int NOT NULL, -- that were not handed on; 0: there were none
    detail text NOT NULL,
    PRIMARY KEY (ubigeo, unit, start, reason)
);

-- How long positions are kept, what must not be forgotten, and what was.
CREATE TABLE retention (
    ubigeo text PRIMARY KEY CHECK (ubigeo ~ '^[0-9]{6}$'),
    days   int NOT NULL CHECK (days BETWEEN 1 AND 3650)
);
CREATE TABLE legal_holds (
    ubigeo      text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id          text NOT NULL CHECK (id <> ''),
    start       timestamptz NOT NULL,
    "end"       timestamptz NOT NULL CHECK ("end" > start),
    reason      text NOT NULL CHECK (reason <> ''),
    created_at  timestamptz NOT NULL,
    created_by  text NOT NULL,
    released_at timestamptz,
    released_by text NOT NULL DEFAULT '',
    PRIMARY KEY (ubigeo, id)
);
CREATE TABLE retention_runs (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    started  timestamptz NOT NULL,
    body     json NOT NULL, -- fleet/retain.Run
    PRIMARY KEY (ubigeo, started)
);
