-- The bands of a district's traffic light, a version a change; the last one counts.
CREATE TABLE review_bands (
    ubigeo  text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    version int NOT NULL CHECK (version > 0),
    set_at  timestamptz NOT NULL,
    set_by  text NOT NULL,
    body    json, -- NULL: those of the profile again
    PRIMARY KEY (ubigeo, version)
);
