-- Accounts. ubigeo is the district that made the account ('000000': the
-- installation); user_districts says which districts it may see.
CREATE TABLE users (
    ubigeo        text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    username      text NOT NULL CHECK (username <> '' AND username = lower(username)),
    name          text NOT NULL,
    password_hash text NOT NULL,
    disabled      boolean NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (ubigeo, username)
);
CREATE UNIQUE INDEX users_username ON users (username);

CREATE TABLE user_districts (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'), -- the district that may be seen
    username text NOT NULL,
    home     text NOT NULL, -- users.ubigeo
    role     text NOT NULL CHECK (role IN ('admin', 'supervisor', 'operator', 'crew', 'liaison', 'auditor')),
    PRIMARY KEY (ubigeo, username),
    FOREIGN KEY (home, username) REFERENCES users (ubigeo, username) ON DELETE CASCADE
);
CREATE INDEX user_districts_username ON user_districts (username);

-- Logins; only the hash of a token is kept.
CREATE TABLE sessions (
    ubigeo     text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    username   text NOT NULL,
    csrf       text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    remote     text NOT NULL,
    PRIMARY KEY (ubigeo, token_hash)
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_username ON sessions (username);

-- Failed logins, by whatever the caller throttles (user name, address).
-- ubigeo is '000000': nobody is known yet.
CREATE TABLE login_failures (
    ubigeo  text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    subject text NOT NULL,
    at      timestamptz NOT NULL,
    id      bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (ubigeo, subject, at, id)
);

-- One-time tokens that make the first administrator; only hashes.
CREATE TABLE setup_tokens (
    ubigeo     text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (ubigeo, token_hash)
);

CREATE TABLE audit (
    ubigeo   text NOT NULL CHECK (ubigeo ~ '^[0-9]{6}$'),
    at       timestamptz NOT NULL,
    id       bigint GENERATED ALWAYS AS IDENTITY,
    username text NOT NULL, -- '': nobody was logged in
    action   text NOT NULL CHECK (action <> ''),
    subject  text NOT NULL,
    detail   text NOT NULL,
    remote   text NOT NULL,
    PRIMARY KEY (ubigeo, at, id)
);
