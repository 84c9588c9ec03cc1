-- Calculations of plans, so that one who asks after a restart is told how it
-- ended. seen_at moves on while a process works on it.
CREATE TABLE plan_jobs (
    ubigeo     text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    id         text NOT NULL CHECK (id <> ''),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at    timestamptz NOT NULL,
    body       json NOT NULL, -- as the API gives it
    PRIMARY KEY (ubigeo, id)
);
