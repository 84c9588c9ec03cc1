package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/api"
)

// hotspotsBacktestCmd tests the models on what the store has.
type hotspotsBacktestCmd struct {
	storeFlags
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run makes the test, keeps it and prints it.
func (c *hotspotsBacktestCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	if _, err := forecastGrid(d); err != nil {
		return badInput(err)
	}
	bar := newProgress("walking through the incidents")
	b, err := workBacktest(ctx, st, newBacktest(d, cliRow(d.Ubigeo, "forecast.backtest", "", ""), time.Now()), func(done, total int) {
		if done%32 == 0 || done == total {
			bar.Set(float64(done), float64(total), fmt.Sprintf("shift %d of %d", done, total))
		}
	})
	bar.Done()
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(b)
	}
	if b.State == api.TooFew {
		fmt.Println("too few incidents for a test (it needs 200 over 112 days): forecasts are made with a plain kernel density")
		return nil
	}
	fmt.Printf("%d cells; fitted on %s, %d incidents foretold in %s\n", *b.Cells, *b.Fit, *b.Incidents, *b.Test)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "model\thorizon\thr1\thr5\thr10\thr20\tgain\t")
	for _, s := range *b.Scores {
		gain := "–"
		if s.Gain != nil {
			gain = fmt.Sprintf("%.3f", *s.Gain)
		}
		fmt.Fprintf(w, "%s\t%s\t%.4f\t%.4f\t%.4f\t%.4f\t%s\t\n", s.Model, s.Horizon, s.Hr[0], s.Hr[2], s.Hr[3], s.Hr[4], gain)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if k := b.Calibration; k != nil {
		fmt.Printf("80 %% intervals in 28 days hold %.1f %% of %d counts (%.1f %% of their randomised PIT in [0.1, 0.9])\n", 100*k.Inside, k.Counts, 100*k.Pit)
	}
	if b.Chosen != nil {
		fmt.Printf("chosen: %s; forecasts of district %s are made with it now\n", *b.Chosen, d.Ubigeo)
	}
	return nil
}
