-- Fixes of vehicles that are handed on to the ministry and that the
-- retransmission has not looked at: written with the fix, so that it does not
-- matter how long storing it took.
CREATE TABLE relay_news (
    ubigeo   text COLLATE "C" NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    unit     text NOT NULL CHECK (unit <> ''),
    time     timestamptz NOT NULL,
    device   text COLLATE "C" NOT NULL,
    seq      bigint NOT NULL,
    received timestamptz NOT NULL,
    PRIMARY KEY (ubigeo, unit, time, device, seq)
);
ALTER TABLE relay_cursors DROP COLUMN until;
ALTER TABLE relays ADD COLUMN since timestamptz NOT NULL DEFAULT now(); -- switched on last
ALTER TABLE relays ADD COLUMN trouble json; -- relay.Trouble; NULL: none
ALTER TABLE relay_gaps DROP CONSTRAINT relay_gaps_reason_check;
ALTER TABLE relay_gaps ADD CONSTRAINT relay_gaps_reason_check CHECK (reason IN ('silence', 'refused', 'cap', 'off'));

-- Days (UTC) of which the positions were forgotten: figures of them must not be
-- made again from the few fixes that come later.
CREATE TABLE forgotten_days (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    day    date NOT NULL,
    PRIMARY KEY (ubigeo, day)
);
