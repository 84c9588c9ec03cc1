package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/serenazgo/serenazgo/routing/arc"
	"github.com/serenazgo/serenazgo/routing/arc/carp"
)

// benchArcCmd solves public arc-routing instances and compares the costs with
// the best known ones.
type benchArcCmd struct {
	Files     string  `help:"Instances: a pattern such as gdb/*.dat." required:"" placeholder:"GLOB"`
	Best      string  `help:"Best known costs: CSV with instance and best_known, or instance, k and longest_hgs_5s." type:"path" placeholder:"CSV"`
	Problem   string  `help:"carp, mcarp or mm-kwrpp (least longest route)." enum:"carp,mcarp,mm-kwrpp" default:"carp"`
	K         int     `help:"Number of vehicles; required for mm-kwrpp." name:"k"`
	Seconds   float64 `help:"Processor time for each instance." required:""`
	Seed      uint64  `help:"Seed of the search." default:"1"`
	Threads   int     `help:"Searches side by side, on as many cores." default:"1"`
	Solutions string  `help:"Write the walks into this folder." type:"path" placeholder:"DIR"`
	JSON      bool    `help:"Print one JSON object." name:"json"`
}

type benchArcRow struct {
	Instance  string   `json:"instance"`
	K         int      `json:"k"`
	Cost      int64    `json:"cost"`
	BestKnown *int64   `json:"best_known"`
	GapPct    *float64 `json:"gap_pct"`
	Routes    int      `json:"routes"`
	Seconds   float64  `json:"seconds"`
	Feasible  bool     `json:"feasible"`
	Steps     int64    `json:"steps"`
	// Nothing can cost less, whatever is known about the instance.
	LowerBound  int64   `json:"lower_bound"`
	BoundGapPct float64 `json:"bound_gap_pct"`
}

type benchArcReport struct {
	Instances  []benchArcRow `json:"instances"`
	MeanGapPct float64       `json:"mean_gap_pct"`
	MaxGapPct  float64       `json:"max_gap_pct"`
	AtBest     int           `json:"at_best"`
}

// Run solves every instance and prints the figures.
func (c *benchArcCmd) Run(ctx context.Context) error {
	kind := carp.Kind(c.Problem)
	switch {
	case kind == carp.MinMax && c.K < 1:
		return badInputf("--k is missing: mm-kwrpp needs the number of vehicles")
	case c.K < 0 || c.Threads < 1 || !(c.Seconds > 0) || math.IsInf(c.Seconds, 0):
		return badInputf("--seconds must be above 0, --threads at least 1, --k not negative")
	}
	files, err := filepath.Glob(c.Files)
	if err != nil || len(files) == 0 {
		return badInputf("no file matches %q; give a pattern such as gdb/*.dat in quotes", c.Files)
	}
	slices.Sort(files)
	best, err := c.bestKnown()
	if err != nil {
		return err
	}
	if c.Solutions != "" {
		if err := os.MkdirAll(c.Solutions, 0o755); err != nil {
			return badInput(err)
		}
	}
	var out benchArcReport
	p := newProgress("bench arc")
	defer p.Done()
	for i, f := range files {
		p.Set(float64(i), float64(len(files)), filepath.Base(f))
		row, err := c.solve(ctx, f, kind, best)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return errors.New("stopped before all instances were solved")
		}
		out.Instances = append(out.Instances, row)
	}
	out.sum()
	p.Done()
	if c.JSON {
		return printJSON(out)
	}
	out.print()
	return nil
}

// solve solves one instance and has its walks added up independently.
func (c *benchArcCmd) solve(ctx context.Context, file string, kind carp.Kind, best map[benchArcKey]int64) (benchArcRow, error) {
	clock := newCPUClock()
	f, err := os.Open(file)
	if err != nil {
		return benchArcRow{}, badInput(err)
	}
	defer f.Close()
	in, err := carp.Read(file, f, kind)
	if err != nil {
		return benchArcRow{}, badInput(err)
	}
	row := benchArcRow{Instance: in.Name, K: c.K}
	e, err := carp.NewEngine(in, c.K)
	if err != nil {
		return row, fmt.Errorf("%s: %w", file, err)
	}
	cfg := arc.Config{Seed: c.Seed, Threads: c.Threads, Spent: func() float64 { return clock.Seconds() / (c.Seconds * float64(c.Threads)) },
		Progress: func(p arc.Progress) { row.Steps = p.Steps }}
	if kind == carp.MinMax {
		if row.LowerBound, err = arc.FarthestBound(e.Problem); err != nil {
			return row, fmt.Errorf("%s: %w", file, err)
		}
	}
	share, err := carp.Bound(in, c.K)
	if err != nil {
		return row, fmt.Errorf("%s: %w", file, err)
	}
	row.LowerBound = max(row.LowerBound, share)
	cfg.Bound = row.LowerBound
	plan, err := arc.Improve(ctx, e.Problem, arc.Plan{}, cfg)
	if err != nil {
		return row, fmt.Errorf("%s: %w", file, err)
	}
	row.Seconds = clock.Seconds()
	walks, err := e.Walks(plan)
	if err != nil {
		return row, fmt.Errorf("%s: %w", file, err)
	}
	score, wrong := carp.Check(in, walks)
	if c.K > 0 && score.Routes > c.K {
		wrong = errors.Join(wrong, fmt.Errorf("%d routes for %d vehicles", score.Routes, c.K))
	}
	if wrong != nil {
		fmt.Fprintf(os.Stderr, "serenazgo: %s: the plan is not feasible: %v\n", in.Name, wrong)
	}
	row.Feasible, row.Routes, row.Cost = wrong == nil, score.Routes, score.Total
	if kind == carp.MinMax {
		row.Cost = score.Longest
	}
	if row.LowerBound > 0 {
		row.BoundGapPct = 100 * float64(row.Cost-row.LowerBound) / float64(row.LowerBound)
	}
	if b, ok := best[benchArcKey{in.Name, c.K}]; ok {
		gap := 100 * (float64(row.Cost) - float64(b)) / float64(b)
		row.BestKnown, row.GapPct = &b, &gap
	}
	return row, c.write(row, walks)
}

// write writes the walks into the folder of solutions, if there is one.
func (c *benchArcCmd) write(row benchArcRow, walks []carp.Walk) error {
	if c.Solutions == "" {
		return nil
	}
	name := row.Instance
	if row.K > 0 {
		name += "_k" + strconv.Itoa(row.K)
	}
	f, err := os.Create(filepath.Join(c.Solutions, name+".sol"))
	if err != nil {
		return err
	}
	return errors.Join(carp.WriteWalks(f, walks), f.Close())
}

func (r *benchArcReport) sum() {
	compared := 0
	for _, row := range r.Instances {
		if row.GapPct == nil {
			continue
		}
		if compared == 0 || *row.GapPct > r.MaxGapPct {
			r.MaxGapPct = *row.GapPct
		}
		r.MeanGapPct += *row.GapPct
		compared++
		if row.Cost <= *row.BestKnown {
			r.AtBest++
		}
	}
	if compared > 0 {
		r.MeanGapPct /= float64(compared)
	}
}

func (r *benchArcReport) print() {
	for _, row := range r.Instances {
		line := fmt.Sprintf("%-12s %9d", row.Instance, row.Cost)
		if row.GapPct != nil {
			line += fmt.Sprintf("  best known %9d, gap %6.2f %%", *row.BestKnown, *row.GapPct)
		}
		line += fmt.Sprintf("  bound %9d, %5.2f %% above it", row.LowerBound, row.BoundGapPct)
		if !row.Feasible {
			line += "  NOT FEASIBLE"
		}
		fmt.Printf("%s, %d routes, %.1f s, %d steps\n", line, row.Routes, row.Seconds, row.Steps)
	}
	proven, compared := 0, false
	for _, row := range r.Instances {
		compared = compared || row.GapPct != nil
		if row.Feasible && row.Cost == row.LowerBound {
			proven++
		}
	}
	if compared {
		fmt.Printf("mean gap %.3f %%, largest %.2f %%, %d of %d at the best known cost\n", r.MeanGapPct, r.MaxGapPct, r.AtBest, len(r.Instances))
	}
	fmt.Printf("%d of %d at the bound, so nothing is better\n", proven, len(r.Instances))
}

// benchArcKey names a best known cost; k is 0 where the number of vehicles is free.
type benchArcKey struct {
	instance string
	k        int
}

// bestKnown reads the best known costs, which only the report looks at; none
// where no file is given.
func (c *benchArcCmd) bestKnown() (map[benchArcKey]int64, error) {
	if c.Best == "" {
		return nil, nil
	}
	f, err := os.Open(c.Best)
	if err != nil {
		return nil, badInput(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil {
		return nil, badInputf("%s: %v; a header with instance and best_known is needed", c.Best, err)
	}
	column := func(name string) int {
		return slices.IndexFunc(head, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
	}
	instance, cost, k := column("instance"), column("best_known"), -1
	if cost < 0 {
		cost, k = column("longest_hgs_5s"), column("k")
	}
	if instance < 0 || cost < 0 || cost == column("longest_hgs_5s") && k < 0 {
		return nil, badInputf("%s: columns are %s; needed are instance and best_known, or instance, k and longest_hgs_5s", c.Best, strings.Join(head, ", "))
	}
	out := map[benchArcKey]int64{}
	for {
		rec, err := r.Read()
		if err == io.EOF {
			return out, nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return nil, badInputf("%s: %w", c.Best, err)
		}
		key := benchArcKey{instance: rec[instance]}
		v, err := strconv.ParseInt(strings.TrimSpace(rec[cost]), 10, 64)
		if err == nil && k >= 0 {
			key.k, err = strconv.Atoi(strings.TrimSpace(rec[k]))
		}
		if err != nil || v <= 0 {
			return nil, badInputf("%s:%d: %q is no cost above 0, or k no number", c.Best, line, rec[cost])
		}
		out[key] = v
	}
}
