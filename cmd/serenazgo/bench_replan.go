package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// benchReplanCmd plans a district from files once and then lets random things
// happen in the middle of the shift, each to the plan as it was.
type benchReplanCmd struct {
	benchRoundsCmd
	Events int `help:"How many things happen, each by itself." default:"100"`
}

// replanFigures are what `bench replan` prints.
type replanFigures struct {
	Events          int                `json:"events"`
	Clock           string             `json:"clock"` // that the times are of
	P50S            float64            `json:"p50_s"`
	P99S            float64            `json:"p99_s"`
	MaxS            float64            `json:"max_s"`
	PrepareS        float64            `json:"prepare_s"` // once a shift
	MovedElsewhere  int                `json:"moved_elsewhere"`
	MovedFrozen     int                `json:"moved_frozen"`
	UncoveredBefore float64            `json:"uncovered_km_before"`
	UncoveredAfter  float64            `json:"uncovered_km_after"`
	FreedKm         float64            `json:"freed_km"`
	Violations      int                `json:"violations"`
	ByKind          map[string]float64 `json:"p99_s_by_kind"`
	Uncovered       map[string]float64 `json:"uncovered_km_after_by_kind"`
	FirstViolation  string             `json:"first_violation,omitempty"`
}

// Run plans, lets things happen, and checks every plan that comes of it.
func (c *benchReplanCmd) Run(ctx context.Context) error {
	if c.Events < 1 || c.Events > 100000 {
		return badInputf("--events %d: give a number from 1 to 100000", c.Events)
	}
	c.fleetOr(10, 4)
	in, plan, desk, prepared, err := c.desk(ctx)
	if err != nil {
		return err
	}
	out := replanFigures{Events: c.Events, Clock: c.Clock, PrepareS: prepared, ByKind: map[string]float64{}, Uncovered: map[string]float64{}}
	rng := rand.New(rand.NewPCG(uint64(c.Seed), 0x4e91))
	var took []float64
	byKind := map[string][]float64{}
	bar := newProgress("replanning")
	for i := range c.Events {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		bar.Set(float64(i), float64(c.Events), "")
		s := randomSituation(rng, in, plan)
		watch := c.stopwatch()
		ch, err := desk.Replan(plan, s)
		if err != nil {
			return fmt.Errorf("event %d, %+v: %w", i+1, s.Events[0], err)
		}
		seconds := watch()
		took = append(took, seconds)
		kind := string(s.Events[0].Kind)
		byKind[kind] = append(byKind[kind], seconds)
		out.add(plan, ch, s, in.Graph, kind)
	}
	bar.Done()
	out.P50S, out.P99S, out.MaxS = quantile(took, 0.5), quantile(took, 0.99), slices.Max(took)
	for k, v := range byKind {
		out.ByKind[k] = quantile(v, 0.99)
	}
	if err := out.print(c.JSON); err != nil {
		return err
	}
	if out.MovedElsewhere > 0 || out.MovedFrozen > 0 {
		return fmt.Errorf("%d visits moved that no event freed, %d legs that were driven or about to be are not what they were", out.MovedElsewhere, out.MovedFrozen)
	}
	return nil
}

func (f replanFigures) print(asJSON bool) error {
	if asJSON {
		return printJSON(f)
	}
	raw, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return printRawFigures(os.Stdout, raw)
}

// add judges one replanned plan by itself, without asking the desk.
func (f *replanFigures) add(plan patrol.Plan, ch patrol.Change, s patrol.Situation, g *routing.Graph, kind string) {
	n := 0
	for _, v := range ch.Violations {
		if v.Code == patrol.NoBreak && s.Events[0].Kind == patrol.UnitAdded {
			continue
		}
		n++
		if f.FirstViolation == "" {
			f.FirstViolation = fmt.Sprintf("%s: %s leg %d: %s: %s", kind, v.Unit, v.Seq, v.Code, v.Message)
		}
	}
	f.Violations += n
	f.UncoveredBefore += ch.Before.ToVisitKm - ch.Before.CoveredKm
	after := ch.After.ToVisitKm - ch.After.CoveredKm
	f.UncoveredAfter += after
	f.Uncovered[kind] += after
	f.moved(plan, ch, s, g)
}

// moved counts work that moved though nothing had freed it, and legs that
// were driven or about to be and are not what they were.
func (f *replanFigures) moved(plan patrol.Plan, ch patrol.Change, s patrol.Situation, g *routing.Graph) {
	e := s.Events[0]
	freed := map[string]bool{}
	for _, id := range e.Segments {
		freed[id] = true
	}
	for _, n := range ch.Notes {
		if n.Code == patrol.TakenBy || n.Code == patrol.Uncovered {
			for _, id := range n.Segments {
				freed[id] = true // behind a closed street, and told of
			}
		}
	}
	length := make(map[string]float64, len(g.Segments))
	for i := range g.Segments {
		length[g.Segments[i].ID] = g.Segments[i].Length
	}
	for _, old := range plan.Rounds {
		var now patrol.Round
		for _, r := range ch.Plan.Rounds {
			if r.Unit == old.Unit {
				now = r
			}
		}
		drives := map[string]bool{}
		for _, l := range now.Legs {
			drives[l.Segment] = true
		}
		hold := s.Now
		if e.Unit != old.Unit && e.Kind != patrol.StreetClosed {
			hold = hold.Add(5 * time.Minute)
		}
		for i, l := range old.Legs {
			if l.Start.Before(hold) && (i >= len(now.Legs) || !reflect.DeepEqual(now.Legs[i], l)) {
				f.MovedFrozen++
			}
			if l.Kind == patrol.Service && !drives[l.Segment] {
				if e.Unit == old.Unit || freed[l.Segment] {
					f.FreedKm += length[l.Segment] / 1000
				} else {
					f.MovedElsewhere++
				}
			}
		}
	}
}

// randomSituation draws something that happens between half an hour after the
// start of a shift and half an hour before its end.
func randomSituation(rng *rand.Rand, in patrol.DraftInput, plan patrol.Plan) patrol.Situation {
	window := in.Shift.End.Sub(in.Shift.Start)
	now := in.Shift.Start.Add(30*time.Minute + time.Duration(rng.Float64()*float64(window-time.Hour))).Round(time.Second)
	r := plan.Rounds[rng.IntN(len(plan.Rounds))]
	s := patrol.Situation{Now: now}
	switch rng.IntN(4) {
	case 0:
		s.Events = []patrol.Event{{Kind: patrol.UnitLost, Unit: r.Unit}}
	case 1:
		u := fleet.Unit{ID: "X01", CallSign: "X01", Mode: routing.Car, Base: r.Base, Active: true}
		s.Added = map[string]fleet.Unit{u.ID: u}
		s.Events = []patrol.Event{{Kind: patrol.UnitAdded, Unit: u.ID}}
	case 2:
		// A street that somebody is still to come by, and what goes on from it
		// under the same name.
		var ahead []patrol.Leg
		for _, l := range r.Legs {
			if l.Segment != "" && l.Start.After(now) {
				ahead = append(ahead, l)
			}
		}
		if len(ahead) == 0 {
			ahead = r.Legs[len(r.Legs)-1:]
		}
		i := rng.IntN(len(ahead))
		e := patrol.Event{Kind: patrol.StreetClosed, Segments: []string{ahead[i].Segment}}
		for k := i + 1; k < len(ahead) && k < i+4 && ahead[k].Name == ahead[i].Name && !slices.Contains(e.Segments, ahead[k].Segment); k++ {
			e.Segments = append(e.Segments, ahead[k].Segment)
		}
		s.Events = []patrol.Event{e}
	default:
		other := plan.Rounds[rng.IntN(len(plan.Rounds))]
		l := other.Legs[rng.IntN(len(other.Legs))]
		at := l.Point
		if len(l.Line) > 0 {
			at = l.Line[0]
		}
		until := now.Add(time.Duration(20+rng.IntN(70)) * time.Minute)
		if home := in.Shift.End.Add(-20 * time.Minute); until.After(home) {
			until = home // an alert that lasts longer makes the crew late, whatever is planned
		}
		s.Events = []patrol.Event{{Kind: patrol.AlertTakes, Unit: r.Unit, Point: &at, Until: until}}
	}
	return s
}

// quantile is the nearest-rank quantile.
func quantile(xs []float64, q float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	s := slices.Clone(xs)
	slices.Sort(s)
	return math.Round(1e4*s[max(0, int(math.Ceil(q*float64(len(s))))-1)]) / 1e4
}
