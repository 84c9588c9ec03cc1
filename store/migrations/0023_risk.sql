-- What makes a place riskier or safer, how it counts, and the priority areas
-- that were agreed on or refused.
CREATE TABLE risk_factors (
    ubigeo    text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id        text NOT NULL CHECK (id <> ''),
    kind      text NOT NULL CHECK (kind <> ''),
    name      text NOT NULL DEFAULT '',
    geometry  bytea NOT NULL, -- WKB
    source    text NOT NULL DEFAULT '', -- file; '': drawn
    simulated boolean NOT NULL DEFAULT false,
    PRIMARY KEY (ubigeo, id)
);

CREATE TABLE risk_settings (
    ubigeo text PRIMARY KEY CHECK (ubigeo ~ '^[0-9]{6}$'),
    body   json NOT NULL -- risk.Settings
);

ALTER TABLE fences
    ADD COLUMN term json NOT NULL DEFAULT '{}'; -- journal.Term

CREATE TABLE priority_refusals (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    cell     text NOT NULL CHECK (cell <> ''), -- H3
    shift    text NOT NULL CHECK (shift <> ''), -- code
    until    date NOT NULL, -- the last day on which it is not proposed again
    reason   text NOT NULL DEFAULT '',
    username text NOT NULL DEFAULT '',
    at       timestamptz NOT NULL,
    PRIMARY KEY (ubigeo, cell, shift)
);
