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
	g, err := c.graph(ctx, file)
	if err != nil {
		return err
	}
	report := patrol.Report(file.Plan, g, file.Shift)
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

// graph gives the streets of the files, or those of the store.
func (c *planCheckCmd) graph(ctx context.Context, file patrol.PlanFile) (*routing.Graph, error) {
	if c.OSM == "" {
		if c.Boundary != "" {
			return nil, badInputf("--boundary goes with --osm: give the street extract as well, or neither to check against the store")
		}
		return c.storedGraph(ctx, file)
	}
	g, err := c.extract(ctx, file.Plan, false)
	if err != nil || missing(file.Plan, g) == 0 {
		return g, err
	}
	// A store's streets were read with every mode and with paths, which cut
	// streets where they meet them: the same places, other segments.
	whole, err := c.extract(ctx, file.Plan, true)
	if err != nil || missing(file.Plan, whole) < missing(file.Plan, g) {
		return whole, err
	}
	return g, nil
}

// extract reads the streets of the files: those of the plan's modes, or all of
// them, as an import into a store does.
func (c *planCheckCmd) extract(ctx context.Context, plan patrol.Plan, all bool) (*routing.Graph, error) {
	var modes routing.ModeSet
	if !all {
		for _, r := range plan.Rounds {
			modes |= routing.SetOf(r.Mode)
		}
	}
	im, err := osm.Load(ctx, osm.Source{File: c.OSM, BoundaryFile: c.Boundary, Modes: modes, Paths: all || modes.Has(routing.Foot)})
	if err != nil {
		return nil, badInput(err)
	}
	return im.Graph, nil
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
