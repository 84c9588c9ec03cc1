// Package importer reads incidents from the tables that municipalities and the
// police have: CSV with any usual delimiter, decimal mark, character set and
// date form, packed with gzip or not; Excel workbooks; GeoJSON points. Columns
// are recognised by their usual names, guessed by what they hold, or named by a
// mapping. No row is silently lost: each becomes an incident, a duplicate of
// another row, or a rejected row with its reason.
package importer

import (
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer/bounded"
)

// defaultMaxRows bounds a file, so that a wrong or hostile one fails with a
// message.
const defaultMaxRows = 2_000_000

// peekRows is how many rows are looked at to find out the order of dates and
// what the clock times mean.
const peekRows = 2000

// Options say how to read a file.
type Options struct {
	Mapping *Mapping       // nil: recognise everything
	Loc     *time.Location // of local times; nil: UTC
	// Bound rejects what lies outside; zero: everything on Earth counts.
	Bound orb.Bound
	// Ubigeo of the district, for rows that can only be told by their own; "":
	// not looked at.
	Ubigeo string
	// Latest rejects what happened after it; zero: the year 2100.
	Latest  time.Time
	MaxRows int // 0: two million
	// Locate finds the place that an address names, for rows without usable
	// coordinates, and how well; nil: they are rejected. It is called from
	// several goroutines.
	Locate func(address string) (Located, bool)
	// KeepDuplicates keeps rows of one type, place and time, for backtests on
	// sources known to have none.
	KeepDuplicates bool
	// Trust takes points and times at their word: neither points that many rows
	// share nor a midnight that stands for "not known" are looked for.
	Trust     bool
	Simulated bool // the incidents are made up
	// Progress, if not nil, is told how many rows have been read, now and then.
	Progress func(rows int)
}

// Located is where an address is.
type Located struct {
	Point orb.Point
	Grade hotspots.Grade
}

// Result is what a file gave. Rows = len(Incidents) + len(Duplicates) +
// len(Rejected).
type Result struct {
	Rows       int
	Incidents  []hotspots.Incident // in the order of the file
	Rejected   []hotspots.Rejected
	Duplicates []hotspots.Rejected // rows that repeat another; the reason names it

	Header   []string          // the file's columns
	Samples  [][]string        // of each column up to three values
	Columns  map[string]string // role → the file's column
	Guessed  []string          // roles whose column was told by what it holds
	Encoding string
	Comma    string
	Dates    string // order of day and month: dmy or mdy
	Clock    Clock  // what the times turned out to mean
	Zoned    bool   // some carry a zone or are epoch numbers, so that it matters
	Notes    []string
	Remarks  []Remark // the notes, for those who word them in another language
}

// Read reads a file of incidents. name is what errors and Incident.Source call
// it. An error means that nothing of the file could be used; what was found out
// about its columns by then is in the result. Rows that are wrong are in the
// result.
func Read(r io.Reader, name string, opt Options) (Result, error) {
	if opt.Mapping != nil {
		if err := opt.Mapping.check(); err != nil {
			return Result{}, fmt.Errorf("%w: %w", ErrMapping, err)
		}
	}
	im := &reader{opt: opt, name: name, loc: opt.Loc, size: sizeOf(r)}
	if err := im.begin(r); err != nil {
		return im.res, err
	}
	if err := im.read(); err != nil {
		return im.res, err
	}
	if im.res.Rows == 0 {
		return im.res, wrong(NoRows, nil, "%w: %s has a header and no rows", ErrFormat, name)
	}
	im.end()
	return im.res, nil
}

// sizeOf gives the bytes that are left in r; 0 if it does not say.
func sizeOf(r io.Reader) int64 {
	switch r := r.(type) {
	case interface{ Len() int }:
		return int64(r.Len())
	case *os.File:
		if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}

// reader is the state of one Read.
type reader struct {
	table  table
	opt    Options
	name   string
	loc    *time.Location
	comma  byte
	header []string
	cols   columns
	at     layout // the same by position
	key    []int
	keyOf  string // what keys begin with
	order  string
	// corrected: the file is one that WriteRejected wrote.
	corrected bool
	local     bool // clock times are local whatever zone they carry
	peeked    []record

	res      Result
	text     int               // bytes of the rows taken
	size     int64             // bytes of the file, as it is stored; 0: not known
	facts    []fact            // of each incident
	seeds    [2]maphash.Seed   // of what stands for keys
	byKey    map[[2]uint64]int // row of each source key
	dayOnly  int
	early    int
	hours    [24]int        // incidents by hour of the clock
	sharp    [24]int        // of them, on the hour to the second
	timed    int            // of them, with a time of day
	unknown  map[string]int // words of origin not known
	official bool           // keys are the source's own
}

// fact is what is kept of an incident's row until all rows are read.
type fact struct {
	raw      string
	address  string
	keyed    bool // by the source
	located  bool // by its address
	midnight bool // at 00:00 sharp
}

// begin reads the header and finds out how the file is written.
func (im *reader) begin(r io.Reader) error {
	m := im.opt.Mapping
	if m != nil && m.TimeZone != "" {
		loc, err := time.LoadLocation(m.TimeZone)
		if err != nil {
			return fmt.Errorf("%w: time_zone: %v", ErrMapping, err)
		}
		im.loc = loc
	}
	if im.loc == nil {
		im.loc = time.UTC
	}
	t, kind, encoding, err := open(r, im.name, m.comma())
	if err != nil {
		return err
	}
	im.table, im.res.Encoding = t, encoding
	addresses := im.opt.Locate != nil
	if im.header, err = t.begin(func(rows [][]string) int { return pickHeader(rows, m, addresses) }); err != nil {
		return err
	}
	if len(im.header) > maxColumns {
		return wrong(TooWide, []any{maxColumns}, "%w: %s has %d columns, more than %d", ErrFormat, im.name, len(im.header), maxColumns)
	}
	im.corrected = len(added(im.header)) > 0
	im.comma = ','
	if c, ok := t.(*csvTable); ok {
		im.comma = c.comma
	}
	if kind != formCSV {
		im.res.Encoding = string(kind)
	}
	im.res.Comma, im.res.Header, im.res.Samples = string(im.comma), im.header, im.samples()
	if err := im.peek(); err != nil {
		return err
	}
	im.res.Samples = im.samples()
	if im.cols, err = recognise(im.header, m, im.name); err != nil {
		return err
	}
	im.guess()
	im.res.Columns = map[string]string{}
	for r, i := range im.cols {
		im.res.Columns[string(r)] = strings.TrimSpace(im.header[i])
	}
	if without := im.cols.without(addresses); len(without) > 0 {
		return missing(im.name, im.header, without)
	}
	if err := im.findKey(); err != nil {
		return err
	}
	im.at = im.cols.layout()
	im.findClock()
	im.seeds, im.byKey = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, map[[2]uint64]int{}
	im.unknown = map[string]int{}
	return nil
}

// peek reads the first rows.
func (im *reader) peek() error {
	for text := 0; len(im.peeked) < peekRows && text < maxPeeked; {
		rec, err := im.table.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		text += len(rec.raw)
		rec.split(im.comma)
		if im.corrected {
			asItWas(rec.fields)
		}
		im.peeked = append(im.peeked, rec)
	}
	return nil
}

// take takes the rows of a batch.
func (im *reader) take(b *batch) error {
	im.makeRoom(len(b.out))
	for i := range b.out {
		f, keep, err := im.takeRow(&b.out[i])
		if err != nil {
			return err
		}
		if keep {
			im.facts = append(im.facts, f)
			im.res.Incidents = append(im.res.Incidents, b.ins[i])
		}
	}
	return nil
}

// makeRoom makes room for n more incidents, and for as many as the file seems to
// hold: to grow by and by would copy all of them several times.
func (im *reader) makeRoom(n int) {
	have := len(im.res.Incidents)
	if cap(im.res.Incidents)-have >= n {
		return
	}
	more := max(n, have)
	if im.text > 0 && int64(im.text) < im.size {
		left := float64(im.res.Rows) / float64(im.text) * float64(im.size-int64(im.text))
		more = max(n, min(int(1.02*left), im.mostRows()-have)+batchRows)
	}
	im.res.Incidents, im.facts = slices.Grow(im.res.Incidents, more), slices.Grow(im.facts, more)
	if im.key != nil && more > have {
		rows := make(map[[2]uint64]int, have+more)
		maps.Copy(rows, im.byKey)
		im.byKey = rows
	}
}

// takeRow adds what a row gave to the result and tells whether it is an
// incident, and what is kept of its row. That the 128 bits which stand for two different keys are the same
// does not happen.
func (im *reader) takeRow(p *parsed) (f fact, keep bool, err error) {
	im.res.Rows++
	if limit := im.mostRows(); im.res.Rows > limit {
		return f, false, wrong(TooManyRows, []any{limit}, "%w: %s has more than %d rows: import it in parts", ErrFormat, im.name, limit)
	}
	if im.text += len(p.rec.raw); im.text > maxText {
		return f, false, tooLarge(im.name, bounded.ErrTooMuch)
	}
	if im.opt.Progress != nil && im.res.Rows%10_000 == 0 {
		im.opt.Progress(im.res.Rows)
	}
	if p.err != nil {
		im.reject(p.rec.row, p.rec.raw, p.err)
		return f, false, nil
	}
	if p.early {
		im.early++
	}
	if p.oddOrigin != "" {
		im.unknown[p.oddOrigin]++
	}
	f = fact{raw: p.rec.raw, address: p.address, keyed: p.keyEnd > 0, located: p.in.Grade != hotspots.GradeExact}
	if f.keyed {
		if first, ok := im.byKey[p.id]; ok {
			key := short(p.in.Key[:p.keyEnd])
			im.res.Duplicates = append(im.res.Duplicates, hotspots.Rejected{Row: p.rec.row, Raw: strings.Clone(p.rec.raw),
				Reason: fmt.Sprintf("same key as row %d: %s", first, key), Code: string(SameKey), Values: texts([]any{first, key})})
			return f, false, nil
		}
		im.byKey[p.id] = p.rec.row
	} else {
		p.in.Key = hashKey(p.in, p.address)
	}
	switch {
	case p.dayOnly:
		im.dayOnly++
	case p.in.Until.IsZero():
		im.timed++
		im.hours[p.hour]++
		if p.sharp {
			im.sharp[p.hour]++
			f.midnight = p.hour == 0
		}
	}
	return f, true, nil
}

// mostRows is how many rows the file may have.
func (im *reader) mostRows() int {
	if im.opt.MaxRows > 0 {
		return im.opt.MaxRows
	}
	return defaultMaxRows
}

// reject puts a row among the rejected ones.
func (im *reader) reject(row int, raw string, why error) {
	code, values := about(why)
	im.res.Rejected = append(im.res.Rejected, hotspots.Rejected{Row: row, Reason: why.Error(), Raw: strings.Clone(raw), Code: code, Values: values})
}
