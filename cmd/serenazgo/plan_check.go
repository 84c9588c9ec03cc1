package main

import (
	"context"
	"fmt"
	"os"

	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// planCheckCmd lists what is wrong with a plan that was made or edited.
type planCheckCmd struct {
	File     string `arg:"" help:"Plan (GeoJSON)." type:"path" placeholder:"FILE"`
	OSM      string `name:"osm" help:"Street extract to check against, instead of the store's streets." type:"path" placeholder:"FILE"`
	Boundary string `help:"District boundary (GeoJSON), with --osm." type:"path" placeholder:"FILE"`
	JSON     bool   `name:"json" help:"Print one JSON object."`
	storeFlags
}

// Run checks the plan; violations are its result, not a failure.
func (c *planCheckCmd) Run(ctx context.Context) error {
	f, err := os.Open(c.File)
	if err != nil {
		return badInputf("plan: %v", err)
	}
	defer f.Close()
	file, err := patrol.DecodeGeoJSON(f, c.File)
	if err != nil {
		return badInput(err)
	}
	in, err := c.input(ctx, file)
	if err != nil {
		return err
	}
	report := patrol.Report(file.Plan, in.Graph, file.Shift)
	report.Violations = append(report.Violations, patrol.Keeps(file.Plan, in)...)
	if c.JSON {
		return printJSON(report)
	}
	for _, v := range report.Violations {
		fmt.Printf("%s leg %d: %s: %s\n", v.Unit, v.Seq, v.Code, v.Message)
	}
	fmt.Printf("%d rounds, %d legs, %.1f km, coverage %.2f %%, contiguous: %v, violations: %d\n",
		report.Rounds, report.Legs, report.DrivenKm, report.CoveragePct, report.Contiguous, len(report.Violations))
	return nil
}

// input gives what the plan is held against: the streets of the files, or the
// streets, units, fixed posts and sectors of the store.
func (c *planCheckCmd) input(ctx context.Context, file patrol.PlanFile) (in patrol.DraftInput, err error) {
	in.Shift.Start, in.Shift.End = file.Shift.Start, file.Shift.End
	if c.OSM != "" {
		in.Graph, err = c.graph(ctx, file)
		return in, err
	}
	if c.Boundary != "" {
		return in, badInputf("--boundary goes with --osm: give the street extract as well, or neither to check against the store")
	}
	return in, c.stored(ctx, file, &in)
}

// graph gives the streets of the files.
func (c *planCheckCmd) graph(ctx context.Context, file patrol.PlanFile) (*routing.Graph, error) {
	var modes routing.ModeSet
	for _, r := range file.Plan.Rounds {
		modes |= routing.SetOf(r.Mode)
	}
	// The plan's own modes; then as an import into a store reads it, for every
	// mode, without and with the ways on foot: these cut streets where they meet
	// them, and the same places are other segments.
	var best *routing.Graph
	fewest := -1
	for _, src := range []osm.Source{{Modes: modes, Paths: modes.Has(routing.Foot)}, {}, {Paths: true}} {
		src.File, src.BoundaryFile = c.OSM, c.Boundary
		im, err := osm.Load(ctx, src)
		if err != nil {
			return nil, badInput(err)
		}
		if n := missing(file.Plan, im.Graph); fewest < 0 || n < fewest {
			best, fewest = im.Graph, n
		}
		if fewest == 0 {
			break
		}
	}
	return best, nil
}

// missing counts the legs of a plan whose segment is not on the map.
func missing(plan patrol.Plan, g *routing.Graph) int {
	known := make(map[string]bool, len(g.Segments))
	for i := range g.Segments {
		known[g.Segments[i].ID] = true
	}
	n := 0
	for _, r := range plan.Rounds {
		for _, l := range r.Legs {
			if l.Segment != "" && !known[l.Segment] {
				n++
			}
		}
	}
	return n
}
