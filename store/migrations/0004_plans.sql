-- Plans of rounds. body is the plan without its rounds; version, state and
-- approval are kept in columns of their own, which count.
CREATE TABLE plans (
    ubigeo      text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id          text NOT NULL CHECK (id <> ''),
    shift       text NOT NULL CHECK (shift ~ '^\d{4}-\d{2}-\d{2}/.+$'),
    version     int  NOT NULL CHECK (version > 0),
    state       text NOT NULL CHECK (state IN ('draft', 'approved', 'published', 'superseded')),
    created_at  timestamptz NOT NULL,
    approved_at timestamptz,
    approved_by text NOT NULL DEFAULT '',
    body        json NOT NULL, -- patrol.Plan
    PRIMARY KEY (ubigeo, id),
    UNIQUE (ubigeo, shift, version)
);
-- At most one plan of a shift is in force.
CREATE UNIQUE INDEX plans_published ON plans (ubigeo, shift) WHERE state = 'published';

-- Who moved a plan from which state to which, and when.
CREATE TABLE plan_states (
    ubigeo     text NOT NULL,
    plan       text NOT NULL,
    id         bigint GENERATED ALWAYS AS IDENTITY,
    from_state text NOT NULL,
    to_state   text NOT NULL,
    at         timestamptz NOT NULL,
    username   text NOT NULL,
    PRIMARY KEY (ubigeo, plan, id),
    FOREIGN KEY (ubigeo, plan) REFERENCES plans ON DELETE CASCADE
);

CREATE TABLE rounds (
    ubigeo text NOT NULL,
    plan   text NOT NULL,
    number int  NOT NULL,
    unit   text NOT NULL,
    body   json NOT NULL,  -- patrol.Round without its legs
    legs   bytea NOT NULL, -- gzip of JSON: patrol.Leg with line and point
    PRIMARY KEY (ubigeo, plan, number),
    FOREIGN KEY (ubigeo, plan) REFERENCES plans ON DELETE CASCADE
);
ALTER TABLE rounds ALTER COLUMN legs SET STORAGE EXTERNAL;

CREATE TABLE coverage (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    shift    text NOT NULL,
    force    text NOT NULL,
    body     json NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ubigeo, shift, force)
);
