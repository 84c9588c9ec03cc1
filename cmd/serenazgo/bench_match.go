package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
	"github.com/serenazgo/serenazgo/routing/match/trial"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// benchMatchCmd scores map matching on recorded tracks, or on made-up ones
// along the ways of bus lines.
type benchMatchCmd struct {
	Points           string       `help:"Fixes: CSV with id, time and geometry (WKT point)." type:"path" placeholder:"CSV"`
	Truth            string       `help:"True ways: CSV with id and WKT (line over the map's vertices)." type:"path" placeholder:"CSV"`
	Synthetic        string       `help:"Instead of recorded tracks, drives along the ways of a GTFS feed." type:"path" placeholder:"GTFS"`
	Noise            float64      `help:"Of the drives: metres that hold 68 % of the errors." default:"10"`
	Interval         float64      `help:"Of the drives: seconds between fixes." default:"5"`
	Seed             uint64       `help:"Of the drives: the same gives the same." default:"1"`
	NetworkFromTruth bool         `help:"Make the network of the union of the true ways, which flatters." xor:"network" required:""`
	OSM              string       `help:"Take the network from an OpenStreetMap extract." type:"path" xor:"network" required:"" placeholder:"FILE"`
	Mode             routing.Mode `help:"car, motorcycle, bicycle or foot." default:"car"`
	OnLine           bool         `help:"Match as fixes come, deciding after 45 s, as the live view does; otherwise as whole tracks."`
	JSON             bool         `help:"Print one JSON object." name:"json"`
}

// matchScore is what bench match prints.
type matchScore struct {
	trial.Score
	Missing float64 `json:"missing_as_fixes_come"` // with --on-line: trial.Differ
	Extra   float64 `json:"extra_as_fixes_come"`
}

// Validate holds what belongs together.
func (c *benchMatchCmd) Validate() error {
	switch {
	case c.Synthetic == "" && (c.Points == "" || c.Truth == ""):
		return errors.New("give recorded tracks with --points and --truth, or made-up ones with --synthetic")
	case c.Synthetic != "" && (c.Points != "" || c.Truth != ""):
		return errors.New("--synthetic makes its own tracks: leave out --points and --truth")
	case c.Synthetic != "" && c.OSM == "":
		return errors.New("--synthetic needs the streets that the feed's ways follow: give --osm")
	case !(c.Noise >= 0 && c.Noise <= 100):
		return fmt.Errorf("--noise is %v; want 0 to 100 metres", c.Noise)
	case !(c.Interval >= 0.1 && c.Interval <= 600):
		return fmt.Errorf("--interval is %v; want 0.1 to 600 seconds", c.Interval)
	}
	return nil
}

// Run matches and prints the score.
func (c *benchMatchCmd) Run(ctx context.Context) error {
	g, tracks, err := c.load(ctx)
	if err != nil {
		return err
	}
	cfg := match.DefaultConfig(c.Mode)
	if !c.OnLine {
		cfg = cfg.OffLine()
	}
	p := newProgress("matching")
	used, begun := newCPUClock(), time.Now()
	clock := func() time.Time { return begun.Add(time.Duration(used.Seconds() * float64(time.Second))) }
	s, err := trial.Run(g, tracks, cfg, clock, func(done int) {
		p.Set(float64(done), float64(len(tracks)), fmt.Sprintf("%d of %d tracks", done, len(tracks)))
	})
	p.Done()
	if err != nil {
		return err
	}
	out := matchScore{Score: s}
	if c.OnLine {
		if out.Missing, out.Extra, err = trial.Differ(g, tracks, cfg); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(out)
	}
	fmt.Printf("%d tracks, %d fixes, %.1f km\n", s.Tracks, s.Fixes, s.TrueKm)
	fmt.Printf("precision by length %.2f %%, recall %.2f %%, route mismatch %.2f %%\n", 100*s.Precision, 100*s.Recall, 100*s.Mismatch)
	fmt.Printf("posterior of 0.9 or more: %.2f %% of the length, %.2f %% of it right\n", 100*s.SureShare, 100*s.SureRight)
	fmt.Printf("%.0f fixes a second of processor time; %d ways between streets kept\n", s.FixesPerS, s.WaysKept)
	if c.OnLine {
		fmt.Printf("against whole tracks: %.2f %% of their length not found, %.2f %% found beside them\n", 100*out.Missing, 100*out.Extra)
	}
	if c.NetworkFromTruth {
		fmt.Println("The network is the union of the true ways, in the directions driven: streets and directions that nobody took cannot be mistaken for others, which flatters.")
	}
	return nil
}

// load gives the network and the tracks.
func (c *benchMatchCmd) load(ctx context.Context) (*routing.Graph, []trial.Track, error) {
	if c.Synthetic != "" {
		return c.drives(ctx)
	}
	tracks, err := c.read()
	if err != nil {
		return nil, nil, err
	}
	if c.NetworkFromTruth {
		g, err := trial.Network(tracks)
		if err != nil {
			return nil, nil, badInputf("%s: %w", c.Truth, err)
		}
		return g, tracks, nil
	}
	g, err := c.streets(ctx)
	return g, tracks, err
}

// drives gives drives along the ways of the feed that lie on the streets.
func (c *benchMatchCmd) drives(ctx context.Context) (*routing.Graph, []trial.Track, error) {
	f, err := os.Open(c.Synthetic)
	if err != nil {
		return nil, nil, badInput(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, badInput(err)
	}
	shapes, err := trial.ReadShapes(f, info.Size())
	if err != nil {
		return nil, nil, badInputf("%s: %w", c.Synthetic, err)
	}
	g, err := c.streets(ctx)
	if err != nil {
		return nil, nil, err
	}
	r := trial.Receiver{Noise: c.Noise, Interval: time.Duration(c.Interval * float64(time.Second)), Seed: c.Seed}
	tracks, left := r.Drives(g, shapes)
	if len(tracks) == 0 {
		return nil, nil, badInputf("%s: none of its %d ways lies on the streets of %s; give the extract that the feed was made of", c.Synthetic, len(shapes), c.OSM)
	}
	if left > 0 {
		fmt.Fprintf(os.Stderr, "serenazgo: %d of %d ways leave the streets of the extract, or are too short, and are left out\n", left, len(shapes))
	}
	return g, tracks, nil
}

// read gives the tracks with their fixes.
func (c *benchMatchCmd) read() ([]trial.Track, error) {
	points, err := os.Open(c.Points)
	if err != nil {
		return nil, badInput(err)
	}
	defer points.Close()
	fixes, err := trial.ReadPoints(points)
	if err != nil {
		return nil, badInputf("%s: %w", c.Points, err)
	}
	truth, err := os.Open(c.Truth)
	if err != nil {
		return nil, badInput(err)
	}
	defer truth.Close()
	tracks, err := trial.ReadTruth(truth, fixes)
	if err != nil {
		return nil, badInputf("%s: %w", c.Truth, err)
	}
	return tracks, nil
}

// streets reads the extract.
func (c *benchMatchCmd) streets(ctx context.Context) (*routing.Graph, error) {
	x, err := osm.Load(ctx, osm.Source{File: c.OSM})
	if err != nil {
		var bad *osm.Problem
		if errors.As(err, &bad) {
			return nil, badInput(err)
		}
		return nil, err
	}
	return x.Graph, nil
}
