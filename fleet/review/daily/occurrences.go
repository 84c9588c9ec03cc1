package daily

import (
	"context"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/hotspots"
)

// Occurrences is what is kept of occurrences.
type Occurrences interface {
	// Answers gives the occurrences from one instant up to another by when they
	// happened, in time order, with what is known of who came.
	Answers(ctx context.Context, ubigeo string, from, to time.Time) ([]review.Answer, error)
	// Unlooked is Answers without those that somebody looked at by some terms, and
	// those of which nobody knows when they were told of.
	Unlooked(ctx context.Context, ubigeo, terms string, from, to time.Time) ([]review.Answer, error)
	// BeginReached says that positions are about to be read to see who came to
	// occurrences: those that come late from then on count.
	BeginReached(ctx context.Context, ubigeo string, keys []string) error
	// SaveReached keeps which unit came first to occurrences by its positions, unless
	// positions came late since they were read.
	SaveReached(ctx context.Context, ubigeo string, found []review.Reached) error
	FixesOfUnit(ctx context.Context, ubigeo, unit string, from, to time.Time) ([]fleet.Fix, error)
}

// alarm is when an occurrence was told of, if that was at once: an occurrence
// that a patrol found, a complaint and what was registered much later are not
// answered by driving there.
func alarm(in hotspots.Incident, t review.Terms) time.Time {
	switch in.Origin {
	case hotspots.OriginPatrol, hotspots.OriginComplaint:
		return time.Time{}
	}
	if in.Known.IsZero() || in.Known.Sub(in.At) > time.Duration(t.KnownMinutes*float64(time.Minute)) {
		return time.Time{}
	}
	return in.Known
}

// placed tells whether the point is known well enough to see a unit there.
func placed(in hotspots.Incident) bool {
	return in.Grade == hotspots.GradeExact || in.Grade == hotspots.GradeCrossing || in.Grade == hotspots.GradeBlock
}

// occurrences gives those of the days of a period, each in the shift in which it
// happened, or in its middle if that is not known exactly.
func (m *Maker) occurrences(ctx context.Context, d fleet.District, p review.Period) ([]review.Occurrence, error) {
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	defs, err := m.Source.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	fences, err := m.Source.Fences(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	from, to, err := around(p)
	if err != nil {
		return nil, err
	}
	all, err := m.Source.Answers(ctx, d.Ubigeo, from, to)
	if err != nil {
		return nil, err
	}
	var out []review.Occurrence
	for _, a := range all {
		at := a.Middle()
		o := review.Occurrence{Type: a.Type[0], Point: a.Point, Sector: sectorOf(fences, a.Point), Alarm: alarm(a.Incident, m.Profile.Terms.OrDefault()),
			Simulated: a.Simulated, Date: at.In(loc).Format(time.DateOnly)}
		if x := a.Answered; x != nil {
			o.Assigned, o.Arrived, o.Outcome = x.Assigned, x.Arrived, x.Outcome
		}
		if o.Arrived.IsZero() {
			o.Arrived = a.Reached
		}
		if s, ok := fleet.ShiftAt(at, defs, loc); ok {
			o.Shift = s.ID
			o.Date, _, _ = s.ID.Split()
		}
		if o.Date >= p.From && o.Date <= p.To {
			out = append(out, o)
		}
	}
	return out, nil
}

// around gives the instants between which all shifts of a period lie, wherever.
func around(p review.Period) (from, to time.Time, err error) {
	w := p.Widened(2, 3)
	if from, err = time.Parse(time.DateOnly, w.From); err != nil {
		return from, to, err
	}
	to, err = time.Parse(time.DateOnly, w.To)
	return from, to, err
}

// sectorOf names the sector of a place.
func sectorOf(fences []journal.Fence, p orb.Point) string {
	for _, f := range fences {
		if f.Kind == journal.Sector && planar.MultiPolygonContains(f.Geometry, p) {
			return f.Name
		}
	}
	return ""
}

// FindReached looks, for the occurrences of a period of which nobody has looked
// yet, which unit came first, by its positions. It looks at those alone that can
// be answered by driving there, once the time for that is over, and tells how many
// it looked at.
func (m *Maker) FindReached(ctx context.Context, ubigeo string, p review.Period) (looked int, err error) {
	from, to, err := around(p)
	if err != nil {
		return 0, err
	}
	all, err := m.Source.Unlooked(ctx, ubigeo, m.Profile.ID, from, to)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	units, err := m.Source.Units(ctx, ubigeo)
	if err != nil {
		return 0, err
	}
	most := m.Profile.Terms.OrDefault().Arrival()
	byDay := map[string][]review.Answer{} // of the alarm, UTC
	var days, keys []string
	for _, a := range all {
		at := alarm(a.Incident, m.Profile.Terms.OrDefault())
		if at.IsZero() || !placed(a.Incident) || a.Answered != nil && !a.Answered.Arrived.IsZero() || m.Now().Before(at.Add(most+settle)) {
			continue
		}
		keys = append(keys, a.Key)
		day := at.Format(time.DateOnly)
		if byDay[day] == nil {
			days = append(days, day)
		}
		byDay[day] = append(byDay[day], a)
	}
	if err := m.Source.BeginReached(ctx, ubigeo, keys); err != nil {
		return 0, err
	}
	for _, day := range days {
		found, err := m.reach(ctx, ubigeo, units, byDay[day], most)
		if err != nil {
			return looked, err
		}
		if err := m.Source.SaveReached(ctx, ubigeo, found); err != nil {
			return looked, err
		}
		looked += len(found)
	}
	return looked, nil
}

// reach finds who came first to the occurrences of a day. Of time whose positions
// are forgotten nothing is found out.
func (m *Maker) reach(ctx context.Context, ubigeo string, units []fleet.Unit, all []review.Answer, most time.Duration) ([]review.Reached, error) {
	first, last := all[0].Known, all[0].Known
	for _, a := range all {
		if a.Known.Before(first) {
			first = a.Known
		}
		if a.Known.After(last) {
			last = a.Known
		}
	}
	last = last.Add(most)
	if lost, err := m.Source.AnyForgotten(ctx, ubigeo, first, last); err != nil || lost {
		return nil, err
	}
	out := make([]review.Reached, len(all))
	for i, a := range all {
		out[i] = review.Reached{Key: a.Key, Looked: m.Profile.ID, Mark: a.Mark}
	}
	for _, u := range units {
		fixes, err := m.Source.FixesOfUnit(ctx, ubigeo, u.ID, first, last)
		if err != nil {
			return nil, err
		}
		for i, a := range all {
			if at := firstNear(fixes, a.Point, m.Profile.Terms.OrDefault().ArrivalM, a.Known, a.Known.Add(most)); !at.IsZero() && (out[i].At.IsZero() || at.Before(out[i].At)) {
				out[i].At, out[i].Unit = at, u.ID
			}
		}
	}
	return out, nil
}

// firstNear gives when a unit was first seen within some metres of a place, from
// one instant up to another; zero: never.
func firstNear(fixes []fleet.Fix, p orb.Point, metres float64, from, to time.Time) time.Time {
	for i := range fixes {
		f := &fixes[i]
		if f.Time.Before(from) || !f.Usable() || f.Flags&fleet.FlagJump != 0 {
			continue
		}
		if f.Time.After(to) {
			break
		}
		if geo.Distance(f.Point, p) <= metres {
			return f.Time
		}
	}
	return time.Time{}
}
