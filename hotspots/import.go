package hotspots

import "time"

// Import is a file of incidents that was brought in: what it gave, so that it
// can be looked at and taken back.
type Import struct {
	ID         string // unique in the district
	File       string // its name
	At         time.Time
	By         string // who brought it in
	Rows       int
	Inserted   int // incidents that were new
	Known      int // that were there already
	Duplicates int // rows that repeat another of the file
	Rejected   int
	First      time.Time // of its incidents, by when they happened
	Last       time.Time
	Simulated  bool
	Header     []string // the file's columns, as its rejected rows have them
	Comma      string   // and what separates them
	UndoneAt   time.Time
	UndoneBy   string
	// ForgottenAt is when its rejected rows were forgotten; zero: they are kept.
	ForgottenAt time.Time
}

// SourceMapping is how a district reads the files of a source, known by their
// columns.
type SourceMapping struct {
	Columns string // the source's fingerprint
	Mapping string // YAML or JSON
	At      time.Time
	By      string
}
