-- What units are bound to, and the places where one stands at fixed times.
ALTER TABLE units
    ADD COLUMN hours_from text NOT NULL DEFAULT '' CHECK (hours_from ~ '^(([01][0-9]|2[0-3]):[0-5][0-9])?$'), -- local clock; '': the whole shift
    ADD COLUMN hours_to   text NOT NULL DEFAULT '' CHECK (hours_to ~ '^(([01][0-9]|2[0-3]):[0-5][0-9])?$'),
    ADD COLUMN max_km     float8 NOT NULL DEFAULT 0 CHECK (max_km >= 0), -- 0: no limit
    ADD COLUMN sectors    text[] NOT NULL DEFAULT '{}', -- ids of fences
    ADD CHECK ((hours_from = '') = (hours_to = ''));

CREATE TABLE fixed_posts (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id     text NOT NULL CHECK (id <> ''),
    n      int  NOT NULL, -- order in the list
    body   json NOT NULL, -- patrol.FixedPost
    PRIMARY KEY (ubigeo, id)
);
