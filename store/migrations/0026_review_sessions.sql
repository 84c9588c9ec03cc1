-- Meetings at which a review of a period is looked at by both sides, version by
-- version. figures is the review as it was taken, body the rest of the session.
CREATE TABLE review_sessions (
    ubigeo    text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id        text NOT NULL CHECK (id <> ''),
    date_from date NOT NULL,
    date_to   date NOT NULL CHECK (date_to >= date_from),
    sector    text NOT NULL, -- '': the whole district
    shift     text NOT NULL, -- '': all
    version   int  NOT NULL CHECK (version > 0),
    state     text NOT NULL CHECK (state IN ('draft', 'review', 'locked')),
    changed   timestamptz NOT NULL,
    hash      text NOT NULL CHECK ((hash <> '') = (state = 'locked')),
    body      json NOT NULL, -- session.Session without its figures
    figures   json,
    PRIMARY KEY (ubigeo, id),
    UNIQUE (ubigeo, date_from, date_to, sector, shift, version)
);
-- Of a period at most one version is open.
CREATE UNIQUE INDEX review_sessions_open ON review_sessions (ubigeo, date_from, date_to, sector, shift) WHERE state <> 'locked';

-- What both sides signed stays as it is, whoever asks.
CREATE FUNCTION review_session_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'locked' THEN
        RAISE EXCEPTION 'review session % is signed and cannot change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_session_is_locked BEFORE UPDATE OR DELETE ON review_sessions FOR EACH ROW EXECUTE FUNCTION review_session_is_locked();
