-- What units did day by day, what happened to them, the areas that matter, and
-- which units can go out.
CREATE TABLE fences (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id       text NOT NULL CHECK (id <> ''),
    name     text NOT NULL CHECK (name <> ''),
    kind     text NOT NULL CHECK (kind IN ('sector', 'base', 'forbidden', 'priority')),
    geometry bytea NOT NULL, -- MultiPolygon as WKB
    PRIMARY KEY (ubigeo, id)
);

-- day is the local date on which the operational day begins.
CREATE TABLE unit_days (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit     text NOT NULL CHECK (unit <> ''),
    day      date NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now(),
    body     json NOT NULL, -- journal.Day without its events
    PRIMARY KEY (ubigeo, day, unit)
);

CREATE TABLE unit_events (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    day    date NOT NULL,
    unit   text NOT NULL CHECK (unit <> ''),
    kind   text NOT NULL CHECK (kind <> ''),
    place  text NOT NULL, -- '': none
    start  timestamptz NOT NULL,
    "end"  timestamptz, -- NULL: it goes on, or has no duration
    lon    float8,
    lat    float8,
    value  float8 NOT NULL,
    device text NOT NULL,
    PRIMARY KEY (ubigeo, day, unit, kind, place, start)
);
CREATE INDEX unit_events_start ON unit_events (ubigeo, start);

-- Days of fixes to compute again, like dirty_days, which others clear.
CREATE TABLE journal_dirty (
    ubigeo text COLLATE "C" NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit   text NOT NULL,
    day    date NOT NULL, -- UTC
    first  timestamptz NOT NULL,
    last   timestamptz NOT NULL,
    mark   bigint NOT NULL,
    PRIMARY KEY (ubigeo, unit, day)
);
CREATE FUNCTION journal_is_dirty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal_dirty AS d (ubigeo, unit, day, first, last, mark) VALUES (NEW.ubigeo, NEW.unit, NEW.day, NEW.first, NEW.last, 1)
    ON CONFLICT (ubigeo, unit, day) DO UPDATE SET first = least(d.first, excluded.first), last = greatest(d.last, excluded.last), mark = d.mark + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER journal_is_dirty AFTER INSERT OR UPDATE ON dirty_days FOR EACH ROW EXECUTE FUNCTION journal_is_dirty();

-- The state of a unit from an instant until the next row.
CREATE TABLE unit_states (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit     text NOT NULL CHECK (unit <> ''),
    since    timestamptz NOT NULL,
    state    text NOT NULL CHECK (state IN ('operational', 'workshop', 'no_fuel')),
    expected timestamptz, -- back in service; NULL: not known
    reason   text NOT NULL,
    username text NOT NULL,
    PRIMARY KEY (ubigeo, unit, since)
);
