package importer

import (
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
)

// vagueDays is how long the time in which an incident can have happened may be.
const vagueDays = 31

// parsed is what a row says.
type parsed struct {
	rec       record
	in        *hotspots.Incident // without a key if the source gives none
	id        [2]uint64          // stands for the key of in
	err       error              // the reason to reject the row
	keyEnd    int                // where in the key of in that ends which the source writes; 0: it gives none
	address   string
	oddOrigin string // a word of origin that is not known
	hour      int    // of the clock at which it happened
	sharp     bool   // on the hour to the second
	dayOnly   bool
	early     bool // registered before it happened
}

// rowParser reads rows; each goroutine has one of its own.
type rowParser struct {
	im      *reader
	fields  []string             // of the row in hand
	types   [3]map[string]string // texts seen, so that equal ones share memory
	origins map[string]originWord
	keys    []byte // of the rows of a batch, one after another
	ends    []int  // where each of them ends
}

// originWord is what a source's word for an origin means.
type originWord struct {
	origin hotspots.Origin
	known  bool
}

// maxTexts is how many different texts are shared.
const maxTexts = 10_000

func newRowParser(im *reader) *rowParser {
	p := &rowParser{im: im, origins: map[string]originWord{}}
	for i := range p.types {
		p.types[i] = map[string]string{}
	}
	return p
}

// batch turns the rows of a batch into incidents and what else they say. The
// keys of a batch are parts of one text.
func (rp *rowParser) batch(b *batch) {
	b.ins = slices.Grow(b.ins[:0], len(b.recs))[:len(b.recs)]
	clear(b.ins)
	clear(b.out)
	b.out = slices.Grow(b.out[:0], len(b.recs))[:len(b.recs)]
	rp.keys, rp.ends = rp.keys[:0], rp.ends[:0]
	for i, rec := range b.recs {
		b.out[i].in = &b.ins[i]
		rp.row(rec, &b.out[i])
		rp.ends = append(rp.ends, len(rp.keys))
	}
	all, from := string(rp.keys), 0
	for i, to := range rp.ends {
		if p := &b.out[i]; to > from {
			p.in.Key = all[from:to]
			p.id = [2]uint64{maphash.String(rp.im.seeds[0], p.in.Key), maphash.String(rp.im.seeds[1], p.in.Key)}
		}
		from = to
	}
}

// row turns a row into an incident; its key, if the source gives one, is put at
// the end of keys.
func (rp *rowParser) row(rec record, p *parsed) {
	im := rp.im
	if rec.fields == nil {
		rp.fields, _ = split(rp.fields[:0], rec.raw, im.comma)
		rec.fields = rp.fields
		if im.corrected {
			asItWas(rec.fields)
		}
	}
	p.rec = record{row: rec.row, raw: rec.raw}
	if p.err = rec.err; p.err != nil {
		return
	}
	if len(rec.fields) > len(im.header) && strings.TrimRight(strings.Join(rec.fields[len(im.header):], ""), " ") != "" {
		p.err = wrong(FieldCount, []any{len(rec.fields), len(im.header)}, "%d fields where the header has %d: is a %q inside an unquoted field?", len(rec.fields), len(im.header), im.comma)
		return
	}
	*p.in = hotspots.Incident{Source: im.name, Row: rec.row, Simulated: im.opt.Simulated}
	if p.err = rp.when(rec, p); p.err != nil {
		return
	}
	p.address = im.address(rec)
	if p.err = im.where(rec, p); p.err != nil {
		return
	}
	for i, c := range im.at.types {
		p.in.Type[i] = rp.shared(i, rec.text(c))
	}
	var known bool
	word := rec.text(im.at.origin)
	if p.in.Origin, known = rp.origin(word); !known {
		p.oddOrigin = strings.Clone(word)
	}
	if k := rec.text(im.at.known); k != "" {
		if m, err := parseMoment(k, im.order); err == nil && !m.dayOnly {
			if p.in.Known = m.at(im.loc, im.local); p.in.Known.Before(p.in.At) {
				p.early = true
				p.in.Known = time.Time{}
			}
		}
	}
	p.in.Answered = im.answered(rec, p.in)
	from := len(rp.keys)
	rp.keys = im.appendKey(rp.keys, rec)
	if p.keyEnd = len(rp.keys) - from; p.keyEnd > 0 && !im.official { // numbers may begin anew in the next file
		rp.keys = appendMinute(append(rp.keys, '@'), p.in.Middle())
	}
}

// shared gives one copy of equal texts.
func (rp *rowParser) shared(i int, s string) string {
	if v, ok := rp.types[i][s]; ok {
		return v
	}
	s = strings.Clone(s)
	if len(rp.types[i]) < maxTexts {
		rp.types[i][s] = s
	}
	return s
}

// origin reads the source's word for how it learnt of the incident; false: the
// word is not known.
func (rp *rowParser) origin(word string) (hotspots.Origin, bool) {
	o, seen := rp.origins[word]
	if !seen {
		o.origin, o.known = rp.im.opt.Mapping.origin(word)
		if len(rp.origins) < maxTexts {
			rp.origins[strings.Clone(word)] = o
		}
	}
	return o.origin, o.known
}

// when reads when the incident happened, or between when and when.
func (rp *rowParser) when(rec record, p *parsed) error {
	im := rp.im
	m, err := im.moment(rec, im.at.at, im.at.hour)
	if err != nil {
		return err
	}
	p.in.At = m.at(im.loc, im.local)
	clock := m.wall
	if !m.instant.IsZero() && !im.local {
		clock = p.in.At.In(im.loc)
	}
	p.hour, p.sharp, p.dayOnly = clock.Hour(), clock.Minute() == 0 && clock.Second() == 0, m.dayOnly
	if m.dayOnly {
		next := m
		next.wall = m.wall.AddDate(0, 0, 1)
		p.in.Until = next.at(im.loc, true)
	}
	if rec.text(im.at.until) != "" || rec.text(im.at.untilHour) != "" {
		if err := im.until(rec, m, p); err != nil {
			return err
		}
	}
	latest := im.opt.Latest
	if latest.IsZero() {
		latest = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if p.in.At.Year() < 1990 {
		return wrong(TooOld, []any{p.in.At.In(im.loc).Format(time.DateOnly)}, "%s is before 1990", p.in.At.In(im.loc).Format(time.DateOnly))
	}
	if p.in.At.After(latest) {
		return wrong(Future, []any{p.in.At.In(im.loc).Format("2006-01-02 15:04")}, "%s lies in the future", p.in.At.In(im.loc).Format("2006-01-02 15:04"))
	}
	return nil
}

// moment reads a date and, where it stands beside, its time of day.
func (im *reader) moment(rec record, date, hour int) (moment, error) {
	m, err := parseMoment(rec.text(date), im.order)
	if err != nil {
		return m, err
	}
	if h := rec.text(hour); h != "" && m.wall.Equal(m.wall.Truncate(24*time.Hour)) {
		d, ok := parseHour(h)
		if !ok {
			return m, wrong(NotHour, []any{short(h)}, "%q is not a time of day", short(h))
		}
		m = moment{wall: m.wall.Add(d)}
	}
	return m, nil
}

// until reads the latest moment at which the incident, which began at from, can
// have happened. Without a date of its own it is of the same day, or of the next
// where the time of day is an earlier one.
func (im *reader) until(rec record, from moment, p *parsed) error {
	var m moment
	if rec.text(im.at.until) == "" {
		d, ok := parseHour(rec.text(im.at.untilHour))
		if !ok {
			s := short(rec.text(im.at.untilHour))
			return wrong(NotHour, []any{s}, "%q is not a time of day", s)
		}
		m.wall = from.wall.Truncate(24 * time.Hour).Add(d)
		if m.wall.Before(from.wall) {
			m.wall = m.wall.AddDate(0, 0, 1)
		}
	} else {
		var err error
		if m, err = im.moment(rec, im.at.until, im.at.untilHour); err != nil {
			return err
		}
		if m.dayOnly { // through that day
			m = moment{wall: m.wall.AddDate(0, 0, 1)}
		}
	}
	end := m.at(im.loc, im.local)
	switch length := end.Sub(p.in.At); {
	case length < 0:
		s := end.In(im.loc).Format("2006-01-02 15:04")
		return wrong(BackInTime, []any{s}, "it ends at %s, before it begins", s)
	case length > vagueDays*24*time.Hour:
		days := int(length.Hours() / 24)
		return wrong(TooVague, []any{days}, "it happened some time in %d days: more than %d say nothing about when", days, vagueDays)
	case length == 0:
		p.in.Until = time.Time{}
	default:
		p.in.Until = end
	}
	p.dayOnly = false
	return nil
}

// address gives what a row says in words about where it happened.
func (im *reader) address(rec record) string {
	s := rec.text(im.at.address)
	if s == "" {
		return ""
	}
	if b := rec.text(im.at.block); b != "" && b != "0" {
		s = fmt.Sprintf("%s cuadra %s", s, strings.TrimSuffix(b, ".0"))
	}
	if c := rec.text(im.at.cross); c != "" {
		s += " con " + c
	}
	return strings.Clone(s)
}

// where reads the point at which it happened: by the coordinates unless there
// are none or the source says that they are the police station's, else by the
// address.
func (im *reader) where(rec record, p *parsed) error {
	var none error
	if n := rec.text(im.at.note); n != "" && strings.Contains(strings.ToUpper(n), "GEO FORZADA AL CENTROIDE") {
		none = wrong(StationPlace, nil, "quarantined: its coordinates are those of the police station, not of the place")
	} else {
		pt, err := parsePlace(rec.text(im.at.lat), rec.text(im.at.lon))
		switch {
		case err == nil:
			p.in.Point = pt
			return im.inside(pt)
		case !errors.Is(err, errNoPlace):
			return err
		}
		none = err
	}
	if u := ubigeo(rec.text(im.at.ubigeo)); im.opt.Ubigeo != "" && u != "" && u != im.opt.Ubigeo {
		return wrong(Elsewhere, []any{u}, "it has no coordinates of its own and is of district %s", u)
	}
	return im.locate(p, none)
}

// locate finds the place by the address; none is the error if there is none.
func (im *reader) locate(p *parsed, none error) error {
	if p.address == "" || im.opt.Locate == nil {
		return none
	}
	at, ok := im.opt.Locate(p.address)
	if !ok {
		return wrong(NotFound, []any{short(p.address)}, "no usable coordinates, and the address %q is not found on the streets of the district", short(p.address))
	}
	p.in.Point, p.in.Grade = at.Point, at.Grade
	return im.inside(at.Point)
}

func (im *reader) inside(p orb.Point) error {
	if im.opt.Bound != (orb.Bound{}) && !im.opt.Bound.Contains(p) {
		return wrong(Outside, []any{fmt.Sprintf("%.6f", p[1]), fmt.Sprintf("%.6f", p[0])}, "%.6f, %.6f (latitude, longitude) is outside the district", p[1], p[0])
	}
	return nil
}

// ubigeo reads a district's code: six digits, of which a spreadsheet drops a
// leading zero; "" if it is none.
func ubigeo(s string) string {
	s = strings.TrimSuffix(s, ".0")
	if len(s) == 5 {
		s = "0" + s
	}
	if len(s) != 6 || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}
