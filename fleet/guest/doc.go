// Package guest reads tracks of vehicles that the service does not follow, such
// as those of police cars, from files: CSV as trackers' portals write it, or GPX.
// A row that cannot be used is left out and told of, with its number and why.
//
// Instants are UTC, places [lon, lat], speeds m/s (files write km/h). Local times
// are in Options.Loc. The package has no clock.
package guest

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots/importer/bounded"
)

// Limits of a file.
const (
	MaxBytes = 512 << 20
	MaxRows  = 1_000_000
	maxName  = 40 // characters of a vehicle's name
	// maxElement is how long, in bytes, a row of a CSV or a point or text of a GPX
	// may be; an unclosed quote must not swallow the rest of a file.
	maxElement = 1 << 20
	// maxDepth is how deep elements of a GPX may lie in each other.
	maxDepth = 100
)

// Prefix begins the id of a vehicle that is known from files only; no unit of a
// municipality has such an id.
const Prefix = "pnp:"

// Options are what a file is read by.
type Options struct {
	Loc   *time.Location         // of times that name no zone
	Now   time.Time              // later positions are refused
	Since time.Time              // earlier positions are refused: they would be forgotten at once
	Near  orb.Bound              // places beyond it are left out; empty: none are
	Known func(name string) bool // vehicles that are followed already; nil: none
}

// Code says why a row is left out.
type Code string

// The codes.
const (
	NoTime   Code = "no_time"
	BadTime  Code = "bad_time"
	Future   Code = "future"
	TooOld   Code = "too_old" // older than what the district keeps
	NoPlace  Code = "no_place"
	BadPlace Code = "bad_place"
	Far      Code = "far" // not near the district
	NoUnit   Code = "no_unit"
	BadUnit  Code = "bad_unit"
	IsKnown  Code = "known" // followed already: its positions would count twice
	BadRow   Code = "bad_row"
	Repeated Code = "repeated" // a second position of the vehicle at that instant
)

// Rejected is a row that is left out. Row counts lines of a CSV from 1, points of
// a GPX from 1.
type Rejected struct {
	Row   int    `json:"row"`
	Code  Code   `json:"code"`
	Value string `json:"value"` // what stands there, shortened
}

// Result is what a file holds.
type Result struct {
	Fixes    []fleet.Fix // by vehicle and time; Unit is Prefix and the name
	Rows     int
	Rejected []Rejected // MaxListed of them, by row
	Reasons  map[Code]int
}

// MaxListed is how many rejected rows are listed; all are counted.
const MaxListed = 200

// ErrFile says that a whole file cannot be used.
var ErrFile = fmt.Errorf("%w: unusable file of tracks", fleet.ErrInvalid)

// errMany is a file of too many positions.
var errMany = fmt.Errorf("%w: more than %d positions: divide it by days", ErrFile, MaxRows)

// Read reads a file; name is what it is called, which tells nothing of its
// format. Errors wrap ErrFile when the file is at fault.
func Read(r io.Reader, name string, o Options) (Result, error) {
	bound := bounded.New(r, MaxBytes+1, maxElement)
	in := bufio.NewReaderSize(bound, 64<<10)
	head, err := in.Peek(2048)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return Result{}, err
	}
	c := &collector{o: o, out: Result{Reasons: map[Code]int{}}, begin: bound.Step}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(text) == 0:
		return Result{}, fmt.Errorf("%w: %s is empty", ErrFile, name)
	case bytes.HasPrefix(text, []byte("<")):
		err = readGPX(in, strings.TrimSuffix(name, filepath.Ext(name)), c)
	case bytes.IndexByte(text, 0) >= 0:
		return Result{}, fmt.Errorf("%w: %s is neither CSV nor GPX", ErrFile, name)
	default:
		err = readCSV(in, name, c)
	}
	if errors.Is(err, bounded.ErrTooMuch) {
		return Result{}, fmt.Errorf("%w: %s is too large: %w", ErrFile, name, err)
	}
	if err != nil {
		return Result{}, err
	}
	c.order()
	return c.out, nil
}

// collector takes rows and judges them.
type collector struct {
	o     Options
	out   Result
	begin func() // tells the reader that the next element begins
}

// order sorts the positions by vehicle and time, of which each keeps the one that
// came first, and what is listed as left out by row.
func (c *collector) order() {
	slices.SortStableFunc(c.out.Fixes, func(a, b fleet.Fix) int {
		return cmp.Or(strings.Compare(a.Unit, b.Unit), a.Time.Compare(b.Time))
	})
	kept := c.out.Fixes[:0]
	for _, f := range c.out.Fixes {
		if n := len(kept); n > 0 && kept[n-1].Unit == f.Unit && kept[n-1].Time.Equal(f.Time) {
			c.reject(int(f.Seq), Repeated, f.Time.In(c.o.Loc).Format(time.DateTime))
			continue
		}
		kept = append(kept, f)
	}
	for i := range kept {
		kept[i].Seq = 0 // it was the row
	}
	c.out.Fixes = kept
	slices.SortStableFunc(c.out.Rejected, func(a, b Rejected) int { return cmp.Compare(a.Row, b.Row) })
}

// reject leaves a row out.
func (c *collector) reject(row int, code Code, value string) {
	c.out.Reasons[code]++
	if len(c.out.Rejected) < MaxListed {
		if r := []rune(strings.ToValidUTF8(value, "?")); len(r) > 60 {
			value = string(r[:60]) + "…"
		}
		c.out.Rejected = append(c.out.Rejected, Rejected{row, code, strings.ToValidUTF8(value, "?")})
	}
}

// row is a position as it is written.
type row struct {
	n                         int
	unit, time, lat, lon, kmh string
}

// take judges a row and keeps it if it can be used.
func (c *collector) take(r row) error {
	c.out.Rows++
	if c.out.Rows > MaxRows {
		return errMany
	}
	unit := strings.ToUpper(strings.Join(strings.Fields(r.unit), " "))
	switch bad := func(x rune) bool { return !unicode.IsPrint(x) }; {
	case unit == "":
		c.reject(r.n, NoUnit, "")
		return nil
	case !utf8.ValidString(unit) || utf8.RuneCountInString(unit) > maxName || strings.ContainsFunc(unit, bad):
		c.reject(r.n, BadUnit, r.unit)
		return nil
	case c.o.Known != nil && c.o.Known(unit):
		c.reject(r.n, IsKnown, unit)
		return nil
	case strings.TrimSpace(r.time) == "":
		c.reject(r.n, NoTime, "")
		return nil
	}
	at, ok := parseTime(strings.TrimSpace(r.time), c.o.Loc)
	if !ok {
		c.reject(r.n, BadTime, r.time)
		return nil
	}
	if at.After(c.o.Now) {
		c.reject(r.n, Future, r.time)
		return nil
	}
	if at.Before(c.o.Since) {
		c.reject(r.n, TooOld, r.time)
		return nil
	}
	point, code := place(r.lon, r.lat, c.o.Near)
	if code != "" {
		c.reject(r.n, code, r.lat+" "+r.lon)
		return nil
	}
	speed := math.NaN()
	if v, ok := number(r.kmh); ok && v >= 0 && v < 400 {
		speed = v / 3.6
	}
	nan, id := math.NaN(), Prefix+unit
	c.out.Fixes = append(c.out.Fixes, fleet.Fix{Device: id, Unit: id, Seq: int64(r.n), Time: at, Received: at, Point: point, Speed: speed, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan})
	return nil
}

// place reads a position. 0, 0 is a tracker without satellites.
func place(lon, lat string, near orb.Bound) (orb.Point, Code) {
	if strings.TrimSpace(lon) == "" || strings.TrimSpace(lat) == "" {
		return orb.Point{}, NoPlace
	}
	x, okX := number(lon)
	y, okY := number(lat)
	switch p := (orb.Point{x, y}); {
	case !okX || !okY || x < -180 || x > 180 || y < -90 || y > 90 || x == 0 && y == 0:
		return orb.Point{}, BadPlace
	case !near.IsZero() && !near.Contains(p):
		return orb.Point{}, Far
	default:
		return p, ""
	}
}

// File is a file of tracks that was taken in.
type File struct {
	ID    int64     `json:"id"`
	Name  string    `json:"name"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at"`
	Units []string  `json:"units"` // vehicles, with Prefix
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
	Fixes int       `json:"fixes"` // that are kept of it
	// Replaced is how many positions of earlier files it says otherwise; told when it
	// is taken in, and not kept.
	Replaced int `json:"-"`
}
