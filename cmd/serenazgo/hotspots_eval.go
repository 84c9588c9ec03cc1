package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// hotspotsEvalCmd walks through a file of incidents and scores every model on
// what it would have foretold.
type hotspotsEvalCmd struct {
	Incidents string   `help:"Incidents: CSV, packed with gzip or not." required:"" type:"path" placeholder:"FILE"`
	Mapping   string   `help:"YAML that names the file's columns; the usual names are recognised without." type:"path" placeholder:"YAML"`
	Boundary  string   `help:"Boundary: GeoJSON or KML; several polygons are united." required:"" type:"path" placeholder:"FILE"`
	Polygon   string   `help:"Take only the polygons of this name." placeholder:"NAME"`
	Res       int      `help:"H3 resolution of the cells: 9 (about 0.12 km²) or 10 (0.018 km²)." default:"10"`
	Fit       dayRange `help:"Operational days to fit on: from the first date's 06:00 up to the second's." required:"" placeholder:"FROM..TO"`
	Test      dayRange `help:"Operational days to foretell." required:"" placeholder:"FROM..TO"`
	Models    []string `help:"Models to compare (default: all)." placeholder:"NAME"`
	Zone      string   `help:"Time zone of the file's clock times." default:"America/Lima"`
	Dedupe    bool     `help:"Leave out rows that repeat another's type, place and time."`
	JSON      bool     `help:"Print one JSON object." name:"json"`
}

// dayRange is FROM..TO, two dates.
type dayRange hotspots.DayRange

// UnmarshalText reads it.
func (r *dayRange) UnmarshalText(b []byte) error {
	from, to, ok := strings.Cut(string(b), "..")
	var errs [2]error
	r.From, errs[0] = time.Parse(time.DateOnly, from)
	r.To, errs[1] = time.Parse(time.DateOnly, to)
	if !ok || errs[0] != nil || errs[1] != nil {
		return fmt.Errorf("%q: give two dates as 2025-01-01..2026-01-01", b)
	}
	return nil
}

// evalReport is what the command prints.
type evalReport struct {
	Cells         int         `json:"cells"`
	EventsHistory int         `json:"events_history"` // before the fit period
	EventsFit     int         `json:"events_fit"`
	EventsTest    int         `json:"events_test"`
	Rows          int         `json:"rows"`     // of the file
	Rejected      int         `json:"rejected"` // rows that are no usable incident
	Duplicates    int         `json:"duplicates"`
	Models        []evalModel `json:"models"`
	// Calibration of the counts in 28 days; null without mix_shift.
	Calibration *evalCalibration `json:"calibration"`
	Chosen      string           `json:"chosen"`
	Why         string           `json:"why"`
	Seconds     float64          `json:"seconds"`
}

// evalModel is a model's score at a horizon; a gain that a model has not is
// null.
type evalModel struct {
	Model   string   `json:"model"`
	Horizon string   `json:"horizon"`
	Events  int      `json:"events"`
	HR1     float64  `json:"hr1"`
	HR2     float64  `json:"hr2"`
	HR5     float64  `json:"hr5"`
	HR10    float64  `json:"hr10"`
	HR20    float64  `json:"hr20"`
	PAI1    float64  `json:"pai1"`
	PAI5    float64  `json:"pai5"`
	PAI10   float64  `json:"pai10"`
	PEI1    float64  `json:"pei1"`
	PEI5    float64  `json:"pei5"`
	PEI10   float64  `json:"pei10"`
	Gain    *float64 `json:"gain"`
}

// evalCalibration tells how the intervals of counts in 28 days fared.
type evalCalibration struct {
	Counts       int     `json:"counts"`  // cells × periods
	PIT          float64 `json:"pit"`     // share of the randomised PIT in [0.1, 0.9]
	Inside       float64 `json:"inside"`  // share within the plain 80 % interval
	Sectors      int     `json:"sectors"` // sums over sectors with a mean of 10 or more
	SectorPIT    float64 `json:"sector_pit"`
	SectorInside float64 `json:"sector_inside"`
	Common       float64 `json:"dispersion_common"`
	Cell         float64 `json:"dispersion_cell"`
}

func newEvalModel(s hotspots.Score) evalModel {
	m := evalModel{Model: s.Model, Horizon: string(s.Horizon), Events: s.Events, HR1: s.HR[0], HR2: s.HR[1], HR5: s.HR[2], HR10: s.HR[3], HR20: s.HR[4],
		PAI1: s.PAI[0], PAI5: s.PAI[2], PAI10: s.PAI[3], PEI1: s.PEI[0], PEI5: s.PEI[2], PEI10: s.PEI[3]}
	if !math.IsNaN(s.Gain) {
		m.Gain = &s.Gain
	}
	return m
}

// Run makes the backtest and prints the table.
func (c *hotspotsEvalCmd) Run(ctx context.Context) error {
	begun := time.Now()
	loc, err := time.LoadLocation(c.Zone)
	if err != nil {
		return badInputf("--zone %q: no such time zone: give a name such as America/Lima", c.Zone)
	}
	grid, err := c.grid()
	if err != nil {
		return err
	}
	res, err := c.incidents(loc)
	if err != nil {
		return err
	}
	bar := newProgress("walking through the incidents")
	b := hotspots.Backtest{Grid: grid, Incidents: res.Incidents, Loc: loc, Fit: hotspots.DayRange(c.Fit), Test: hotspots.DayRange(c.Test), Models: c.Models,
		Progress: func(done, total int) {
			if done%32 == 0 || done == total {
				bar.Set(float64(done), float64(total), fmt.Sprintf("shift %d of %d", done, total))
			}
		}}
	out, err := b.Run(ctx)
	bar.Done()
	if errors.Is(err, hotspots.ErrBacktest) {
		return badInputf("%s: %w", filepath.Base(c.Incidents), err)
	}
	if err != nil {
		return err
	}
	rep := evalReport{Cells: out.Cells, EventsHistory: out.History, EventsFit: out.Fit, EventsTest: out.Test, Rows: res.Rows, Rejected: len(res.Rejected),
		Duplicates: len(res.Duplicates), Chosen: out.Chosen, Why: out.Why, Seconds: time.Since(begun).Seconds()}
	for _, s := range out.Scores {
		rep.Models = append(rep.Models, newEvalModel(s))
	}
	if k := out.Calibration; k != nil {
		rep.Calibration = &evalCalibration{k.Counts, k.PIT, k.Inside, k.Sectors, k.SectorPIT, k.SectorInside, k.Dispersion.Common, k.Dispersion.Cell}
	}
	if c.JSON {
		return printJSON(rep)
	}
	return rep.print(os.Stdout)
}

func (c *hotspotsEvalCmd) grid() (*hotspots.Grid, error) {
	b, err := osm.ReadBoundaryFile(c.Boundary, osm.Pick{Name: c.Polygon})
	if err != nil {
		return nil, badInput(err)
	}
	g, err := hotspots.NewGrid(b.Polygons, c.Res)
	if err != nil {
		return nil, badInputf("%s: %w", filepath.Base(c.Boundary), err)
	}
	return g, nil
}

// incidents reads the file.
func (c *hotspotsEvalCmd) incidents(loc *time.Location) (importer.Result, error) {
	opt := importer.Options{Loc: loc, KeepDuplicates: !c.Dedupe, Trust: true}
	if c.Mapping != "" {
		m, err := os.Open(c.Mapping)
		if err != nil {
			return importer.Result{}, badInput(err)
		}
		defer m.Close()
		if opt.Mapping, err = importer.ReadMapping(m, c.Mapping); err != nil {
			return importer.Result{}, badInput(err)
		}
	}
	f, err := os.Open(c.Incidents)
	if err != nil {
		return importer.Result{}, badInput(err)
	}
	defer f.Close()
	res, err := importer.Read(f, filepath.Base(c.Incidents), opt)
	if err != nil {
		return res, badInput(err)
	}
	return res, nil
}

func (r evalReport) print(w io.Writer) error {
	fmt.Fprintf(w, "%d cells; %d incidents before, %d to fit on, %d to foretell; %d of %d rows of the file are no usable incident\n",
		r.Cells, r.EventsHistory, r.EventsFit, r.EventsTest, r.Rejected, r.Rows)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	horizon := ""
	for _, m := range r.Models {
		if m.Horizon != horizon {
			horizon = m.Horizon
			fmt.Fprintf(t, "\n%s\thr1\thr2\thr5\thr10\thr20\tpai1\tpai5\tpai10\tpei5\tgain\t\n", horizon)
		}
		gain := "–"
		if m.Gain != nil {
			gain = fmt.Sprintf("%.3f", *m.Gain)
		}
		fmt.Fprintf(t, "%s\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.2f\t%.2f\t%.2f\t%.3f\t%s\t\n", m.Model, m.HR1, m.HR2, m.HR5, m.HR10, m.HR20, m.PAI1, m.PAI5, m.PAI10, m.PEI5, gain)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if k := r.Calibration; k != nil {
		fmt.Fprintf(w, "\n80 %% intervals of mix_shift in 28 days hold %.1f %% of %d counts of cells (%.1f %% of their randomised PIT in [0.1, 0.9])\n", 100*k.Inside, k.Counts, 100*k.PIT)
		if k.Sectors > 0 {
			fmt.Fprintf(w, "and %.1f %% of %d sums over sectors (%.1f %%)\n", 100*k.SectorInside, k.Sectors, 100*k.SectorPIT)
		}
	}
	_, err := fmt.Fprintf(w, "\nchosen: %s (%s)\n", r.Chosen, r.Why)
	return err
}
