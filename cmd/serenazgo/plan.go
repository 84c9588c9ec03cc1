package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// planCmd makes and checks plans of rounds.
type planCmd struct {
	Make  planMakeCmd  `cmd:"" default:"withargs" help:"Plan the rounds of a shift and save them as a draft."`
	Check planCheckCmd `cmd:"" help:"List what is wrong with a plan that was edited."`

	Edit    planEditCmd    `cmd:"" help:"Change a plan by hand; the result is its next version."`
	Replan  planReplanCmd  `cmd:"" help:"Make a plan anew in the middle of its shift; the result is its next version."`
	Compare planCompareCmd `cmd:"" help:"Say what differs between two versions of a plan."`
	Print   planPrintCmd   `cmd:"" help:"Write the rol de patrullaje or the hojas de ruta, for print or as a workbook."`
}

// planMakeCmd plans a shift of a district in the store.
type planMakeCmd struct {
	Shift   string  `help:"Shift to plan: AAAA-MM-DD/turno, such as 2026-11-21/noche." required:"" placeholder:"SHIFT"`
	Seconds float64 `help:"Wall time to plan." default:"20"`
	Seed    int64   `help:"Seed of all that is drawn; 0: from the district's secret, the date and the shift, so that it can be audited and not guessed." default:"0"`
	Unlock  bool    `help:"Plan rounds anew too that are locked in the newest version; without it they stay as they are."`
	Profile string  `help:"Profile with what plans give weight to (default: the one the program brings along)." type:"path" placeholder:"FILE"`
	Out     string  `help:"Write the plan here as well, as GeoJSON." type:"path" placeholder:"FILE"`
	JSON    bool    `name:"json" help:"Print one JSON object."`
	storeFlags
}

// Run plans, saves and prints the figures.
func (c *planMakeCmd) Run(ctx context.Context) error {
	if !(c.Seconds > 0) {
		return badInputf("--seconds %g: give a time above 0", c.Seconds)
	}
	if _, _, err := fleet.ShiftID(c.Shift).Split(); err != nil {
		return badInput(err)
	}
	terms, err := readTerms(c.Profile)
	if err != nil {
		return err
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	bar := newProgress("planning")
	plan, err := draftPlan(ctx, st, d, fleet.ShiftID(c.Shift), planOptions{Seconds: c.Seconds, Seed: c.Seed, Unlock: c.Unlock, Terms: terms}, func(p patrol.Progress) {
		bar.Set(p.Elapsed, 1, fmt.Sprintf("%s, longest %.0f s, bound %.0f s", p.Phase, p.Best, p.Bound))
	})
	bar.Done()
	if err != nil {
		if errors.Is(err, fleet.ErrInvalid) || errors.Is(err, fleet.ErrNotFound) {
			return badInput(err)
		}
		return err
	}
	if c.Out != "" {
		span, err := shiftSpan(ctx, st, d, plan.Shift)
		if err != nil {
			return err
		}
		if err := writePlan(c.Out, plan, span); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(map[string]any{"id": plan.ID, "shift": plan.Shift, "version": plan.Version, "seed": plan.Seed, "figures": plan.Figures})
	}
	fmt.Printf("plan %s, version %d of %s, seed %d\n", plan.ID, plan.Version, plan.Shift, plan.Seed)
	return printRawFigures(os.Stdout, plan.Figures)
}

// shiftStore is what a shift's window is found in.
type shiftStore interface {
	Shifts(ctx context.Context, ubigeo string) ([]fleet.ShiftDef, error)
}

// shiftSpan gives the window of a shift.
func shiftSpan(ctx context.Context, st shiftStore, d fleet.District, id fleet.ShiftID) (patrol.Span, error) {
	loc, err := d.Location()
	if err != nil {
		return patrol.Span{}, err
	}
	defs, err := st.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return patrol.Span{}, err
	}
	s, err := fleet.ResolveShift(id, defs, loc)
	return patrol.Span{Start: s.Start, End: s.End}, err
}

// stored reads what a plan of the store is checked against.
func (c *planCheckCmd) stored(ctx context.Context, file patrol.PlanFile, in *patrol.DraftInput) error {
	st, done, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	if c.Ubigeo == "" && file.Plan.Ubigeo != "" {
		c.Ubigeo = file.Plan.Ubigeo
	}
	if in.District, err = c.district(ctx, st); err != nil {
		return err
	}
	if in.Loc, err = in.District.Location(); err != nil {
		return err
	}
	if in.Units, err = st.Units(ctx, in.District.Ubigeo); err != nil {
		return err
	}
	if err := districtTerms(ctx, st, in); err != nil {
		return err
	}
	in.Graph, _, err = streetsOf(ctx, st, in.District, [2]time.Time{file.Shift.Start, file.Shift.End}, in.Loc)
	if errors.Is(err, fleet.ErrInvalid) {
		err = badInput(err)
	}
	return err
}
