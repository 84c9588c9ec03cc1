package patrol

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// drafted is a plan of a made-up town and the desk to change it on.
func drafted(t testing.TB, seed uint64, units ...routing.Mode) (*Desk, Plan) {
	in := town(t, seed, units...)
	plan, _, err := NewDraft(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	plan.ID, plan.Version = "first", 1
	d, err := NewDesk(in)
	if err != nil {
		t.Fatal(err)
	}
	return d, plan
}

// served gives who visits each segment first.
func served(p Plan) map[string]string {
	out := map[string]string{}
	for _, r := range p.Rounds {
		for _, l := range r.Legs {
			if l.Kind == Service && out[l.Segment] == "" {
				out[l.Segment] = r.Unit
			}
		}
	}
	return out
}

func driven(p Plan) map[string]bool {
	out := map[string]bool{}
	for _, r := range p.Rounds {
		for _, l := range r.Legs {
			out[l.Segment] = out[l.Segment] || l.Segment != ""
		}
	}
	return out
}

func roundOf(t testing.TB, p Plan, unit string) Round {
	t.Helper()
	for _, r := range p.Rounds {
		if r.Unit == unit {
			return r
		}
	}
	t.Fatalf("no round of unit %s", unit)
	return Round{}
}

// sound checks what must hold for every change: it can be driven, rounds that
// are not named are what they were, and no street gets lost in silence.
func sound(t *testing.T, old Plan, c Change) {
	t.Helper()
	for _, v := range c.Violations {
		switch v.Code {
		case OutsideShift, LateStop, ForbiddenStreet, ShortStop: // said, and the person decides
		default:
			t.Errorf("%s leg %d: %s: %s", v.Unit, v.Seq, v.Code, v.Message)
		}
	}
	for _, r := range old.Rounds {
		if !slices.Contains(c.Units, r.Unit) && !reflect.DeepEqual(r, roundOf(t, c.Plan, r.Unit)) {
			t.Errorf("the round of unit %s changed and is not named", r.Unit)
		}
	}
	lost := map[string]bool{}
	for _, n := range c.Notes {
		if n.Code == Uncovered {
			for _, s := range n.Segments {
				lost[s] = true
			}
		}
	}
	now, first := driven(c.Plan), served(c.Plan)
	for s := range served(old) {
		switch {
		case !now[s] && !lost[s]:
			t.Errorf("street %s is not driven any more, and nothing was said", s)
		case now[s] && lost[s]:
			t.Errorf("street %s is driven and said to be lost", s)
		case now[s] && first[s] == "":
			t.Errorf("street %s has no first visit", s)
		}
	}
}

func TestEditsKeepPlansSound(t *testing.T) {
	for seed := range uint64(3) {
		d, plan := drafted(t, seed+1, routing.Car, routing.Car, routing.Motorcycle)
		rng := rand.New(rand.NewPCG(seed, 7))
		p := plan
		for n := range 25 {
			e := randomEdit(rng, p)
			c, err := d.Edit(p, []Edit{e})
			switch {
			case errors.Is(err, ErrLocked), errors.Is(err, ErrNoWay):
				continue
			case err != nil:
				t.Fatalf("seed %d, edit %d, %+v: %v", seed, n, e, err)
			}
			sound(t, p, c)
			if t.Failed() {
				t.Fatalf("seed %d, edit %d: %+v", seed, n, e)
			}
			if e.Op == MoveStreet {
				for _, s := range e.Segments {
					if got := served(c.Plan)[s]; got != e.To {
						t.Fatalf("seed %d, edit %d: street %s is with %q, not %q", seed, n, s, got, e.To)
					}
				}
			}
			p = c.Plan
			p.ID = "next"
		}
	}
}

// randomEdit draws an edit that a person could make.
func randomEdit(rng *rand.Rand, p Plan) Edit {
	r, to := p.Rounds[rng.IntN(len(p.Rounds))], p.Rounds[rng.IntN(len(p.Rounds))]
	var first []Leg
	var stops []Leg
	for _, l := range r.Legs {
		if l.Kind == Service {
			first = append(first, l)
		}
		if l.Kind == Stop {
			stops = append(stops, l)
		}
	}
	var ids []string
	if len(first) > 0 {
		i := rng.IntN(len(first))
		for _, l := range first[i:min(len(first), i+1+rng.IntN(4))] {
			ids = append(ids, l.Segment)
		}
	}
	any := r.Legs[rng.IntN(len(r.Legs))]
	at := any.Start
	place := any.to()
	switch k := rng.IntN(9); {
	case k < 3 && len(ids) > 0 && to.Unit != r.Unit:
		return Edit{Op: MoveStreet, Segments: ids, To: to.Unit}
	case k == 3 && len(ids) > 0:
		return Edit{Op: DropStreet, Segments: ids}
	case k == 4 && len(ids) > 0:
		return Edit{Op: Forbid, Unit: r.Unit, Segments: ids}
	case k == 5 && len(ids) > 0:
		return Edit{Op: LockRound, Unit: r.Unit, Segments: ids[:1]}
	case k == 6 && len(stops) > 0:
		return Edit{Op: MoveStop, Unit: r.Unit, Stop: stops[rng.IntN(len(stops))].Seq, To: to.Unit}
	case k == 7 && len(stops) > 0:
		return Edit{Op: RetimeStop, Unit: r.Unit, Stop: stops[rng.IntN(len(stops))].Seq, At: at}
	case k == 8 && len(stops) > 0:
		return Edit{Op: DropStop, Unit: r.Unit, Stop: stops[rng.IntN(len(stops))].Seq}
	}
	return Edit{Op: AddStop, Unit: r.Unit, Point: &place, Minutes: 12, At: at}
}

// TestBestSlotIsTheBest tries every place for a street by really putting it in.
func TestBestSlotIsTheBest(t *testing.T) {
	for seed := range uint64(3) {
		in := town(t, seed+11, routing.Car, routing.Car)
		in.Graph = routingtest.City(routingtest.Usual(seed+11, 5, 5))
		plan, _, err := NewDraft(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		d, err := NewDesk(in)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(seed, 3))
		for range 2 {
			tb, err := d.open(plan)
			if err != nil {
				t.Fatal(err)
			}
			c := tb.courses[rng.IntN(2)]
			c.frozen = rng.IntN(len(c.steps) / 2)
			a := routing.Arc(rng.IntN(2 * len(d.g.Segments)))
			if !d.wanted[a.Segment()] || !d.g.Allowed(a, c.round.Mode) {
				continue
			}
			ch := &chain{arcs: []routing.Arc{a}, node: -1, metres: d.g.Segment(a).Length}
			w := d.waysOf(c.round.Mode)
			got, ok := d.bestSlot(c, ch, w, math.Inf(1), nil)
			if !ok {
				t.Fatalf("no place for a street that %s reaches", c.round.Unit)
			}
			before, steps, same := c.lengthOf(c.steps), c.steps, c.same
			best := math.Inf(1)
			for i := c.frozen - 1; i < len(steps); i++ {
				if i+1 < len(steps) && !steps[i+1].drives() {
					continue
				}
				for j := i + 1; j <= len(steps) && j <= i+1+maxHole && (j == i+1 || steps[j-1].loose()); j++ {
					if j < len(steps) && !steps[j].drives() {
						continue
					}
					for _, back := range [...]bool{false, true} {
						c.steps, c.same = slices.Clone(steps), same
						if c.insert(w, ch, slot{c: c, i: i, j: j, back: back}) {
							best = min(best, c.lengthOf(c.steps)-before)
						}
					}
				}
			}
			if math.Abs(best-got.metres) > 0.5 { // the tables hold 32 bits
				t.Errorf("seed %d: %s costs %.2f m more, the best place %.2f m", seed, d.g.Segment(a).ID, got.metres, best)
			}
		}
	}
}

func TestEditRefuses(t *testing.T) {
	d, plan := drafted(t, 2, routing.Car, routing.Car)
	var street Leg
	for _, l := range plan.Rounds[0].Legs {
		if l.Kind == Service {
			street = l
		}
	}
	a, b := plan.Rounds[0].Unit, plan.Rounds[1].Unit
	locked, err := d.Edit(plan, []Edit{{Op: LockRound, Unit: a, Segments: []string{street.Segment}}})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		plan Plan
		edit Edit
		want error
	}{
		{"no operation", plan, Edit{Op: "paint"}, ErrEdit},
		{"no streets", plan, Edit{Op: MoveStreet, To: b}, ErrEdit},
		{"an unknown street", plan, Edit{Op: MoveStreet, To: b, Segments: []string{"1-2-3"}}, ErrUnknownStreet},
		{"an unknown unit", plan, Edit{Op: MoveStreet, To: "Z", Segments: []string{street.Segment}}, ErrUnknownUnit},
		{"not its street", plan, Edit{Op: MoveStreet, Unit: b, To: b, Segments: []string{street.Segment}}, ErrEdit},
		{"a locked street", locked.Plan, Edit{Op: MoveStreet, To: b, Segments: []string{street.Segment}}, ErrLocked},
		{"a stop that is none", plan, Edit{Op: DropStop, Unit: a, Stop: street.Seq}, ErrUnknownStop},
		{"a stop of no time", plan, Edit{Op: AddStop, Unit: a, Point: &street.Line[0]}, ErrEdit},
		{"a stop outside the shift", plan, Edit{Op: AddStop, Unit: a, Point: &street.Line[0], Minutes: 10, At: street.Start.Add(24 * time.Hour)}, ErrEdit},
		{"a stop far away", plan, Edit{Op: AddStop, Unit: a, Point: &orb.Point{-70, -12}, Minutes: 10}, ErrNoWay},
		{"before itself", plan, Edit{Op: RetimeStop, Unit: a, Stop: 1, Before: 1}, ErrUnknownStop},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := d.Edit(tt.plan, []Edit{tt.edit}); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

func TestAStopByHandIsMadeInTime(t *testing.T) {
	d, plan := drafted(t, 3, routing.Car, routing.Car)
	unit := plan.Rounds[0].Unit
	place := plan.Rounds[1].Legs[len(plan.Rounds[1].Legs)/2].to()
	at := d.window().Start.Add(5 * time.Hour)
	c, err := d.Edit(plan, []Edit{{Op: AddStop, Unit: unit, Point: &place, Minutes: 15, At: at, Name: "Mercado"}})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, plan, c)
	i := slices.IndexFunc(roundOf(t, c.Plan, unit).Legs, func(l Leg) bool { return l.Name == "Mercado" })
	if i < 0 {
		t.Fatal("the stop is not there")
	}
	l := roundOf(t, c.Plan, unit).Legs[i]
	if late := l.Start.Sub(at).Abs(); late > 10*time.Minute || l.End.Sub(l.Start) != 15*time.Minute || l.Point != place || l.Reason != "manual" {
		t.Errorf("%+v, asked for %s", l, at)
	}
	if c.After.Stops != c.Before.Stops+1 || c.Plan.Parent != plan.ID || c.Plan.State != Draft || len(c.Plan.Edits) != 1 {
		t.Errorf("%+v, parent %q", c.After, c.Plan.Parent)
	}
	again, err := d.Edit(c.Plan, []Edit{{Op: RetimeStop, Unit: unit, Stop: l.Seq, At: at.Add(time.Hour)}})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, c.Plan, again)
	for _, m := range roundOf(t, again.Plan, unit).Legs {
		if m.Name == "Mercado" && m.Start.Sub(at.Add(time.Hour)).Abs() > 10*time.Minute {
			t.Errorf("moved to %s", m.Start)
		}
	}
}

// TestAStopIsMadeBeforeAnother has a stop made before one that the round comes
// to hours earlier, at the other end of a long town: the round passes near the
// stop only later, and must go there all the same.
func TestAStopIsMadeBeforeAnother(t *testing.T) {
	for seed := range uint64(2) {
		in := town(t, seed, routing.Car, routing.Car)
		in.Graph = routingtest.City(routingtest.Usual(seed, 48, 3))
		west := slices.MinFunc(in.Graph.Nodes, func(a, b routing.Node) int { return cmp.Compare(a.Point.Lon(), b.Point.Lon()) })
		for i := range in.Units {
			in.Units[i].Base = west.Point
		}
		plan, _, err := NewDraft(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		d, err := NewDesk(in)
		if err != nil {
			t.Fatal(err)
		}
		unit := plan.Rounds[0].Unit
		legs := roundOf(t, plan, unit).Legs
		base := plan.Rounds[0].Base
		far := slices.MaxFunc(legs, func(a, b Leg) int {
			return cmp.Compare(geo.Distance(a.to(), base), geo.Distance(b.to(), base))
		}).to()
		near := legs[0].to()
		start := d.window().Start
		for _, s := range []Edit{
			{Op: AddStop, Unit: unit, Point: &near, Minutes: 10, At: start.Add(5 * time.Minute), Name: "Primera"},
			{Op: AddStop, Unit: unit, Point: &far, Minutes: 10, At: start.Add(6 * time.Hour), Name: "Segunda"},
		} {
			c, err := d.Edit(plan, []Edit{s})
			if err != nil {
				t.Fatal(err)
			}
			plan = c.Plan
		}
		stop := func(p Plan, name string) Leg {
			legs := roundOf(t, p, unit).Legs
			i := slices.IndexFunc(legs, func(l Leg) bool { return l.Name == name })
			if i < 0 {
				t.Fatalf("seed %d: no stop %s", seed, name)
			}
			return legs[i]
		}
		c, err := d.Edit(plan, []Edit{{Op: RetimeStop, Unit: unit, Stop: stop(plan, "Segunda").Seq, Before: stop(plan, "Primera").Seq}})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, plan, c)
		if first, second := stop(c.Plan, "Segunda"), stop(c.Plan, "Primera"); !first.Start.Before(second.Start) {
			t.Errorf("seed %d: made at %s, after %s", seed, first.Start, second.Start)
		}
	}
}

func TestForbiddenStreetsAreLeftOut(t *testing.T) {
	d, plan := drafted(t, 4, routing.Car, routing.Car)
	unit := plan.Rounds[0].Unit
	for k, l := range roundOf(t, plan, unit).Legs {
		if l.Kind != Service || k%7 != 0 {
			continue
		}
		c, err := d.Edit(plan, []Edit{{Op: Forbid, Unit: unit, Segments: []string{l.Segment}}})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, plan, c)
		forbidden := slices.ContainsFunc(c.Violations, func(v Violation) bool { return v.Code == ForbiddenStreet })
		passes := slices.ContainsFunc(roundOf(t, c.Plan, unit).Legs, func(m Leg) bool { return m.Segment == l.Segment })
		if forbidden != passes {
			t.Errorf("street %s: driven %v, said %v", l.Segment, passes, forbidden)
		}
	}
}

// TestWhoGivesAStreetAwayIsBackInTime takes streets from units that roam the
// whole night: going round what is another's now, they roam less.
func TestWhoGivesAStreetAwayIsBackInTime(t *testing.T) {
	d, plan := drafted(t, 3, routing.Car, routing.Car)
	cut := 0
	for street, owner := range served(plan) {
		to := plan.Rounds[0].Unit
		if to == owner {
			to = plan.Rounds[1].Unit
		}
		c, err := d.Edit(plan, []Edit{{Op: MoveStreet, To: to, Segments: []string{street}}})
		if errors.Is(err, ErrNoWay) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range c.Violations {
			if v.Code == OutsideShift {
				t.Fatalf("%s from %s to %s: %+v", street, owner, to, v)
			}
		}
		for _, n := range c.Notes {
			if n.Code == FillCut && n.Unit == owner {
				cut++
			}
		}
	}
	if cut == 0 {
		t.Error("nobody who gave a street away had to roam less: the town shows nothing")
	}
}
