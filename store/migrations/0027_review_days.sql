-- What a joint review is made of: the facts of each day, made once of its fixes.
-- day is the local date on which its shifts begin; start and "end" span them.
-- The facts are stale unless made is mark, which changes with every late fix.
CREATE TABLE review_days (
    ubigeo  text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    day     date NOT NULL,
    start   timestamptz NOT NULL,
    "end"   timestamptz NOT NULL CHECK ("end" > start),
    mark    bigint NOT NULL DEFAULT 0,
    made    bigint NOT NULL DEFAULT -1, -- the mark when their making began; -1: nothing is kept yet
    profile text NOT NULL DEFAULT '',
    streets text NOT NULL DEFAULT '', -- version
    body    bytea NOT NULL DEFAULT '', -- review.Day, packed
    PRIMARY KEY (ubigeo, day)
);
ALTER TABLE review_days ALTER COLUMN body SET STORAGE EXTERNAL;

-- Late fixes make the facts of their days stale, whoever takes them in.
CREATE FUNCTION review_day_is_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE review_days SET mark = mark + 1 WHERE ubigeo = NEW.ubigeo AND day BETWEEN NEW.day - 3 AND NEW.day + 1
        AND start <= NEW.last AND "end" > NEW.first;
    RETURN NULL;
END $$;
CREATE TRIGGER review_day_is_stale AFTER INSERT OR UPDATE ON dirty_days FOR EACH ROW EXECUTE FUNCTION review_day_is_stale();
