-- Tracks of vehicles that the service does not follow, from files that somebody
-- uploaded: those of police cars.
CREATE TABLE guest_files (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id       bigint GENERATED ALWAYS AS IDENTITY,
    name     text NOT NULL, -- of the file
    username text NOT NULL DEFAULT '',
    at       timestamptz NOT NULL,
    units    text[] NOT NULL,
    first    timestamptz NOT NULL,
    last     timestamptz NOT NULL CHECK (last >= first),
    fixes    int NOT NULL, -- that were new
    PRIMARY KEY (ubigeo, id)
);

CREATE TABLE guest_fixes (
    ubigeo text NOT NULL,
    unit   text NOT NULL CHECK (unit <> ''),
    time   timestamptz NOT NULL,
    lon    float8 NOT NULL,
    lat    float8 NOT NULL,
    speed  real, -- m/s; NULL: unknown
    file   bigint NOT NULL,
    PRIMARY KEY (ubigeo, unit, time),
    FOREIGN KEY (ubigeo, file) REFERENCES guest_files (ubigeo, id) ON DELETE CASCADE
);
CREATE INDEX guest_fixes_time ON guest_fixes (ubigeo, time);
CREATE INDEX guest_fixes_file ON guest_fixes (ubigeo, file);
