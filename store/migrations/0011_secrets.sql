-- What a district draws from that nobody outside may guess: the seeds of plans.
CREATE TABLE secrets (
    ubigeo     text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    purpose    text NOT NULL CHECK (purpose <> ''),
    secret     bytea NOT NULL CHECK (length(secret) = 32),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (ubigeo, purpose)
);
