-- Where units were on days that are over, thinned: what a month is drawn from.
-- A day is an operational one; it is written again when fixes come late.
CREATE TABLE unit_trails (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit   text NOT NULL CHECK (unit <> ''),
    start  timestamptz NOT NULL,
    "end"  timestamptz NOT NULL CHECK ("end" > start),
    body   bytea NOT NULL, -- track.Write of one track
    PRIMARY KEY (ubigeo, unit, start)
);
ALTER TABLE unit_trails ALTER COLUMN body SET STORAGE EXTERNAL;
