-- What devices tell of themselves beside their place.
ALTER TABLE fixes ADD COLUMN odometer float8, -- metres in all; NULL: not told
    ADD COLUMN engine float8,                 -- seconds that the engine has run in all; NULL: not told
    ADD COLUMN power boolean;                 -- fed by the vehicle; NULL: not told
ALTER TABLE last_fixes ADD COLUMN odometer float8, ADD COLUMN engine float8, ADD COLUMN power boolean;
ALTER TABLE fix_quarantine ADD COLUMN odometer float8, ADD COLUMN engine float8, ADD COLUMN power boolean;

-- Nothing is not zero: a low battery may be empty.
ALTER TABLE unit_events ALTER COLUMN value DROP NOT NULL;
UPDATE unit_events SET value = NULL WHERE value = 0 AND kind NOT IN ('overspeed', 'fence_exit');
