-- What the facts of days name the streets by, kept once for all days.
CREATE TABLE review_streets (
    ubigeo text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    name   text NOT NULL CHECK (name <> ''), -- review.StreetSetOf
    ids    text[] NOT NULL,
    PRIMARY KEY (ubigeo, name)
);

-- How occurrences were answered: what their source says, and who came first by
-- the positions of units. "unit" and reached are good if looked is not empty.
CREATE TABLE incident_answers (
    ubigeo   text NOT NULL,
    key      text NOT NULL,
    assigned timestamptz, -- NULL: the source does not say
    arrived  timestamptz,
    outcome  text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'real', 'false', 'nuisance')),
    reached  timestamptz, -- NULL: nobody came
    unit     text NOT NULL DEFAULT '',
    looked   text NOT NULL DEFAULT '', -- by the terms of which profile; '': not yet
    mark     bigint NOT NULL DEFAULT 0, -- changes with every late fix
    PRIMARY KEY (ubigeo, key),
    FOREIGN KEY (ubigeo, key) REFERENCES incidents (ubigeo, key) ON DELETE CASCADE
);

-- Late fixes have it looked at again who came. Nobody follows an occurrence for
-- longer than a day.
CREATE FUNCTION incident_answer_is_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE incident_answers a SET looked = '', mark = mark + 1 FROM incidents i
        WHERE i.ubigeo = NEW.ubigeo AND i.at BETWEEN NEW.first - interval '2 days' AND NEW.last AND i.known BETWEEN NEW.first - interval '1 day' AND NEW.last
        AND a.ubigeo = i.ubigeo AND a.key = i.key;
    RETURN NULL;
END $$;
CREATE TRIGGER incident_answer_is_stale AFTER INSERT OR UPDATE ON dirty_days FOR EACH ROW EXECUTE FUNCTION incident_answer_is_stale();
