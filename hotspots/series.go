package hotspots

import (
	"slices"
	"time"

	"github.com/paulmach/orb"
)

// Choice says which incidents are looked at.
type Choice struct {
	In    func(orb.Point) bool // nil: everywhere
	Group string               // of the catalogue; "": every one
}

// Of gives the incidents that are chosen, in their order.
func (c Choice) Of(incidents []Incident) []Incident {
	if c.In == nil && c.Group == "" {
		return incidents
	}
	ks := kinds{}
	var out []Incident
	for _, in := range incidents {
		if (c.Group == "" || catalogue[ks.of(in.Type)].Group == c.Group) && (c.In == nil || c.In(in.Point)) {
			out = append(out, in)
		}
	}
	return out
}

// Step is how long the periods of a series are.
type Step string

// The steps. A week begins on Monday.
const (
	Weekly  Step = "week"
	Monthly Step = "month"
)

// Period is a week or a month of the local calendar.
type Period struct {
	Start, End time.Time
	Count      int
	Before     *int // in the period before; nil: the record does not hold all of that
	YearAgo    *int // in the same month, or 52 weeks, a year earlier; nil as above
	Open       bool // it has not ended yet
}

// SeriesOf counts the chosen incidents of a record in the n periods up to the one
// that holds until. One that happened some time between two moments counts at the
// middle of them. Before and YearAgo are only of periods that begin with the
// record's first incident or after it, be that chosen or not: a count of an age
// without records would be too low, one of a quiet sector's is a true zero.
func SeriesOf(record []Incident, choice Choice, step Step, until time.Time, n int, loc *time.Location) []Period {
	first := until
	for _, in := range record {
		if m := in.Middle(); m.Before(first) {
			first = m
		}
	}
	var at []time.Time
	for _, in := range choice.Of(record) {
		if m := in.Middle(); m.Before(until) {
			at = append(at, m)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	before := func(t time.Time) int {
		i, _ := slices.BinarySearchFunc(at, t, time.Time.Compare)
		return i
	}
	count := func(from, to time.Time) *int {
		if from.Before(first) {
			return nil
		}
		k := before(to) - before(from)
		return &k
	}
	last := step.start(until, loc)
	out := make([]Period, n)
	for i := range out {
		from := step.add(last, i-n+1)
		p := Period{Start: from, End: step.add(from, 1), Before: count(step.add(from, -1), from)}
		p.Count, p.Open = before(p.End)-before(from), p.End.After(until)
		ago := from.AddDate(0, 0, -364)
		if step == Monthly {
			ago = from.AddDate(-1, 0, 0)
		}
		p.YearAgo = count(ago, step.add(ago, 1))
		out[i] = p
	}
	return out
}

// start gives the local midnight at which the period of t begins.
func (s Step) start(t time.Time, loc *time.Location) time.Time {
	l := t.In(loc)
	if s == Monthly {
		return time.Date(l.Year(), l.Month(), 1, 0, 0, 0, 0, loc)
	}
	return time.Date(l.Year(), l.Month(), l.Day()-int(l.Weekday()+6)%7, 0, 0, 0, 0, loc)
}

// add goes n periods on from the start of one.
func (s Step) add(t time.Time, n int) time.Time {
	if s == Monthly {
		return t.AddDate(0, n, 0)
	}
	return t.AddDate(0, 0, 7*n)
}

// WeekOf counts incidents by day of the week and hour.
func WeekOf(incidents []Incident, loc *time.Location) Week {
	var w Week
	for _, in := range incidents {
		w.add(in, loc)
	}
	return w
}
