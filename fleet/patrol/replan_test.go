package patrol

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// randomEvent draws something that happens in the middle of a shift.
func randomEvent(rng *rand.Rand, p Plan, now time.Time) (Event, map[string]fleet.Unit) {
	r := p.Rounds[rng.IntN(len(p.Rounds))]
	l := r.Legs[rng.IntN(len(r.Legs))]
	switch rng.IntN(4) {
	case 0:
		return Event{Kind: UnitLost, Unit: r.Unit}, nil
	case 1:
		u := fleet.Unit{ID: "X", CallSign: "X", Mode: routing.Car, Base: r.Base}
		return Event{Kind: UnitAdded, Unit: "X"}, map[string]fleet.Unit{"X": u}
	case 2:
		if l.Segment != "" {
			return Event{Kind: StreetClosed, Segments: []string{l.Segment}}, nil
		}
	}
	at := l.to()
	return Event{Kind: AlertTakes, Unit: r.Unit, Point: &at, Until: now.Add(time.Duration(10+rng.IntN(60)) * time.Minute)}, nil
}

func TestReplanMovesOnlyWhatWasFreed(t *testing.T) {
	for seed := range uint64(2) {
		d, plan := drafted(t, seed+21, routing.Car, routing.Car, routing.Motorcycle)
		rng := rand.New(rand.NewPCG(seed, 5))
		for n := range 12 {
			now := d.window().Start.Add(time.Duration(15+rng.IntN(7*60)) * time.Minute)
			e, added := randomEvent(rng, plan, now)
			c, err := d.Replan(plan, Situation{Now: now, Events: []Event{e}, Added: added})
			if err != nil {
				t.Fatalf("seed %d, event %d, %+v: %v", seed, n, e, err)
			}
			sound(t, plan, c)
			noteFrozen(t, plan, c.Plan, e, now)
			if t.Failed() {
				t.Fatalf("seed %d, event %d: %+v at %s", seed, n, e, now)
			}
		}
	}
}

// noteFrozen checks that what was driven is what it was, and that units that
// the event leaves alone still visit what they were to visit.
func noteFrozen(t *testing.T, old, now Plan, e Event, at time.Time) {
	t.Helper()
	for _, r := range old.Rounds {
		hold := at
		if e.Unit != r.Unit && e.Kind != StreetClosed {
			hold = at.Add(holdTime)
		}
		var legs []Leg
		drives := map[string]bool{}
		for _, m := range now.Rounds {
			if m.Unit == r.Unit {
				legs = m.Legs
			}
		}
		for _, l := range legs {
			drives[l.Segment] = true
			if e.Kind == StreetClosed && slices.Contains(e.Segments, l.Segment) && !l.Start.Before(at) {
				t.Logf("unit %s drives a closed street", r.Unit) // said by Review, if there is no other way
			}
		}
		for i, l := range r.Legs {
			if l.Start.Before(hold) && (i >= len(legs) || !reflect.DeepEqual(legs[i], l)) {
				t.Errorf("leg %d of unit %s was driven and is not what it was", l.Seq, r.Unit)
			}
			if l.Kind == Service && !drives[l.Segment] && r.Unit != e.Unit && e.Kind != StreetClosed {
				t.Errorf("unit %s lost street %s, which nothing had freed", r.Unit, l.Segment)
			}
		}
	}
}

func TestALostUnitsStreetsAreTaken(t *testing.T) {
	d, plan := drafted(t, 31, routing.Car, routing.Car, routing.Car)
	now := d.window().Start.Add(40 * time.Minute)
	lost := plan.Rounds[1]
	c, err := d.Replan(plan, Situation{Now: now, Events: []Event{{Kind: UnitLost, Unit: lost.Unit}}})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, plan, c)
	if c.After.CoveragePct < c.Before.CoveragePct-1e-9 {
		t.Errorf("coverage fell from %.2f to %.2f %% though the others only roam", c.Before.CoveragePct, c.After.CoveragePct)
	}
	r := roundOf(t, c.Plan, lost.Unit)
	if !r.Ended.Equal(now) || r.Legs[len(r.Legs)-1].Start.After(now) {
		t.Errorf("its round ends at %s", r.Legs[len(r.Legs)-1].End)
	}
	// The streets that it had driven stay its own; the others found somebody.
	first := served(c.Plan)
	for _, l := range lost.Legs {
		if l.Kind == Service && (first[l.Segment] == lost.Unit) != l.Start.Before(now) {
			t.Errorf("street %s of %s is with %q", l.Segment, l.Start, first[l.Segment])
		}
	}
	back, err := d.Replan(c.Plan, Situation{Now: now.Add(time.Hour), Events: []Event{{Kind: UnitAdded, Unit: lost.Unit}}})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, c.Plan, back)
	if r := roundOf(t, back.Plan, lost.Unit); !r.Ended.IsZero() || len(r.Legs) < 10 {
		t.Errorf("the unit that came back has %d legs", len(r.Legs))
	}
}

func TestStreetsThatWereMissedAreDrivenAgain(t *testing.T) {
	d, plan := drafted(t, 33, routing.Car, routing.Car)
	now := d.window().Start.Add(2 * time.Hour)
	visited := make([]bool, len(d.g.Segments))
	missed := map[string]bool{}
	for _, r := range plan.Rounds {
		for i, l := range r.Legs {
			if id, ok := d.byID[l.Segment]; ok && l.End.Before(now) {
				visited[id] = true
				if l.Kind == Service && i%9 == 0 && l.End.Before(now.Add(-missedAfter)) {
					missed[l.Segment] = true
				}
			}
		}
	}
	for s := range missed {
		visited[d.byID[s]] = false
	}
	c, err := d.Replan(plan, Situation{Now: now, Visited: visited, Events: []Event{{Kind: AlertTakes, Unit: plan.Rounds[0].Unit}}})
	if err != nil {
		t.Fatal(err)
	}
	again := map[string]bool{}
	for _, r := range c.Plan.Rounds {
		for _, l := range r.Legs {
			again[l.Segment] = again[l.Segment] || l.Start.After(now)
		}
	}
	for s := range missed {
		if !again[s] {
			t.Errorf("street %s was missed and is not driven again", s)
		}
	}
	if len(missed) == 0 {
		t.Fatal("nothing was missed")
	}
}

func TestReplanRefuses(t *testing.T) {
	d, plan := drafted(t, 2, routing.Car)
	now := d.window().Start.Add(time.Hour)
	unit := plan.Rounds[0].Unit
	for name, s := range map[string]struct {
		s    Situation
		want error
	}{
		"nothing happened": {Situation{Now: now}, ErrEdit},
		"no such event":    {Situation{Now: now, Events: []Event{{Kind: "rain"}}}, ErrEdit},
		"unknown unit":     {Situation{Now: now, Events: []Event{{Kind: UnitLost, Unit: "Z"}}}, ErrUnknownUnit},
		"unknown street":   {Situation{Now: now, Events: []Event{{Kind: StreetClosed, Segments: []string{"1-2-3"}}}}, ErrUnknownStreet},
		"there already":    {Situation{Now: now, Events: []Event{{Kind: UnitAdded, Unit: unit}}}, ErrEdit},
		"before the shift": {Situation{Now: now.Add(-5 * time.Hour), Events: []Event{{Kind: UnitLost, Unit: unit}}}, ErrTime},
		"over already":     {Situation{Now: now, Events: []Event{{Kind: AlertTakes, Unit: unit, Until: now}}}, ErrEdit},
		"other streets":    {Situation{Now: now, Visited: []bool{true}, Events: []Event{{Kind: UnitLost, Unit: unit}}}, ErrEdit},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := d.Replan(plan, s.s); !errors.Is(err, s.want) {
				t.Errorf("error %v, want %v", err, s.want)
			}
		})
	}
}
