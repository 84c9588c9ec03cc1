-- For how many days the rejected rows of imported files are kept.
CREATE TABLE rejected_retention (
    ubigeo text PRIMARY KEY CHECK (ubigeo ~ '^[0-9]{6}$'),
    days   int NOT NULL CHECK (days BETWEEN 1 AND 3650)
);
ALTER TABLE incident_imports ADD COLUMN forgotten_at timestamptz; -- when its rejected rows were forgotten; NULL: they are kept
