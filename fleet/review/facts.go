package review

import (
	"bytes"
	"compress/flate"
	"encoding/gob"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/hotspots"
)

// CellRes and TileRes are the resolutions of the cells that facts are kept in: presence, and streets and
// hot cells.
const (
	CellRes = 9
	TileRes = 10
)

// Format is the version of the facts; days kept in an earlier one are made anew
// while their positions are there. Format 1 is read as it is: what it does not
// say is unknown.
const (
	Format      = 2
	firstFormat = 1
)

// Day is what is kept of a day: its shifts, those that begin on its date. It is
// made once of the day's fixes, and again if late ones come.
type Day struct {
	Format  int
	Date    string
	Profile string // whose thresholds
	Streets string // version
	// Cells of resolution 9 that a street of the district touches; Tiles of
	// resolution 10 in which the middle of one lies, and their street in metres.
	Cells  []hotspots.Cell
	Tiles  []hotspots.Cell
	Metres []uint32
	Shifts []Shift
	Whole  Streets // covered in any of the shifts

	// Places are cells of resolution 10 in which units had something to do or were
	// in a priority area.
	Places []hotspots.Cell
	// StreetSet names the list of the ids of the streets that Shift.Covered tells
	// of; "": the day does not say.
	StreetSet string
	// SlotSeconds is how long a part of the clock is in which both forces count as
	// there at once; 0: half an hour.
	SlotSeconds int64
}

// Slot is the length of the parts of the clock that presence is judged by, in
// seconds.
func (d *Day) Slot() int64 {
	if d.SlotSeconds <= 0 {
		return DefaultTerms().SlotSeconds()
	}
	return d.SlotSeconds
}

// Streets is the street of each tile by who covered it, in metres. The index of
// By is a set: 1 municipal, 2 police, 4 integrated.
type Streets struct {
	By      [8][]uint32
	Unknown []uint32 // covered by nobody; a silent unit was sent there
}

// Shift is what is kept of a shift.
type Shift struct {
	ID         fleet.ShiftID
	Code, Name string
	Start, End time.Time
	Streets    Streets
	Units      []Unit
	Stays      []Stay // by unit and start
	Hot        []Hot
	Planned    bool // it had a plan
	Ready      int  // units registered as operational at its start
	Registered int  // units that work in it
	PolicePlan PolicePlan

	// Covered tells of each street of Day.StreetSet who covered it: a set as in
	// Streets.By, and Silent where nobody did and a silent unit was sent there.
	Covered  []byte
	Areas    int         // priority areas in force
	Register [3]Register // of the units that work in it, by force
}

// Silent marks a street in Shift.Covered of which nothing is known.
const Silent = 8

// Register counts units by what the register says of them at a shift's start.
type Register struct {
	Operational, Workshop, NoFuel, Retired int
}

// all is how many units it counts.
func (r Register) all() int { return r.Operational + r.Workshop + r.NoFuel + r.Retired }

// Unit is what a unit did in a shift; only units that were heard are kept.
type Unit struct {
	ID           string
	Force        coverage.Force
	Duty, Silent time.Duration
	Silences     []Spell // of it, each
	Fixes, Late  int
	Metres       float64 // between positions
	Priority     time.Duration
	Asked, Done  float64 // metres of first visits of its round; of them, driven by it
	Stops, Made  int
	HasRound     bool
	Vehicle      bool   // a car or a motorcycle
	Parts        []Part // of what follows, by place
}

// Part is what a unit had to do and did in one place: of Unit.Priority, Asked,
// Done, Stops and Made.
type Part struct {
	Place       uint16        // index of Day.Places
	Priority    time.Duration // in areas in force
	Asked, Done float32       // metres
	Stops, Made int
}

// Spell is a stretch of a shift, in tenths of seconds from its start.
type Spell struct{ From, To int32 }

// Stay is a unit's time in a cell: indexes of Units and Cells.
type Stay struct {
	Unit, Cell uint16
	Spell
}

// Spell turns a stretch of time into tenths of seconds of the shift.
func (s *Shift) Spell(w coverage.Window) Spell {
	tenths := func(t time.Time) int32 {
		return int32(min(max(t.Sub(s.Start), 0), s.End.Sub(s.Start)).Round(100*time.Millisecond) / (100 * time.Millisecond))
	}
	return Spell{tenths(w.Start), tenths(w.End)}
}

// Hot is a hot cell of resolution 10 in which stops were planned.
type Hot struct {
	Cell    hotspots.Cell
	Planned time.Duration
	Dwell   [3]time.Duration // by force
	MaxGap  time.Duration    // without anybody
}

// PolicePlan is what the police plan expects; it was not seen.
type PolicePlan struct {
	Any    bool
	Metres []float32 // by tile: Σ probability × length
	Slots  []Likely
}

// Likely is the chance that the police are in a cell during a part of the clock
// (Day.Slot), in thousandths; Slot counts from that of the shift's start.
type Likely struct {
	Cell, Slot uint16
	Chance     uint16
}

// heard tells whether any unit was heard on the day; of a day of silence nothing
// is known.
func (d *Day) heard() bool {
	return slices.ContainsFunc(d.Shifts, func(s Shift) bool { return len(s.Units) > 0 })
}

// heard tells whose units were heard in a shift. Without a municipal or an
// integrated crew nothing is known of the municipality, nor of both together:
// tracks of the police alone say what the police did.
type heard struct{ own, police bool }

func (s *Shift) heard() (h heard) {
	for _, u := range s.Units {
		h.own = h.own || u.Force != coverage.Police
		h.police = h.police || u.Force == coverage.Police
	}
	return h
}

// of tells whether figures of a force are known; those of all together have the
// index after the forces.
func (h heard) of(force int) bool {
	if force == int(coverage.Police) {
		return h.police
	}
	return h.own
}

// Slots is the number of parts of the clock, of a length in seconds, that a shift
// touches, and the first of them, counted from 1970.
func (s *Shift) Slots(length int64) (first int64, n int) {
	first = s.Start.Unix() / length
	return first, int((s.End.Unix()-1)/length-first) + 1
}

// Encode writes a day compactly.
func (d Day) Encode() ([]byte, error) {
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if err := gob.NewEncoder(z).Encode(d); err != nil {
		return nil, fmt.Errorf("facts of %s: %w", d.Date, err)
	}
	err = z.Close()
	return b.Bytes(), err
}

// maxDay bounds what a day may hold when it is unpacked.
const maxDay = 256 << 20

// DecodeDay reads what Encode wrote. A day of a format
// that is not known gives an empty Day.
func DecodeDay(b []byte) (Day, error) {
	var d Day
	if err := gob.NewDecoder(io.LimitReader(flate.NewReader(bytes.NewReader(b)), maxDay)).Decode(&d); err != nil {
		return Day{}, fmt.Errorf("facts of a day cannot be read; make them anew with serenazgo review --again: %w", err)
	}
	if d.Format < firstFormat || d.Format > Format {
		return Day{}, nil
	}
	return d, nil
}

// Kept is a day's facts as they are stored.
type Kept struct {
	Date    string
	Mark    int64  // what had been heard when they were begun
	Profile string // whose thresholds, and the format
	Streets string // version
	Stale   bool   // fixes came late since
	Body    []byte // Day.Encode
}
