package hotspots

import (
	"fmt"
	"time"
)

// FewError says that a district has too little of a history for a backtest.
type FewError struct {
	Incidents, Days         int // that there are
	NeedIncidents, NeedDays int
}

func (e FewError) Error() string {
	return fmt.Sprintf("%s: %d incidents over %d days: a backtest needs %d over %d", ErrBacktest, e.Incidents, e.Days, e.NeedIncidents, e.NeedDays)
}

// Unwrap makes it an ErrBacktest.
func (FewError) Unwrap() error { return ErrBacktest }

const (
	// ownDays is the shortest history that a backtest is cut out of.
	ownDays = 4 * periodDays
	// ownPart of the history is foretold, and as much before it is fitted on; at
	// most a year each.
	ownPart = 4
)

// OwnRanges cuts a district's history into what comes before, what models are
// fitted on and what they are to foretell: the last quarter, at most a year, in
// whole periods of 28 days, and as much before it. FewError if that leaves too
// little.
func OwnRanges(g *Grid, incidents []Incident, loc *time.Location) (fit, test DayRange, err error) {
	n := 0
	var first, last time.Time
	for _, in := range incidents {
		if _, ok := g.CellAt(in.Point); !ok {
			continue
		}
		if n == 0 || in.Middle().Before(first) {
			first = in.Middle()
		}
		if n == 0 || in.Middle().After(last) {
			last = in.Middle()
		}
		n++
	}
	y, m, d := last.In(loc).Date()
	end := time.Date(y, m, d, 0, 0, 0, 0, time.UTC) // the last day itself may not be over
	days := int(end.Sub(first).Hours() / 24)
	if n < fewIncidents || days < ownDays {
		return fit, test, FewError{n, max(0, days), fewIncidents, ownDays}
	}
	part := min(365/periodDays, days/ownPart/periodDays) * periodDays
	test = DayRange{end.AddDate(0, 0, -part), end}
	fit = DayRange{test.From.AddDate(0, 0, -part), test.From}
	return fit, test, nil
}
