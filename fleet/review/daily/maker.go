package daily

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// Source is what is kept of districts, and where facts go.
type Source interface {
	District(ctx context.Context, ubigeo string) (fleet.District, error)
	Shifts(ctx context.Context, ubigeo string) ([]fleet.ShiftDef, error)
	Units(ctx context.Context, ubigeo string) ([]fleet.Unit, error)
	Fences(ctx context.Context, ubigeo string) ([]journal.Fence, error)
	UnitStates(ctx context.Context, ubigeo, unit string, limit int) ([]fleet.UnitReadiness, error)
	// HeardDates lists the dates (UTC) of a period on which any unit reported.
	HeardDates(ctx context.Context, ubigeo, from, to string) ([]string, error)
	AnyForgotten(ctx context.Context, ubigeo string, from, to time.Time) (bool, error)
	ReviewDays(ctx context.Context, ubigeo, from, to string) ([]review.Kept, error)
	// ReviewBands gives the bands that the district has set itself.
	ReviewBands(ctx context.Context, ubigeo string) (review.OwnBands, error)
	// ReviewMarks is ReviewDays without the facts themselves.
	ReviewMarks(ctx context.Context, ubigeo, from, to string) ([]review.Kept, error)
	BeginReviewDay(ctx context.Context, ubigeo, date string, from, to time.Time) (mark int64, err error)
	SaveReviewDay(ctx context.Context, ubigeo string, k review.Kept) error
	// SaveStreetSet keeps the ids that a name stands for; once is enough.
	SaveStreetSet(ctx context.Context, ubigeo, name string, ids []string) error
	StreetSet(ctx context.Context, ubigeo, name string) ([]string, error)
	Occurrences
	// GuestFixes gives the tracks of police vehicles that are known from files, by
	// vehicle and time.
	GuestFixes(ctx context.Context, ubigeo string, from, to time.Time) ([]fleet.Fix, error)
}

// Maker makes facts of days and keeps them.
type Maker struct {
	Source  Source
	Watch   *watch.Watch  // what computes a shift
	Streets watch.Streets // name cells; nil: nothing does
	Profile review.Profile
	Now     func() time.Time
}

// Days gives the facts that are kept of a period, in order. They are unpacked as
// they are asked for, a few at once, so that a year takes no more memory than a
// week.
func (m *Maker) Days(ctx context.Context, ubigeo string, p review.Period) review.Days {
	return func(yield func(*review.Day, error) bool) {
		kept, err := m.Source.ReviewDays(ctx, ubigeo, p.From, p.To)
		if err != nil {
			yield(nil, err)
			return
		}
		for some := range slices.Chunk(kept, 2*runtime.GOMAXPROCS(0)) {
			days, failed := make([]review.Day, len(some)), make([]error, len(some))
			inParallel(len(some), func(i int) { days[i], failed[i] = review.DecodeDay(some[i].Body) })
			for i := range days {
				if failed[i] == nil && days[i].Date == "" {
					continue // kept in another format
				}
				if !yield(&days[i], failed[i]) || failed[i] != nil {
					return
				}
			}
		}
	}
}

// terms names what facts are made by: the profile and their format.
func (m *Maker) terms() string { return fmt.Sprintf("%s#%d", m.Profile.ID, review.Format) }

// inParallel does n things, as many at once as there are processors.
func inParallel(n int, do func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// settle is how long after a day's last shift its facts are made: until then
// units bring home what they could not send.
const settle = time.Hour

// Due lists the days of a period whose facts have to be made: days that are
// over, on which somebody was heard, of which nothing is kept, or something that
// late fixes, tracks from files or another profile have overtaken. New streets do
// not: a day is judged by the streets of its time, and a review names the versions
// that it rests on. Days whose fixes are forgotten keep what they have. Again asks
// for all of them.
func (m *Maker) Due(ctx context.Context, ubigeo string, p review.Period, again bool) ([]string, error) {
	d, err := m.Source.District(ctx, ubigeo)
	if err != nil {
		return nil, err
	}
	around := p.Widened(1, 2) // a day may begin and end on other dates in UTC
	heard, err := m.Source.HeardDates(ctx, ubigeo, around.From, around.To)
	if err != nil {
		return nil, err
	}
	kept, err := m.Source.ReviewMarks(ctx, ubigeo, p.From, p.To)
	if err != nil {
		return nil, err
	}
	fresh := map[string]bool{}
	for _, k := range kept {
		fresh[k.Date] = !k.Stale && k.Profile == m.terms()
	}
	defs, err := m.Source.Shifts(ctx, ubigeo)
	if err != nil || len(defs) == 0 {
		return nil, err
	}
	var out []string
	for _, date := range p.Dates() {
		if fresh[date] && !again {
			continue
		}
		shifts, err := shiftsOn(date, d, defs)
		if err != nil {
			return nil, err
		}
		from, to := span(shifts)
		any := slices.ContainsFunc(heard, func(h string) bool {
			return h >= from.UTC().Format(time.DateOnly) && h <= to.UTC().Format(time.DateOnly)
		})
		if !any || m.Now().Before(to.Add(settle)) {
			continue
		}
		if lost, err := m.Source.AnyForgotten(ctx, ubigeo, from, to); err != nil {
			return nil, err
		} else if !lost {
			out = append(out, date)
		}
	}
	return out, nil
}

// shiftsOn gives the shifts that begin on a date, in the order of their starts.
func shiftsOn(date string, d fleet.District, defs []fleet.ShiftDef) ([]fleet.Shift, error) {
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	var out []fleet.Shift
	for _, def := range defs {
		s, err := def.On(date, loc)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b fleet.Shift) int { return a.Start.Compare(b.Start) })
	return out, nil
}

// span is the time from the first shift's start to the last one's end.
func span(shifts []fleet.Shift) (from, to time.Time) {
	from, to = shifts[0].Start, shifts[0].End
	for _, s := range shifts {
		if s.End.After(to) {
			to = s.End
		}
	}
	return from, to
}

// Make makes the facts of a day from its fixes and keeps them, in place of what
// was kept. Made twice of the same fixes, they are the same.
func (m *Maker) Make(ctx context.Context, ubigeo, date string) error {
	d, err := m.Source.District(ctx, ubigeo)
	if err != nil {
		return err
	}
	defs, err := m.Source.Shifts(ctx, ubigeo)
	if err != nil || len(defs) == 0 {
		return err
	}
	shifts, err := shiftsOn(date, d, defs)
	if err != nil {
		return err
	}
	from, to := span(shifts)
	mark, err := m.Source.BeginReviewDay(ctx, ubigeo, date, from, to)
	if err != nil {
		return err
	}
	terms := Terms{Profile: m.Profile.ID, Review: m.Profile.Terms.OrDefault()}
	if terms.Areas, err = m.Source.Fences(ctx, ubigeo); err != nil {
		return err
	}
	if terms.State, err = m.states(ctx, ubigeo); err != nil {
		return err
	}
	var overs []watch.Over
	for _, s := range shifts {
		guests, err := m.guests(ctx, ubigeo, s)
		if err != nil {
			return err
		}
		o, err := m.Watch.Over(ctx, d, s.Start, guests)
		if err != nil {
			return fmt.Errorf("facts of %s: %w", s.ID, err)
		}
		if o.Shift.ID == s.ID {
			overs = append(overs, o)
		}
	}
	day, ids := Build(date, overs, terms)
	body, err := day.Encode()
	if err != nil {
		return err
	}
	if err := m.Source.SaveStreetSet(ctx, ubigeo, day.StreetSet, ids); err != nil {
		return err
	}
	return m.Source.SaveReviewDay(ctx, ubigeo, review.Kept{Date: date, Mark: mark, Profile: m.terms(), Streets: day.Streets, Body: body})
}

// maxStates bounds how many entries of a unit's register are read.
const maxStates = 1000

// states tells from the register what a unit's state was; one without an entry is
// operational.
func (m *Maker) states(ctx context.Context, ubigeo string) (func(string, time.Time) fleet.Readiness, error) {
	units, err := m.Source.Units(ctx, ubigeo)
	if err != nil {
		return nil, err
	}
	var entries []fleet.UnitReadiness
	for _, u := range units {
		own, err := m.Source.UnitStates(ctx, ubigeo, u.ID, maxStates)
		if err != nil {
			return nil, err
		}
		entries = append(entries, own...)
	}
	return func(unit string, at time.Time) fleet.Readiness {
		state, since := fleet.Operational, time.Time{}
		for _, e := range entries {
			if e.Unit == unit && !e.Since.After(at) && !e.Since.Before(since) {
				state, since = e.State, e.Since
			}
		}
		return state
	}, nil
}

// MakeAll makes the facts of days, several at once, and tells of each when it is
// done. It stops with the first error.
func (m *Maker) MakeAll(ctx context.Context, ubigeo string, dates []string, done func(date string)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	inParallel(len(dates), func(i int) {
		if ctx.Err() != nil {
			return
		}
		if err := m.Make(ctx, ubigeo, dates[i]); err != nil {
			stop(err)
			return
		}
		done(dates[i])
	})
	return context.Cause(ctx)
}
