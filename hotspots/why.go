package hotspots

import (
	"math"
	"time"
)

// Because is a reason why a cell is expected to have incidents.
type Because string

// The reasons, by which past incidents they rest on.
const (
	LastDays   Because = "last_days"  // of the last days, in the cell or about it
	LastWeeks  Because = "last_weeks" // of the last weeks
	LongRun    Because = "long_run"   // of months and years
	SameShift  Because = "same_shift" // of the same part of the day
	EveryWhere Because = "everywhere" // what any cell of the district has
)

// Reason is how much of a cell's expected incidents rests on what.
type Reason struct {
	Because Because
	Near    bool    // on incidents about the cell too, not only on its own
	Share   float64 // of the cell's expected incidents, 0..1
}

// Why takes the forecast of the cell at a position of the grid apart; the shares
// add up to 1, the greatest first by Because and Near in the order above. A
// uniform surface has one reason.
func (s *Surface) Why(cell int) []Reason {
	if s.mix == nil {
		return []Reason{{EveryWhere, false, 1}}
	}
	p := make([]float64, len(s.mix.weights))
	s.mix.densitiesAt(s.slot, cell, p)
	sums := map[Reason]float64{}
	total := 0.0
	nk := len(s.mix.kernels)
	for i, w := range s.mix.weights {
		v := w * p[i]
		r := Reason{Because: EveryWhere}
		if i < len(s.mix.weights)-1 {
			r = Reason{Because: becauseOf(s.mix.bank.memories[i/nk]), Near: s.mix.kernels[i%nk].rings > 0}
		}
		sums[r] += v
		total += v
	}
	var out []Reason
	for _, b := range []Because{LastDays, LastWeeks, LongRun, SameShift, EveryWhere} {
		for _, near := range []bool{false, true} {
			if v := sums[Reason{Because: b, Near: near}]; v > 0 {
				out = append(out, Reason{b, near, v / total})
			}
		}
	}
	return out
}

func becauseOf(m memory) Because {
	switch {
	case m.scope != everyEvent:
		return SameShift
	case m.halfLife <= 7:
		return LastDays
	case m.halfLife <= 30:
		return LastWeeks
	}
	return LongRun
}

// Trend compares the last 28 days with the 84 before.
type Trend struct {
	Last   int // incidents in the last 28 days
	Before int // in the 84 days before
	// Change is 1 or −1 if there are more or fewer than chance explains (one-sided,
	// 5 %, each way), 0 if that cannot be told.
	Change int
}

const (
	trendDays   = 28
	trendBefore = 84
	trendChance = 0.05
)

// trendOf judges two counts: if nothing changed, each of their incidents falls
// into the last 28 of the 112 days with probability 28/112 (the exact
// conditional test of two Poisson rates).
func trendOf(last, before int) Trend {
	t := Trend{Last: last, Before: before}
	n := last + before
	const p = float64(trendDays) / (trendDays + trendBefore)
	atLeast, atMost := 0.0, 0.0
	logN, _ := math.Lgamma(float64(n) + 1)
	for k := range n + 1 {
		a, _ := math.Lgamma(float64(k) + 1)
		b, _ := math.Lgamma(float64(n-k) + 1)
		prob := math.Exp(logN - a - b + float64(k)*math.Log(p) + float64(n-k)*math.Log(1-p))
		if k >= last {
			atLeast += prob
		}
		if k <= last {
			atMost += prob
		}
	}
	switch {
	case atLeast < trendChance:
		t.Change = 1
	case atMost < trendChance:
		t.Change = -1
	}
	return t
}

// Week counts incidents by day of the week (Sunday = 0) and hour of the local
// clock. One that happened some time between two moments counts a part in each
// hour between.
type Week [7][24]float64

// Past is what a cell has had before a moment.
type Past struct {
	Trend Trend
	Week  Week // of the 365 days before
	Count int  // incidents in these
}

// PastOf looks at the incidents of one cell of the grid before a moment.
func PastOf(g *Grid, incidents []Incident, cell int, before time.Time, loc *time.Location) Past {
	var out Past
	last, earlier := 0, 0
	for _, in := range incidents {
		age := before.Sub(in.At)
		if age <= 0 || age > 365*24*time.Hour {
			continue
		}
		if c, ok := g.Nearest(in.Point); !ok || c != cell {
			continue
		}
		out.Count++
		out.Week.add(in, loc)
		switch days := age.Hours() / 24; {
		case days <= trendDays:
			last++
		case days <= trendDays+trendBefore:
			earlier++
		}
	}
	out.Trend = trendOf(last, earlier)
	return out
}

// add counts an incident.
func (w *Week) add(in Incident, loc *time.Location) {
	length := in.Until.Sub(in.At)
	if length <= 0 {
		at := in.At.In(loc)
		w[at.Weekday()][at.Hour()]++
		return
	}
	for t := in.At; t.Before(in.Until); {
		l := t.In(loc)
		next := t.Truncate(time.Hour).Add(time.Hour) // zones of whole hours; others are off by less than one
		if next.After(in.Until) {
			next = in.Until
		}
		w[l.Weekday()][l.Hour()] += float64(next.Sub(t)) / float64(length)
		t = next
	}
}
