-- Files of incidents that were brought in, so that each can be looked at and
-- taken back, and how the files of a source are read.
ALTER TABLE incidents
    ADD COLUMN until  timestamptz,             -- the latest it can have happened; NULL: it happened at "at"
    ADD COLUMN grade  text NOT NULL DEFAULT '', -- how well the point is known
    ADD COLUMN import text NOT NULL DEFAULT ''; -- '': none, such as what was registered live
CREATE INDEX incidents_import ON incidents (ubigeo, import) WHERE import <> '';

CREATE TABLE incident_imports (
    ubigeo     text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id         text NOT NULL CHECK (id <> ''),
    file       text NOT NULL,
    at         timestamptz NOT NULL,
    username   text NOT NULL,
    rows       int NOT NULL,
    inserted   int NOT NULL,
    known      int NOT NULL,
    duplicates int NOT NULL,
    rejected   int NOT NULL,
    first      timestamptz NOT NULL,
    last       timestamptz NOT NULL,
    simulated  boolean NOT NULL,
    header     text[] NOT NULL,
    comma      text NOT NULL,
    undone_at  timestamptz, -- NULL: it stands
    undone_by  text NOT NULL DEFAULT '',
    PRIMARY KEY (ubigeo, id)
);
CREATE INDEX incident_imports_at ON incident_imports (ubigeo, at);

CREATE TABLE incident_sources (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    columns  text NOT NULL, -- fingerprint of the names of its columns
    mapping  text NOT NULL,
    at       timestamptz NOT NULL,
    username text NOT NULL,
    PRIMARY KEY (ubigeo, columns)
);
