package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// complianceCmd sets what the units of a shift drove beside their plan.
type complianceCmd struct {
	storeFlags
	Shift   string `arg:"" help:"Which shift: AAAA-MM-DD/CODE." placeholder:"AAAA-MM-DD/CODE"`
	Unit    string `help:"Only this unit, with every leg that was late or left out."`
	All     bool   `help:"With --unit: the legs that were done in time or are to come, too."`
	Profile string `help:"Profile with the thresholds (default: the one the program brings along)." type:"path" placeholder:"FILE"`
	JSON    bool   `help:"Print one JSON object." name:"json"`
}

// Run computes it from the stored positions and prints it.
func (c *complianceCmd) Run(ctx context.Context) error {
	if _, _, err := fleet.ShiftID(c.Shift).Split(); err != nil {
		return badInput(err)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	judged, asked, heard, err := readThresholds(c.Profile)
	if err != nil {
		return err
	}
	w := watch.New(watch.Config{Source: st, Streets: newStreetCache(st).get, Tracker: fleet.NewTracker(heard), Coverage: judged, Compliance: asked,
		Now: time.Now, Emit: func(watch.Event) {}, Logger: slog.New(slog.DiscardHandler)})
	report, err := w.ComplianceOf(ctx, d.Ubigeo, fleet.ShiftID(c.Shift))
	if errors.Is(err, watch.ErrNoPlan) {
		return badInputf("shift %s of district %s has no approved plan: make one (serenazgo plan --shift %s), then approve it on the page under Plan", c.Shift, d.Ubigeo, c.Shift)
	}
	if errors.Is(err, fleet.ErrNotFound) {
		return badInput(err)
	}
	if err != nil {
		return err
	}
	if !c.All {
		report = report.Brief()
	}
	if c.Unit != "" {
		var of []compliance.Unit
		for _, u := range report.Units {
			if u.Unit == c.Unit || u.CallSign == c.Unit {
				of = append(of, u)
			}
		}
		if len(of) == 0 {
			return badInputf("--unit %s: the plan of %s has no round for it", c.Unit, c.Shift)
		}
		report.Units = of
	}
	if c.JSON {
		return printJSON(report)
	}
	return c.print(report)
}

// print tells it as tables.
func (c *complianceCmd) print(r compliance.Report) error {
	fmt.Printf("%s, plan version %d, thresholds of %s: %d of %d units complied; missing %.1f km, %.0f min in %d stops, %d hot cells\n",
		r.Shift, r.Version, r.Profile, r.Complied, len(r.Units), r.Missing.Km, r.Missing.Minutes, r.Missing.Stops, r.Missing.Cells)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "UNIT\tCOMPLIED\tPLANNED KM\tDONE\tLATE\tSKIPPED\tPENDING\tEXTRA\tSTOPS\tMINUTES\tMISSING KM\tUNHEARD MIN")
	for _, u := range r.Units {
		t := u.Tally
		fmt.Fprintf(w, "%s\t%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%d/%d\t%.0f/%.0f\t%.1f\t%.0f\n", u.CallSign, yesNo(u.Complied), t.Planned, t.Done, t.Late, t.Skipped, t.Pending, t.Extra,
			u.StopsDone, u.StopsPlanned, u.MinutesDone, u.MinutesPlanned, u.Missing.Km, u.SilentMin)
	}
	if c.Unit == "" {
		return w.Flush()
	}
	for _, u := range r.Units {
		fmt.Fprintln(w, "\nLEG\tKIND\tSTATUS\tREASON\tDELAY MIN\tSTREET")
		for _, l := range u.Legs {
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%.0f\t%s\n", l.Seq, l.Kind, l.Status, l.Reason, l.DelayMin, l.Name)
		}
		for _, s := range u.Stops {
			fmt.Fprintf(w, "%d\tstop\t%s\t%s\t%.0f of %.0f min\t%s\n", s.Seq, s.Status, s.Reason, s.Minutes, s.Planned, s.Name)
		}
	}
	return w.Flush()
}

// yesNo for tables.
func yesNo(v bool) string {
	if v {
		return "yes"
	}
	return "no"
}
