-- Districts, and the versions of their street networks. Each street_versions
-- row is one import; exactly one of a district is current.
CREATE TABLE districts (
    ubigeo    text PRIMARY KEY CHECK (ubigeo ~ '^[0-9]{6}$'),
    name      text NOT NULL CHECK (name <> ''),
    province  text NOT NULL,
    time_zone text NOT NULL,
    boundary  bytea, -- MultiPolygon as WKB; NULL: none yet
    simulated boolean NOT NULL,
    demo      boolean NOT NULL
);

CREATE TABLE street_versions (
    ubigeo      text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    version     text NOT NULL CHECK (version <> ''),
    source      text NOT NULL,
    imported_at timestamptz NOT NULL,
    imported_by text NOT NULL,
    report      json,
    graph       bytea NOT NULL, -- routing.Encode
    current     boolean NOT NULL,
    PRIMARY KEY (ubigeo, version)
);
ALTER TABLE street_versions ALTER COLUMN graph SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX street_versions_current ON street_versions (ubigeo) WHERE current;

-- What a municipality knows better than the map. Every change is a revision;
-- a deletion is one too, so that nothing is forgotten.
CREATE TABLE corrections (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id       text NOT NULL CHECK (id <> ''),
    revision int  NOT NULL CHECK (revision > 0),
    deleted  boolean NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now(),
    body     json NOT NULL, -- routing.Correction
    PRIMARY KEY (ubigeo, id, revision)
);
