-- What a file says of an incident that another file brought before it: it takes
-- the incident's place when that file is taken back.
CREATE TABLE incident_copies (
    ubigeo    text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    key       text NOT NULL,
    import    text NOT NULL CHECK (import <> ''),
    n         bigint GENERATED ALWAYS AS IDENTITY, -- in the order in which they came
    type1     text NOT NULL,
    type2     text NOT NULL,
    type3     text NOT NULL,
    at        timestamptz NOT NULL,
    known     timestamptz,
    lon       float8 NOT NULL,
    lat       float8 NOT NULL,
    origin    text NOT NULL,
    source    text NOT NULL,
    row       int  NOT NULL,
    simulated boolean NOT NULL,
    note      text NOT NULL,
    until     timestamptz,
    grade     text NOT NULL,
    PRIMARY KEY (ubigeo, key, import)
);
CREATE INDEX incident_copies_import ON incident_copies (ubigeo, import);
