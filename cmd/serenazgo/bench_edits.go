package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// benchEditsCmd plans a district from files once and then changes the plan by
// hand in random ways, each time as it was.
type benchEditsCmd struct {
	benchRoundsCmd
	Edits int `help:"How many changes." default:"200"`
}

// editFigures are what `bench edits` prints.
type editFigures struct {
	Edits    int                `json:"edits"`
	Refused  int                `json:"refused"` // of them: they could not be done at all
	Clock    string             `json:"clock"`
	P50MS    float64            `json:"p50_ms"`
	P99MS    float64            `json:"p99_ms"`
	MaxMS    float64            `json:"max_ms"`
	PrepareS float64            `json:"prepare_s"` // once a shift
	Units    float64            `json:"units_changed_mean"`
	ByOp     map[string]float64 `json:"p99_ms_by_op"`
}

// Run plans, changes, and times what a supervisor waits for: the new rounds, the
// violations and the cost, as they go over the wire.
func (c *benchEditsCmd) Run(ctx context.Context) error {
	if c.Edits < 1 || c.Edits > 100000 {
		return badInputf("--edits %d: give a number from 1 to 100000", c.Edits)
	}
	c.fleetOr(10, 4)
	if c.Cars+c.Motorcycles+c.Bicycles+c.Foot < 2 {
		return badInputf("one unit has nobody to give anything to: give at least 2")
	}
	_, plan, desk, prepared, err := c.desk(ctx)
	if err != nil {
		return err
	}
	out := editFigures{Edits: c.Edits, Clock: c.Clock, PrepareS: prepared, ByOp: map[string]float64{}}
	rng := rand.New(rand.NewPCG(uint64(c.Seed), 0xed17))
	took, byOp := []float64{}, map[string][]float64{}
	bar := newProgress("changing")
	for i := range c.Edits {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		bar.Set(float64(i), float64(c.Edits), "")
		e := randomEdit(rng, plan)
		watch := c.stopwatch()
		ch, err := desk.Edit(plan, []patrol.Edit{e})
		if errors.Is(err, fleet.ErrInvalid) {
			out.Refused++
			continue
		}
		if err != nil {
			return fmt.Errorf("change %d, %+v: %w", i+1, e, err)
		}
		if _, err := json.Marshal(ch); err != nil {
			return err
		}
		ms := 1000 * watch()
		took = append(took, ms)
		byOp[string(e.Op)] = append(byOp[string(e.Op)], ms)
		out.Units += float64(len(ch.Units))
	}
	bar.Done()
	if len(took) == 0 {
		return fmt.Errorf("none of %d changes could be done", c.Edits)
	}
	out.Units /= float64(len(took))
	out.P50MS, out.P99MS, out.MaxMS = quantile(took, 0.5), quantile(took, 0.99), slices.Max(took)
	for op, ms := range byOp {
		out.ByOp[op] = quantile(ms, 0.99)
	}
	if c.JSON {
		return printJSON(out)
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return printRawFigures(os.Stdout, raw)
}

// stopwatch gives the seconds since now: of the wall, or all the processor time
// that this process has used since.
func (c *benchRoundsCmd) stopwatch() func() float64 {
	if c.Clock == "cpu" {
		return newCPUClock().Seconds
	}
	begun := time.Now()
	return func() float64 { return time.Since(begun).Seconds() }
}

// randomEdit draws a change that somebody might make of a plan of at least two
// rounds.
func randomEdit(rng *rand.Rand, p patrol.Plan) patrol.Edit {
	i := rng.IntN(len(p.Rounds))
	r, other := p.Rounds[i], p.Rounds[(i+1+rng.IntN(len(p.Rounds)-1))%len(p.Rounds)]
	var streets []string
	var stops []int
	for _, l := range r.Legs {
		switch l.Kind {
		case patrol.Service:
			streets = append(streets, l.Segment)
		case patrol.Stop:
			stops = append(stops, l.Seq)
		}
	}
	op := rng.IntN(8)
	if op < 4 && len(streets) > 0 {
		// A street and what goes on from it, as it is picked on the map.
		k := rng.IntN(len(streets))
		few := streets[k:min(len(streets), k+1+rng.IntN(4))]
		switch op {
		case 0, 1:
			return patrol.Edit{Op: patrol.MoveStreet, Segments: few, To: other.Unit}
		case 2:
			return patrol.Edit{Op: patrol.DropStreet, Segments: few}
		default:
			return patrol.Edit{Op: patrol.Forbid, Unit: r.Unit, Segments: few}
		}
	}
	if op < 7 && len(stops) > 1 {
		k := 1 + rng.IntN(len(stops)-1)
		switch op {
		case 4:
			return patrol.Edit{Op: patrol.MoveStop, Unit: r.Unit, Stop: stops[k], To: other.Unit}
		case 5:
			return patrol.Edit{Op: patrol.RetimeStop, Unit: r.Unit, Stop: stops[k], Before: stops[rng.IntN(k)]}
		default:
			return patrol.Edit{Op: patrol.DropStop, Unit: r.Unit, Stop: stops[k]}
		}
	}
	l := other.Legs[rng.IntN(len(other.Legs))]
	at := l.Point
	if len(l.Line) > 0 {
		at = l.Line[0]
	}
	return patrol.Edit{Op: patrol.AddStop, Unit: r.Unit, Point: &at, Minutes: 12}
}
