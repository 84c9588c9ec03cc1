package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/risk"
)

// areaProposeCmd lists the cells that the joint map puts forward.
type areaProposeCmd struct {
	storeFlags
	Shift string `help:"Shift as AAAA-MM-DD/code (default: the present one)." placeholder:"SHIFT"`
	JSON  bool   `help:"Print one JSON object." name:"json"`
}

// proposalRow is a proposal as it is printed.
type proposalRow struct {
	Cell    hotspots.Cell `json:"cell"`
	Level   risk.Level    `json:"level"`
	Times   float64       `json:"times"`
	Point   orb.Point     `json:"point"`
	Refused string        `json:"refused_until,omitempty"`
	Area    string        `json:"area,omitempty"` // that holds it already
}

// Run lists them.
func (c *areaProposeCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	shift, m, _, err := jointMap(ctx, st, d, c.Shift)
	if err != nil {
		return err
	}
	date, code, err := shift.ID.Split()
	if err != nil {
		return err
	}
	refusals, err := st.Refusals(ctx, d.Ubigeo, code, date)
	if err != nil {
		return err
	}
	fences, err := st.Fences(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	rows := []proposalRow{}
	for _, p := range m.Propose() {
		row := proposalRow{Cell: p.Cell.Cell, Level: p.Level, Times: p.Times, Point: m.Grid.Centre(p.Cell.Index)}
		for _, r := range refusals {
			if r.Cell == row.Cell {
				row.Refused = r.Until
			}
		}
		for _, f := range journal.InForce(fences, shift.ID) {
			if planar.MultiPolygonContains(f.Geometry, row.Point) {
				row.Area = f.ID
			}
		}
		rows = append(rows, row)
	}
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "shift": shift.ID, "proposed": rows})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CELL\tLEVEL\tTIMES THE MEAN\tPLACE\t")
	for _, r := range rows {
		state := ""
		switch {
		case r.Area != "":
			state = "is in area " + r.Area
		case r.Refused != "":
			state = "refused until " + r.Refused
		}
		fmt.Fprintf(w, "%s\t%s\t%.1f\t%.6f,%.6f\t%s\n", r.Cell, r.Level, r.Times, r.Point[0], r.Point[1], state)
	}
	return w.Flush()
}

// cellOf reads a cell of the joint map.
func cellOf(s string) (hotspots.Cell, error) {
	cell, err := hotspots.ParseCell(s)
	if err != nil || cell.Res() != risk.Res {
		return 0, badInputf("%q is no cell of the joint map; serenazgo area propose lists them", s)
	}
	return cell, nil
}

// areaAcceptCmd makes a cell a priority area.
type areaAcceptCmd struct {
	storeFlags
	Cell   string   `arg:"" help:"H3 cell, as area propose tells it."`
	Name   string   `help:"Name (default: the cell)."`
	Level  string   `help:"How much it is to be preferred: ${enum}." enum:"high,medium,low" default:"medium"`
	From   string   `help:"Date of the first shift (default: ever)." placeholder:"AAAA-MM-DD"`
	Until  string   `help:"Date of the last shift (default: for good)." placeholder:"AAAA-MM-DD"`
	Shifts []string `help:"Codes of the shifts (default: all)."`
}

// Run saves it.
func (c *areaAcceptCmd) Run(ctx context.Context) error {
	cell, err := cellOf(c.Cell)
	if err != nil {
		return err
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	grid, err := hotspots.NewGrid(d.Boundary, risk.Res)
	if err != nil {
		return badInput(err)
	}
	i, ok := grid.Index(cell)
	if !ok {
		return badInputf("cell %s is not in district %s", cell, d.Ubigeo)
	}
	f := journal.Fence{ID: cell.String(), Name: cmp.Or(c.Name, cell.String()), Kind: journal.Priority, Geometry: orb.MultiPolygon{grid.Polygon(i)},
		Term: journal.Term{Level: risk.Level(c.Level), From: c.From, Until: c.Until, Shifts: c.Shifts}}
	if err := journal.CheckFence(f); err != nil {
		return badInput(err)
	}
	if err := st.SaveFence(ctx, d.Ubigeo, f); err != nil {
		return err
	}
	return auditCLI(ctx, st, d.Ubigeo, "priority.save", f.ID, f.Name)
}

// areaRefuseCmd notes that a cell is not to be put forward.
type areaRefuseCmd struct {
	storeFlags
	Cell   string `arg:"" help:"H3 cell, as area propose tells it."`
	Shift  string `help:"Code of the shift." required:""`
	Until  string `help:"Last date on which it is not put forward." required:"" placeholder:"AAAA-MM-DD"`
	Reason string `help:"Why."`
}

// Run notes it.
func (c *areaRefuseCmd) Run(ctx context.Context) error {
	cell, err := cellOf(c.Cell)
	if err != nil {
		return err
	}
	r := risk.Refusal{Cell: cell, Shift: c.Shift, Until: c.Until, Reason: c.Reason, At: time.Now().UTC()}
	if err := r.Check(); err != nil {
		return badInput(err)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	return st.SaveRefusal(ctx, d.Ubigeo, r, cliRow(d.Ubigeo, "priority.refuse", cell.String(), c.Until))
}
