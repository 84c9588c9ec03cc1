-- What a district's forecast is made with, and what its incidents changed last.
ALTER TABLE incidents ADD COLUMN changed timestamptz NOT NULL DEFAULT now(); -- when it was brought in
CREATE INDEX incidents_changed ON incidents (ubigeo, changed);

-- How much harm an incident of a class stands for, where the district says
-- otherwise than the catalogue.
CREATE TABLE harm_weights (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    kind   text NOT NULL CHECK (kind <> ''),
    weight float8 NOT NULL CHECK (weight >= 1 AND weight <= 30),
    PRIMARY KEY (ubigeo, kind)
);

-- The model that the district's forecasts are made with; none: the usual one.
CREATE TABLE forecast_models (
    ubigeo   text PRIMARY KEY CHECK (ubigeo ~ '^[0-9]{6}$'),
    model    text NOT NULL,
    at       timestamptz NOT NULL,
    username text NOT NULL
);

-- Backtests on the district's own incidents.
CREATE TABLE backtests (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id       text NOT NULL CHECK (id <> ''),
    at       timestamptz NOT NULL,
    username text NOT NULL,
    seen_at  timestamptz NOT NULL, -- when its process last said that it works on it
    body     json NOT NULL,
    PRIMARY KEY (ubigeo, id)
);
CREATE INDEX backtests_at ON backtests (ubigeo, at);
