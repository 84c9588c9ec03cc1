-- What the source of a copy says of how its incident was answered: it comes into
-- force with the copy.
ALTER TABLE incident_copies
    ADD COLUMN assigned timestamptz,
    ADD COLUMN arrived timestamptz,
    ADD COLUMN outcome text; -- NULL: the source says nothing of the answer
