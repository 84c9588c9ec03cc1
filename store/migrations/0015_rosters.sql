-- Who goes out in a shift. A shift without a row is worked by the units that
-- are bound to it.
CREATE TABLE rosters (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    date     date NOT NULL, -- local, on which the shift starts
    code     text NOT NULL CHECK (code <> ''),
    units    text[] NOT NULL CHECK (cardinality(units) > 0),
    saved_at timestamptz NOT NULL,
    saved_by text NOT NULL,
    PRIMARY KEY (ubigeo, date, code)
);
-- What was asked of a calculation that waits for its turn, so that another
-- process can take it over; NULL once it has begun.
ALTER TABLE plan_jobs ADD COLUMN request json;
