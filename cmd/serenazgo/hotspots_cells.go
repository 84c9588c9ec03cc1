package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/store"
)

// hotspotsCellsCmd lists the worst cells of a shift.
type hotspotsCellsCmd struct {
	storeFlags
	Shift string `help:"Shift: AAAA-MM-DD/turno, such as 2026-11-21/noche." required:"" placeholder:"SHIFT"`
	By    string `help:"Rank by ${enum}: the incidents to expect, or the harm of them." enum:"count,harm" default:"count"`
	Limit int    `help:"How many cells." default:"20"`
	JSON  bool   `help:"Print one JSON object." name:"json"`
}

// cellRow is a cell as it is printed.
type cellRow struct {
	Rank     int     `json:"rank"`
	Cell     string  `json:"cell"`
	Lon      float64 `json:"lon"`
	Lat      float64 `json:"lat"`
	Expected float64 `json:"expected"`
	Harm     float64 `json:"harm"`
	Low      int     `json:"low"`
	High     int     `json:"high"`
	Top      float64 `json:"top"`
	Hot      bool    `json:"hot"`
	Few      bool    `json:"few"`
	Count365 int     `json:"count365"`
}

// Run lists them.
func (c *hotspotsCellsCmd) Run(ctx context.Context) error {
	if c.Limit < 1 {
		return badInputf("--limit %d: give a number above 0", c.Limit)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	surface, err := shiftForecast(ctx, st, d, fleet.ShiftID(c.Shift))
	if err != nil {
		return err
	}
	if surface.Sample == 0 {
		return badInputf("district %s has no incidents before %s: import some first: serenazgo import incidents FILE", d.Ubigeo, c.Shift)
	}
	table, err := st.HarmWeights(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	harm, spread := surface.Harm(table), surface.Spread()
	ranked := surface.Ranked(-1)
	if c.By == "harm" {
		slices.SortStableFunc(ranked, func(a, b hotspots.Ranked) int { return cmp.Compare(harm.Expected[b.Index], harm.Expected[a.Index]) })
	}
	rows := []cellRow{}
	for i, r := range ranked[:min(c.Limit, len(ranked))] {
		at := surface.Grid.Centre(r.Index)
		rows = append(rows, cellRow{i + 1, r.Cell.String(), at[0], at[1], r.Expected, harm.Expected[r.Index], spread.Low[r.Index], spread.High[r.Index],
			spread.Top[r.Index], spread.Hot[r.Index].Hot, spread.Few[r.Index], r.Count365})
	}
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "shift": c.Shift, "model": surface.Model, "sample": surface.Sample, "total": surface.Total, "harm_total": harm.Total,
			"top_k": spread.K, "days": spread.Days, "periods": spread.Periods, "cells": rows})
	}
	fmt.Printf("%.2f incidents expected, harm %.1f (model %s on %d incidents)\n", surface.Total, harm.Total, surface.Model, surface.Sample)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "RANK\tCELL\tEXPECTED\tHARM\t80 %% IN %d DAYS\tIN FIRST %d\tIN A YEAR\t\n", spread.Days, spread.K)
	for _, r := range rows {
		said := ""
		switch {
		case r.Few:
			said = "too few incidents to tell"
		case r.Hot:
			said = "significant"
		}
		fmt.Fprintf(w, "%d\t%s\t%.3f\t%.2f\t%d–%d\t%.0f %%\t%d\t%s\n", r.Rank, r.Cell, r.Expected, r.Harm, r.Low, r.High, 100*r.Top, r.Count365, said)
	}
	return w.Flush()
}

// shiftForecast is the forecast of a shift that is named.
func shiftForecast(ctx context.Context, st *store.Store, d fleet.District, id fleet.ShiftID) (*hotspots.Surface, error) {
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	defs, err := st.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	shift, err := fleet.ResolveShift(id, defs, loc)
	if err != nil {
		return nil, badInput(err)
	}
	surface, err := forecast(ctx, st, d, shift)
	if errors.Is(err, fleet.ErrInvalid) {
		return nil, badInput(err)
	}
	return surface, err
}
