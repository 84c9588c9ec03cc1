-- The process that has a calculation. One that was cut off for so long that
-- another took its work must not finish it too.
ALTER TABLE plan_jobs ADD COLUMN owner text NOT NULL DEFAULT '';
