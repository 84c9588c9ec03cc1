-- What devices are called elsewhere, how their clocks are wrong, which of them
-- speak for others; and how each district's topics are read.
ALTER TABLE devices ADD COLUMN name text NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN gateway boolean NOT NULL DEFAULT false;
ALTER TABLE devices ADD COLUMN clock_fix interval NOT NULL DEFAULT '0'; -- added to the times it writes

-- IMEI, uniqueId, ident, "user/device": one identity names one device.
CREATE TABLE device_identities (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    identity text NOT NULL CHECK (identity <> ''),
    device   text NOT NULL,
    PRIMARY KEY (ubigeo, identity),
    FOREIGN KEY (ubigeo, device) REFERENCES devices (ubigeo, id) ON DELETE CASCADE
);
CREATE INDEX device_identities_device ON device_identities (ubigeo, device);

-- Rules are tried in the order of n.
CREATE TABLE topic_rules (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    pattern  text NOT NULL CHECK (pattern <> ''),
    n        bigint GENERATED ALWAYS AS IDENTITY,
    format   text NOT NULL,
    identity text NOT NULL CHECK (identity IN ('topic', 'payload', 'login')),
    note     text NOT NULL,
    PRIMARY KEY (ubigeo, pattern)
);
