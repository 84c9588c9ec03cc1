-- Rows that repeat another are told from those that can be corrected.
ALTER TABLE rejected_rows
    ADD COLUMN code text NOT NULL DEFAULT ''; -- of the reason; '': not known, of an earlier import
