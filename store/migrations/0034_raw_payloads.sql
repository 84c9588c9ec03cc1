-- Payloads of devices as they came, kept for some days where a device says so.
ALTER TABLE devices ADD COLUMN raw_days int NOT NULL DEFAULT 0 CHECK (raw_days BETWEEN 0 AND 30); -- 0: none is kept
CREATE TABLE raw_payloads (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    device   text NOT NULL,
    received timestamptz NOT NULL,
    id       bigint GENERATED ALWAYS AS IDENTITY,
    topic    text NOT NULL,
    client   text NOT NULL,
    decoder  text NOT NULL, -- '': none took it
    bytes    int NOT NULL,  -- of the payload as it came
    payload  bytea NOT NULL, -- its beginning
    fixes    json NOT NULL,
    rejects  text[] NOT NULL,
    PRIMARY KEY (ubigeo, device, received, id),
    FOREIGN KEY (ubigeo, device) REFERENCES devices (ubigeo, id) ON DELETE CASCADE
);
