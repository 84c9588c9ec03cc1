-- What a unit's odometer showed and what fuel it took in, shift by shift.
CREATE TABLE unit_logs (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit     text NOT NULL CHECK (unit <> ''),
    date     date NOT NULL, -- local, on which the shift starts
    code     text NOT NULL CHECK (code <> ''),
    km_out   float8 CHECK (km_out >= 0), -- NULL in km_out..fuel_l: nobody said
    km_in    float8 CHECK (km_in >= 0),
    fuel_l   float8 CHECK (fuel_l >= 0),
    note     text NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by text NOT NULL,
    PRIMARY KEY (ubigeo, date, code, unit),
    CHECK (km_in >= km_out)
);
CREATE INDEX unit_logs_unit ON unit_logs (ubigeo, unit, date);

-- Why a payload could not be read, in one word; '': it was kept before.
ALTER TABLE dead_letters ADD COLUMN code text NOT NULL DEFAULT '';
