-- What is made up is looked for by the page and at every import.
CREATE INDEX incidents_simulated ON incidents (ubigeo) WHERE simulated;
