-- Units, their GPS devices, and the shifts of a district.
CREATE TABLE units (
    ubigeo     text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id         text NOT NULL CHECK (id <> ''),
    call_sign  text NOT NULL,
    mode       text NOT NULL CHECK (mode IN ('car', 'motorcycle', 'bicycle', 'foot')),
    plate      text NOT NULL,
    base_lon   float8 CHECK (base_lon BETWEEN -180 AND 180), -- NULL: the district's default base
    base_lat   float8 CHECK (base_lat BETWEEN -90 AND 90),
    shifts     text[] NOT NULL,
    integrated boolean NOT NULL,
    active     boolean NOT NULL,
    PRIMARY KEY (ubigeo, id),
    CHECK ((base_lon IS NULL) = (base_lat IS NULL))
);

-- A device reports for one unit, or for none; a unit may have several.
CREATE TABLE devices (
    ubigeo        text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id            text NOT NULL CHECK (id <> ''),
    unit          text NOT NULL DEFAULT '', -- '': none
    assigned_at   timestamptz NOT NULL DEFAULT clock_timestamp(), -- when unit was last set
    "interval"    interval NOT NULL DEFAULT '0',
    known         boolean NOT NULL, -- false: it reported without having been registered
    password_hash text NOT NULL DEFAULT '', -- '': it cannot log in
    PRIMARY KEY (ubigeo, id)
);
CREATE INDEX devices_unit ON devices (ubigeo, unit);

CREATE TABLE shifts (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    code   text NOT NULL CHECK (code <> '' AND code !~ '[/[:space:]]'),
    name   text NOT NULL,
    start  text NOT NULL CHECK (start ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'), -- local clock
    "end"  text NOT NULL CHECK ("end" ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    PRIMARY KEY (ubigeo, code)
);
