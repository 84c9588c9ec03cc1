package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/paulmach/orb/geojson"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/risk"
	"github.com/serenazgo/serenazgo/store"
)

// riskCmd looks after the municipal risk factors and the joint map.
type riskCmd struct {
	Import  riskImportCmd  `cmd:"" help:"Bring risk factors into the store, in place of those that a file of this name told of."`
	List    riskListCmd    `cmd:"" help:"List the risk factors."`
	Remove  riskRemoveCmd  `cmd:"" help:"Take a risk factor away."`
	Weights riskWeightsCmd `cmd:"" help:"Show how the kinds of factors count, or change it."`
	Map     riskMapCmd     `cmd:"" help:"Unite the crime map of a shift and the risk factors on H3 cells."`
}

type riskImportCmd struct {
	storeFlags
	File      string `arg:"" help:"GeoJSON, CSV or XLSX file with a kind, a name, and a geometry or latitude and longitude." type:"existingfile"`
	Kind      string `help:"Kind of factors that name none." placeholder:"KIND"`
	DryRun    bool   `help:"Check the file and change nothing."`
	Simulated bool   `help:"The factors are made up."`
	JSON      bool   `help:"Print one JSON object." name:"json"`
}

// Run imports the file.
func (c *riskImportCmd) Run(ctx context.Context) error {
	f, err := os.Open(c.File)
	if err != nil {
		return badInput(err)
	}
	defer f.Close()
	name := f.Name()[strings.LastIndexAny(f.Name(), `/\`)+1:]
	factors, rejected, err := risk.Read(f, name, risk.Kind(c.Kind))
	if err != nil {
		return badInput(err)
	}
	for i := range factors {
		factors[i].Simulated = c.Simulated
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	if !c.DryRun && len(factors) > 0 {
		if err := st.ReplaceFactors(ctx, d.Ubigeo, name, factors, cliRow(d.Ubigeo, "risk.import", name, fmt.Sprint(len(factors)))); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "file": name, "dry_run": c.DryRun, "factors": len(factors), "rejected": append([]hotspots.Rejected{}, rejected...)})
	}
	for _, r := range rejected {
		fmt.Printf("row %d: %s\n", r.Row, r.Reason)
	}
	if len(factors) == 0 {
		return badInputf("%s: none of %d rows can be used", name, len(rejected))
	}
	fmt.Printf("%s: %d factors, %d rows rejected\n", name, len(factors), len(rejected))
	return nil
}

type riskListCmd struct {
	storeFlags
	JSON bool `help:"Print a GeoJSON FeatureCollection." name:"json"`
}

// Run lists the factors.
func (c *riskListCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	factors, err := st.Factors(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if c.JSON {
		fc := geojson.NewFeatureCollection()
		for _, f := range factors {
			x := geojson.NewFeature(f.Geometry)
			x.Properties = geojson.Properties{"id": f.ID, "kind": f.Kind, "name": f.Name, "source": f.Source, "simulated": f.Simulated}
			fc.Append(x)
		}
		return printJSON(fc)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tKIND\tNAME\tFILE\tPLACE")
	for _, f := range factors {
		p := f.Geometry.Bound().Center()
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%.6f,%.6f\n", f.ID, f.Kind, f.Name, f.Source, p[0], p[1])
	}
	return w.Flush()
}

type riskRemoveCmd struct {
	storeFlags
	ID string `arg:"" help:"Id of the factor, as risk list tells it."`
}

// Run takes it away.
func (c *riskRemoveCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	err = st.DeleteFactor(ctx, d.Ubigeo, c.ID, cliRow(d.Ubigeo, "risk.delete", c.ID, ""))
	if errors.Is(err, fleet.ErrNotFound) {
		return badInputf("%w; serenazgo risk list names them", err)
	}
	return err
}

type riskWeightsCmd struct {
	storeFlags
	Share *float64           `help:"Part of the municipal map in the joint one, 0 to 1."`
	Set   map[string]float64 `help:"Weight of a kind, −10 to 10; negative makes safer." placeholder:"KIND=WEIGHT"`
	Reach map[string]float64 `help:"Reach of a kind in metres." placeholder:"KIND=METRES"`
	JSON  bool               `help:"Print one JSON object." name:"json"`
}

// Run changes what is given and shows what holds then.
func (c *riskWeightsCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	set, err := st.RiskSettings(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if c.Share != nil {
		set.Share = *c.Share
	}
	for k, w := range c.Set {
		t := set.Term(risk.Kind(k))
		t.Weight = w
		set.Terms[risk.Kind(k)] = t
	}
	for k, r := range c.Reach {
		t := set.Term(risk.Kind(k))
		t.Reach = r
		set.Terms[risk.Kind(k)] = t
	}
	if err := set.Check(); err != nil {
		return badInput(err)
	}
	if c.Share != nil || len(c.Set)+len(c.Reach) > 0 {
		if err := st.SaveRiskSettings(ctx, d.Ubigeo, set, cliRow(d.Ubigeo, "risk.settings", "", fmt.Sprintf("%g", set.Share))); err != nil {
			return err
		}
	}
	if c.JSON {
		terms := map[risk.Kind]risk.Term{}
		for _, k := range risk.Kinds() {
			terms[k] = set.Term(k)
		}
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "share": set.Share, "terms": terms})
	}
	fmt.Printf("joint = %.2f · crime + %.2f · municipal\n", 1-set.Share, set.Share)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KIND\tWEIGHT\tREACH M")
	for _, k := range risk.Kinds() {
		fmt.Fprintf(w, "%s\t%g\t%g\n", k, set.Term(k).Weight, set.Term(k).Reach)
	}
	return w.Flush()
}

type riskMapCmd struct {
	storeFlags
	Shift string `help:"Shift as AAAA-MM-DD/code (default: the present one)." placeholder:"SHIFT"`
	Top   int    `help:"Cells to list." default:"20"`
	Out   string `help:"Write every cell as GeoJSON to a file." type:"path" placeholder:"FILE"`
	JSON  bool   `help:"Print one JSON object." name:"json"`
}

// riskRow is a cell of the map as it is printed.
type riskRow struct {
	Rank      int                   `json:"rank"`
	Cell      hotspots.Cell         `json:"cell"`
	Times     float64               `json:"times"`
	Crime     float64               `json:"crime"`
	Municipal float64               `json:"municipal"`
	Joint     float64               `json:"joint"`
	Expected  float64               `json:"expected"`
	Exposure  map[risk.Kind]float64 `json:"exposure,omitempty"`
	Proposed  risk.Level            `json:"proposed,omitempty"`
}

// Run makes the map.
func (c *riskMapCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	shift, m, factors, err := jointMap(ctx, st, d, c.Shift)
	if err != nil {
		return err
	}
	level := map[hotspots.Cell]risk.Level{}
	for _, p := range m.Propose() {
		level[p.Cell.Cell] = p.Level
	}
	rows, fc := []riskRow{}, geojson.NewFeatureCollection()
	for i, x := range m.Ranked(-1) {
		row := riskRow{i + 1, x.Cell, m.Times(x), x.Crime, x.Municipal, x.Joint, x.Expected, x.Exposure, level[x.Cell]}
		rows = append(rows, row)
		f := geojson.NewFeature(m.Grid.Polygon(x.Index))
		f.Properties = geojson.Properties{"cell": x.Cell.String(), "rank": row.Rank, "times": row.Times, "crime": x.Crime, "municipal": x.Municipal, "joint": x.Joint,
			"expected": x.Expected, "proposed": string(row.Proposed)}
		fc.Append(f)
	}
	if c.Out != "" {
		if err := replaceFile(c.Out, func(w io.Writer) error { return json.NewEncoder(w).Encode(fc) }); err != nil {
			return err
		}
	}
	rows = rows[:min(max(c.Top, 0), len(rows))]
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "shift": shift.ID, "share": m.Share, "factors": len(factors), "cells": rows})
	}
	fmt.Printf("%s: joint = %.2f · crime + %.2f · municipal; %d factors, %d of them near a cell's centre\n", shift.ID, 1-m.Share, m.Share, len(factors), m.Inside)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RANK\tCELL\tTIMES\tCRIME %\tMUNICIPAL %\tJOINT %\tPROPOSED")
	for _, r := range rows {
		fmt.Fprintf(w, "%d\t%s\t%.1f\t%.2f\t%.2f\t%.2f\t%s\n", r.Rank, r.Cell, r.Times, 100*r.Crime, 100*r.Municipal, 100*r.Joint, r.Proposed)
	}
	return w.Flush()
}

// jointMap makes the joint map of a shift; "": the present one, or the next.
func jointMap(ctx context.Context, st *store.Store, d fleet.District, id string) (fleet.Shift, risk.Map, []risk.Factor, error) {
	shift, m, _, factors, err := jointMapOf(ctx, st, d, id)
	return shift, m, factors, err
}

// jointMapOf is jointMap with the forecast that it was made of.
func jointMapOf(ctx context.Context, st *store.Store, d fleet.District, id string) (fleet.Shift, risk.Map, *hotspots.Surface, []risk.Factor, error) {
	none := risk.Map{}
	loc, err := d.Location()
	if err != nil {
		return fleet.Shift{}, none, nil, nil, err
	}
	defs, err := st.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return fleet.Shift{}, none, nil, nil, err
	}
	var shift fleet.Shift
	if id != "" {
		if shift, err = fleet.ResolveShift(fleet.ShiftID(id), defs, loc); err != nil {
			return shift, none, nil, nil, badInput(err)
		}
	} else {
		ok := false
		if shift, ok = fleet.ShiftAt(time.Now(), defs, loc); !ok {
			if shift, ok = fleet.NextShift(time.Now(), defs, loc); !ok {
				return shift, none, nil, nil, badInputf("district %s has no shifts: give --shift", d.Ubigeo)
			}
		}
	}
	surface, err := forecast(ctx, st, d, shift)
	if err != nil {
		return shift, none, nil, nil, err
	}
	grid, err := hotspots.NewGrid(d.Boundary, risk.Res)
	if err != nil {
		return shift, none, nil, nil, badInput(err)
	}
	factors, err := st.Factors(ctx, d.Ubigeo)
	if err != nil {
		return shift, none, nil, nil, err
	}
	settings, err := st.RiskSettings(ctx, d.Ubigeo)
	return shift, risk.Joint(grid, surface, factors, settings), surface, factors, err
}
