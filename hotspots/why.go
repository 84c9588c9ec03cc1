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
// surface that is no mixture has one reason.
func (s *Surface) Why(cell int) []Reason {
	f := s.fit
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mix == nil {
		return []Reason{{f.reason, false, 1}}
	}
	p := make([]float64, len(f.mix.weights))
	f.mix.densitiesAt(f.slot, cell, p)
	sums := map[Reason]float64{}
	total := 0.0
	nk := len(f.mix.kernels)
	for i, w := range f.mix.weights {
		v := w * p[i]
		r := Reason{Because: EveryWhere}
		if i < len(f.mix.weights)-1 {
			r = Reason{Because: becauseOf(f.mix.bank.memories[i/nk]), Near: f.mix.kernels[i%nk].rings > 0}
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
	case m.scope == sameSlot, m.scope == sameSlotAndWeekend, m.scope == sameTypeAndSlot:
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
	// Low and High hold the true ratio of the last days' rate to that before with
	// 80 % confidence (Clopper & Pearson 1934, exact); High is infinite where
	// nothing happened before, Low 0 where nothing did lately.
	Low, High float64
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
	t.Low, t.High = ratioInterval(last, before)
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

// ratioInterval gives the exact interval of the ratio of two Poisson rates: that
// of the share p of the last days in all, turned into a ratio of rates.
func ratioInterval(last, before int) (lo, hi float64) {
	n := last + before
	const tail = (1 - intervalShare) / 2
	ratio := func(p float64) float64 { return p / (1 - p) * trendBefore / trendDays }
	lo, hi = 0, math.Inf(1)
	if last > 0 {
		lo = ratio(bisect(func(p float64) bool { return 1-binomialUpTo(last-1, n, p) < tail }))
	}
	if before > 0 {
		hi = ratio(bisect(func(p float64) bool { return binomialUpTo(last, n, p) > tail }))
	}
	return lo, hi
}

// bisect gives the p in 0..1 up to which below holds.
func bisect(below func(p float64) bool) float64 {
	lo, hi := 0.0, 1.0
	for range 60 {
		if p := (lo + hi) / 2; below(p) {
			lo = p
		} else {
			hi = p
		}
	}
	return (lo + hi) / 2
}

// binomialUpTo gives the probability of at most k of n.
func binomialUpTo(k, n int, p float64) float64 {
	logN, _ := math.Lgamma(float64(n) + 1)
	sum := 0.0
	for i := 0; i <= k; i++ {
		a, _ := math.Lgamma(float64(i) + 1)
		b, _ := math.Lgamma(float64(n-i) + 1)
		sum += math.Exp(logN - a - b + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return min(1, sum)
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
