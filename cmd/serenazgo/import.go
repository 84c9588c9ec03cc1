package main

// importCmd is what can be brought into the store.
type importCmd struct {
	Streets   importStreetsCmd   `cmd:"" help:"Import the streets of a district from an OpenStreetMap extract."`
	Incidents importIncidentsCmd `cmd:"" help:"Import incidents from a table (CSV, XLSX or GeoJSON)."`
	Police    importPoliceCmd    `cmd:"" help:"Import a police patrol plan (GeoJSON)."`
	Tracks    importTracksCmd    `cmd:"" help:"Import what police vehicles drove (CSV or GPX)."`
}
