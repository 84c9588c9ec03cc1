package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
)

// planPrintCmd writes the papers of a shift.
type planPrintCmd struct {
	What   string   `arg:"" enum:"roster,route,stops,units" help:"What to print: ${enum}: the rol de patrullaje, the hojas de ruta, the log of tactical stops, or the table of the day's units."`
	Shift  string   `help:"Shift: AAAA-MM-DD/turno, such as 2026-11-21/noche." required:"" placeholder:"SHIFT"`
	Plan   string   `help:"Id of the version to print (default: the one that was handed out, else the newest)." placeholder:"ID"`
	Unit   []string `help:"Unit whose hoja de ruta to print; may be given several times (default: all)." placeholder:"UNIT"`
	Format string   `enum:"pdf,xlsx,json" default:"pdf" help:"One of ${enum}."`
	Out    string   `help:"File to write (default: standard output)." type:"path" placeholder:"FILE"`
	storeFlags
}

// Run writes the file.
func (c *planPrintCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	p, err := c.any(ctx, st, d)
	if err != nil {
		if errors.Is(err, fleet.ErrInvalid) || errors.Is(err, fleet.ErrNotFound) {
			return badInput(err)
		}
		return err
	}
	f := export.Format(c.Format)
	if err := st.Audit(ctx, cliRow(d.Ubigeo, "plan.print", c.Shift, c.What+" "+c.Format)); err != nil {
		return err
	}
	write := func(w io.Writer) error { return p.Write(w, f) }
	if c.Out != "" {
		return replaceFile(c.Out, write)
	}
	w := bufio.NewWriter(os.Stdout)
	return errors.Join(write(w), w.Flush())
}

// any makes the paper that is asked for.
func (c *planPrintCmd) any(ctx context.Context, st *store.Store, d fleet.District) (templates.Paper, error) {
	if c.What != templates.KindStops && c.What != templates.KindUnits {
		return c.paper(ctx, st, d)
	}
	if _, _, err := fleet.ShiftID(c.Shift).Split(); err != nil {
		return templates.Paper{}, badInput(err)
	}
	m, err := newReviewMaker(st, "", time.Now)
	if err != nil {
		return templates.Paper{}, err
	}
	return shiftPapers{st, d, m.Watch, time.Now()}.paper(ctx, c.What, fleet.ShiftID(c.Shift))
}

// paper makes one of the plan.
func (c *planPrintCmd) paper(ctx context.Context, st *store.Store, d fleet.District) (templates.Paper, error) {
	plan, err := planToPrint(ctx, st, d.Ubigeo, fleet.ShiftID(c.Shift), c.Plan)
	if err != nil && !(c.What == templates.KindRoster && c.Plan == "" && errors.Is(err, fleet.ErrNotFound)) {
		return templates.Paper{}, err
	}
	units := c.Unit
	if c.What == templates.KindRoster {
		r, err := st.Roster(ctx, d.Ubigeo, fleet.ShiftID(c.Shift))
		if err != nil && !errors.Is(err, fleet.ErrNotFound) {
			return templates.Paper{}, err
		}
		units = r.Units
	}
	s, err := forms.Read(ctx, st, d, fleet.ShiftID(c.Shift), plan, func(from, to time.Time) (*routing.Graph, error) {
		return shiftPapers{st: st, d: d}.streets(ctx, from, to)
	})
	if err != nil {
		return templates.Paper{}, err
	}
	return templates.OfPlan(c.What, s, units, time.Now())
}

// planToPrint finds a version of a shift's plan: the one named, or the one that
// was handed out, or the newest.
func planToPrint(ctx context.Context, st *store.Store, ubigeo string, shift fleet.ShiftID, id string) (*patrol.Plan, error) {
	if id == "" {
		heads, err := st.PlansOfShift(ctx, ubigeo, shift)
		if err != nil {
			return nil, err
		}
		best, ok := patrol.ToPrint(heads, func(patrol.Plan) bool { return true })
		if !ok {
			return nil, fmt.Errorf("%w: shift %s has no plan yet; make one with serenazgo plan --shift %s", fleet.ErrNotFound, shift, shift)
		}
		id = best.ID
	}
	p, err := st.Plan(ctx, ubigeo, id)
	if err != nil {
		return nil, err
	}
	if p.Shift != shift {
		return nil, badInputf("plan %s is of shift %s, not of %s", id, p.Shift, shift)
	}
	return &p, nil
}
