-- Positions as reported. One partition a day (UTC), made ahead and on demand;
-- no default partition: what lies outside the sane range goes to quarantine.
-- The key is the identity of a fix, so a second delivery changes nothing; it is
-- compared byte by byte (COLLATE "C"), as the program sorts.
CREATE TABLE fixes (
    ubigeo   text COLLATE "C" NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    device   text COLLATE "C" NOT NULL CHECK (device <> ''),
    time     timestamptz NOT NULL,
    seq      bigint NOT NULL,
    unit     text NOT NULL,        -- '': none
    received timestamptz NOT NULL,
    lon      float8,               -- NULL in lon..battery: unknown
    lat      float8,
    speed    float8 CHECK (abs(speed) < 'Infinity'),    -- m/s
    course   float8 CHECK (abs(course) < 'Infinity'),   -- degrees from north
    accuracy float8 CHECK (abs(accuracy) < 'Infinity'), -- metres
    altitude float8 CHECK (abs(altitude) < 'Infinity'), -- metres
    battery  float8 CHECK (abs(battery) < 'Infinity'),  -- 0..1
    ignition boolean,
    event    text NOT NULL,        -- '': an ordinary fix
    flags    int  NOT NULL,        -- fleet.FixFlag
    PRIMARY KEY (ubigeo, device, time, seq),
    CONSTRAINT position_on_earth CHECK (flags & 1 <> 0 OR (lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90)),
    CONSTRAINT position_whole CHECK ((lon IS NULL) = (lat IS NULL))
) PARTITION BY RANGE (time);

-- Fixes whose time no partition takes, with the reason. Times before year 1
-- and after 9999 are kept as those years' ends.
CREATE TABLE fix_quarantine (
    LIKE fixes INCLUDING CONSTRAINTS INCLUDING DEFAULTS,
    reason text NOT NULL,
    PRIMARY KEY (ubigeo, device, time, seq)
);

-- The newest usable fix of each device; it only moves forward in fix time.
CREATE TABLE last_fixes (
    LIKE fixes INCLUDING CONSTRAINTS INCLUDING DEFAULTS,
    PRIMARY KEY (ubigeo, device)
) WITH (fillfactor = 60);

-- Which devices carried a unit on a day (UTC): the way from a unit to its
-- fixes without a second index on them.
CREATE TABLE fix_days (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit   text NOT NULL,
    day    date NOT NULL,
    device text COLLATE "C" NOT NULL,
    PRIMARY KEY (ubigeo, unit, day, device)
);

-- Days (UTC) of a unit to compute again because fixes came late. mark changes
-- with every further late fix.
CREATE TABLE dirty_days (
    ubigeo   text COLLATE "C" NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit     text NOT NULL,
    day      date NOT NULL,
    first    timestamptz NOT NULL, -- of the late fixes
    last     timestamptz NOT NULL,
    fixes    bigint NOT NULL,
    mark     bigint NOT NULL,
    PRIMARY KEY (ubigeo, unit, day)
);

-- Payloads that could not be decoded or stored, with the raw bytes.
CREATE TABLE dead_letters (
    ubigeo   text COLLATE "C" NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    received timestamptz NOT NULL,
    id       bigint GENERATED ALWAYS AS IDENTITY,
    topic    text NOT NULL,
    client   text NOT NULL,
    reason   text NOT NULL,
    payload  bytea NOT NULL,
    PRIMARY KEY (ubigeo, received, id)
);
