-- Incidents, the rows of a source that could not be read, and the police
-- presence that the rounds complement.
CREATE TABLE incidents (
    ubigeo    text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    key       text NOT NULL CHECK (key <> ''),
    type1     text NOT NULL,
    type2     text NOT NULL,
    type3     text NOT NULL,
    at        timestamptz NOT NULL,
    known     timestamptz, -- NULL: unknown
    lon       float8 NOT NULL CHECK (lon BETWEEN -180 AND 180),
    lat       float8 NOT NULL CHECK (lat BETWEEN -90 AND 90),
    origin    text NOT NULL,
    source    text NOT NULL,
    row       int  NOT NULL,
    simulated boolean NOT NULL,
    note      text NOT NULL,
    PRIMARY KEY (ubigeo, key)
);
CREATE INDEX incidents_at ON incidents (ubigeo, at);

CREATE TABLE rejected_rows (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    source text NOT NULL,
    n      int  NOT NULL,
    row    int  NOT NULL,
    reason text NOT NULL,
    raw    bytea NOT NULL,
    PRIMARY KEY (ubigeo, source, n)
);

CREATE TABLE presence (
    ubigeo    text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    source    text NOT NULL,
    n         int  NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('round', 'sector', 'post')),
    simulated boolean NOT NULL,
    body      json NOT NULL,  -- patrol.Presence without its geometry
    geometry  bytea NOT NULL, -- WKB
    PRIMARY KEY (ubigeo, source, n)
);
