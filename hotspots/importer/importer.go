// Package importer reads incidents from the tables that municipalities and the
// police have: CSV with any usual delimiter, decimal mark, character set and
// date form, packed with gzip or not. Columns are recognised by their usual
// names or named by a mapping. No row is silently lost: each becomes an
// incident, a duplicate of another row, or a rejected row with its reason.
package importer

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
	"golang.org/x/text/encoding/charmap"
)

// defaultMaxRows bounds a file, so that a wrong or hostile one fails with a
// message.
const defaultMaxRows = 5_000_000

// peekRows is how many rows are looked at to find out the order of dates and
// what the clock times mean.
const peekRows = 2000

// Options say how to read a file.
type Options struct {
	Mapping *Mapping       // nil: recognise everything
	Loc     *time.Location // of local times; nil: UTC
	// Bound rejects what lies outside; zero: everything on Earth counts.
	Bound orb.Bound
	// Latest rejects what happened after it; zero: the year 2100.
	Latest  time.Time
	MaxRows int // 0: five million
	// KeepDuplicates keeps rows of one type, place and time, for backtests on
	// sources known to have none.
	KeepDuplicates bool
	Simulated      bool // the incidents are made up
}

// Result is what a file gave. Rows = len(Incidents) + len(Duplicates) +
// len(Rejected).
type Result struct {
	Rows       int
	Incidents  []hotspots.Incident // in the order of the file
	Rejected   []hotspots.Rejected
	Duplicates []hotspots.Rejected // rows that repeat another; the reason names it

	Columns  map[string]string // role → the file's column
	Encoding string
	Comma    string
	Dates    string // order of day and month: dmy or mdy
	Clock    Clock  // what the times turned out to mean
	Notes    []string
	Remarks  []Remark // the notes, for those who word them in another language
}

// Read reads a file of incidents. name is what errors and Incident.Source call
// it. An error means that nothing of the file could be used; rows that are
// wrong are in the result.
func Read(r io.Reader, name string, opt Options) (Result, error) {
	if opt.Mapping != nil {
		if err := opt.Mapping.check(); err != nil {
			return Result{}, fmt.Errorf("%w: %w", ErrMapping, err)
		}
	}
	b, encoding, err := text(r, name)
	if err != nil {
		return Result{}, err
	}
	im := &reader{lines: lines{r: b, name: name, decoder: charmap.Windows1252}, opt: opt, name: name, loc: opt.Loc}
	im.res.Encoding = encoding
	if err := im.begin(); err != nil {
		return Result{}, err
	}
	if err := im.read(); err != nil {
		return Result{}, err
	}
	if im.res.Rows == 0 {
		return Result{}, wrong(NoRows, nil, "%w: %s has a header and no rows", ErrFormat, name)
	}
	im.end()
	return im.res, nil
}

// reader is the state of one Read.
type reader struct {
	lines
	opt    Options
	name   string
	loc    *time.Location
	comma  byte
	header []string
	cols   columns
	key    []int
	keyOf  string // what keys begin with
	order  string
	local  bool // clock times are local whatever zone they carry
	peeked []record
	types  [3]map[string]string // texts seen, so that equal ones share memory

	res        Result
	byKey      map[string]int // row of each source key
	unkeyed    []int          // incidents without a source key
	unkeyedRaw []string       // and their rows
	origins    map[string]hotspots.Origin
	dayOnly    int
	early      int
	unknown    map[string]int // words of origin not known
	official   bool           // keys are the source's own
}

// begin reads the header and finds out how the file is written.
func (im *reader) begin() error {
	if im.opt.Mapping != nil && im.opt.Mapping.TimeZone != "" {
		loc, err := time.LoadLocation(im.opt.Mapping.TimeZone)
		if err != nil {
			return fmt.Errorf("%w: time_zone: %v", ErrMapping, err)
		}
		im.loc = loc
	}
	if im.loc == nil {
		im.loc = time.UTC
	}
	first, err := im.next()
	for err == nil && strings.TrimSpace(first) == "" {
		first, err = im.next()
	}
	if err == io.EOF {
		return wrong(Empty, nil, "%w: %s is empty", ErrFormat, im.name)
	}
	if err != nil {
		return err
	}
	if sep, ok := strings.CutPrefix(strings.ToLower(first), "sep="); ok && len(sep) == 1 { // Excel's own hint
		im.comma = sep[0]
		if first, err = im.next(); err != nil {
			return wrong(Empty, nil, "%w: %s has no header", ErrFormat, im.name)
		}
	}
	if c := im.opt.Mapping.comma(); c != 0 {
		im.comma = c
	}
	if im.comma == 0 {
		im.comma = delimiterOf(first)
	}
	header, open := split(first, im.comma)
	if open {
		return wrong(OpenHeader, nil, "%w: the header of %s: %w", ErrFormat, im.name, errQuote)
	}
	im.header = header
	if im.cols, err = recognise(header, im.opt.Mapping, im.name); err != nil {
		return err
	}
	if err := im.findKey(); err != nil {
		return err
	}
	if len(im.key) > 0 {
		im.keyOf = plain(header[im.key[0]])
		if m := im.opt.Mapping; m != nil && m.Source != "" {
			im.keyOf = m.Source
		}
	}
	for len(im.peeked) < peekRows {
		rec, err := im.nextRecord(im.comma)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		im.peeked = append(im.peeked, rec)
	}
	im.findClock()
	im.res.Columns = map[string]string{}
	for r, i := range im.cols {
		im.res.Columns[string(r)] = strings.TrimSpace(header[i])
	}
	im.res.Comma = string(im.comma)
	im.byKey = map[string]int{}
	im.unknown = map[string]int{}
	im.origins = map[string]hotspots.Origin{}
	for i := range im.types {
		im.types[i] = map[string]string{}
	}
	return nil
}

// field gives a row's text for a role, "" where the table has no such column.
func (im *reader) field(rec record, r role) string {
	if i, ok := im.cols[r]; ok && i < len(rec.fields) {
		return strings.TrimSpace(rec.fields[i])
	}
	return ""
}

// read goes through the rows.
func (im *reader) read() error {
	limit := im.opt.MaxRows
	if limit <= 0 {
		limit = defaultMaxRows
	}
	one := func(rec record) error {
		im.res.Rows++
		if im.res.Rows > limit {
			return wrong(TooManyRows, []any{limit}, "%w: %s has more than %d rows: import it in parts", ErrFormat, im.name, limit)
		}
		if err := im.row(rec); err != nil {
			code, values := about(err)
			im.res.Rejected = append(im.res.Rejected, hotspots.Rejected{Row: rec.row, Reason: err.Error(), Raw: rec.raw, Code: code, Values: values})
		}
		return nil
	}
	for _, rec := range im.peeked {
		if err := one(rec); err != nil {
			return err
		}
	}
	im.peeked = nil
	for {
		rec, err := im.nextRecord(im.comma)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := one(rec); err != nil {
			return err
		}
	}
}

// row turns a row into an incident; the error is the reason to reject it.
func (im *reader) row(rec record) error {
	if rec.err != nil {
		return rec.err
	}
	if len(rec.fields) != len(im.header) && len(strings.TrimRight(strings.Join(rec.fields[min(len(rec.fields), len(im.header)):], ""), " ")) > 0 {
		return wrong(FieldCount, []any{len(rec.fields), len(im.header)}, "%d fields where the header has %d: is a %q inside an unquoted field?", len(rec.fields), len(im.header), im.comma)
	}
	if strings.Contains(strings.ToUpper(im.field(rec, roleNote)), "GEO FORZADA AL CENTROIDE") {
		return wrong(StationPlace, nil, "quarantined: its coordinates are those of the police station, not of the place")
	}
	at, err := im.happened(rec)
	if err != nil {
		return err
	}
	p, err := parsePlace(im.field(rec, roleLat), im.field(rec, roleLon))
	if err != nil {
		return err
	}
	if im.opt.Bound != (orb.Bound{}) && !im.opt.Bound.Contains(p) {
		return wrong(Outside, []any{fmt.Sprintf("%.6f", p[1]), fmt.Sprintf("%.6f", p[0])}, "%.6f, %.6f (latitude, longitude) is outside the district", p[1], p[0])
	}
	in := hotspots.Incident{At: at, Point: p, Source: im.name, Row: rec.row, Simulated: im.opt.Simulated}
	for i, r := range []role{roleType1, roleType2, roleType3} {
		in.Type[i] = im.shared(i, im.field(rec, r))
	}
	in.Origin = im.origin(im.field(rec, roleOrigin))
	if k, err := parseMoment(im.field(rec, roleKnown), im.order); err == nil && !k.dayOnly {
		if in.Known = k.at(im.loc, im.local); in.Known.Before(in.At) {
			im.early++
			in.Known = time.Time{}
		}
	}
	return im.keep(in, rec)
}

// shared gives one copy of equal texts.
func (im *reader) shared(i int, s string) string {
	if v, ok := im.types[i][s]; ok {
		return v
	}
	s = strings.Clone(s)
	if len(im.types[i]) < 10_000 {
		im.types[i][s] = s
	}
	return s
}

// origin reads the source's word for how it learnt of the incident and counts
// the words that nobody knows.
func (im *reader) origin(word string) hotspots.Origin {
	o, seen := im.origins[word]
	_, odd := im.unknown[word]
	if !seen {
		var ok bool
		if o, ok = im.opt.Mapping.origin(word); !ok {
			odd = true
		}
		if len(im.origins) < 10_000 {
			im.origins[strings.Clone(word)] = o
		}
	}
	if odd {
		im.unknown[strings.Clone(word)]++
	}
	return o
}

// happened reads when the incident happened.
func (im *reader) happened(rec record) (time.Time, error) {
	m, err := parseMoment(im.field(rec, roleAt), im.order)
	if err != nil {
		return time.Time{}, err
	}
	if h := im.field(rec, roleHour); h != "" && m.wall.Equal(m.wall.Truncate(24*time.Hour)) {
		d, ok := parseHour(h)
		if !ok {
			return time.Time{}, wrong(NotHour, []any{short(h)}, "%q is not a time of day", short(h))
		}
		m = moment{wall: m.wall.Add(d)}
	}
	if m.dayOnly {
		im.dayOnly++
		m.wall = m.wall.Add(12 * time.Hour)
	}
	at := m.at(im.loc, im.local)
	latest := im.opt.Latest
	if latest.IsZero() {
		latest = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if at.Year() < 1990 {
		return at, wrong(TooOld, []any{at.In(im.loc).Format(time.DateOnly)}, "%s is before 1990", at.In(im.loc).Format(time.DateOnly))
	}
	if at.After(latest) {
		return at, wrong(Future, []any{at.In(im.loc).Format("2006-01-02 15:04")}, "%s lies in the future", at.In(im.loc).Format("2006-01-02 15:04"))
	}
	return at, nil
}

// keep gives the incident its key and adds it, unless its key has come before.
func (im *reader) keep(in hotspots.Incident, rec record) error {
	key := im.sourceKey(rec)
	if key == "" {
		in.Key = hashKey(in)
		im.unkeyed = append(im.unkeyed, len(im.res.Incidents))
		im.unkeyedRaw = append(im.unkeyedRaw, rec.raw)
	} else {
		in.Key = key
		if !im.official { // numbers may begin anew in the next file
			in.Key += "@" + in.At.Format("2006-01-02T15:04Z")
		}
		if first, ok := im.byKey[in.Key]; ok {
			im.res.Duplicates = append(im.res.Duplicates, hotspots.Rejected{Row: rec.row, Raw: rec.raw,
				Reason: fmt.Sprintf("same key as row %d: %s", first, short(key)), Code: string(SameKey), Values: texts([]any{first, short(key)})})
			return nil
		}
		im.byKey[in.Key] = rec.row
	}
	im.res.Incidents = append(im.res.Incidents, in)
	return nil
}
