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

// benchMatchCmd scores map matching on recorded tracks.
type benchMatchCmd struct {
	Points           string       `help:"Fixes: CSV with id, time and geometry (WKT point)." type:"path" required:"" placeholder:"CSV"`
	Truth            string       `help:"True ways: CSV with id and WKT (line over the map's vertices)." type:"path" required:"" placeholder:"CSV"`
	NetworkFromTruth bool         `help:"Make the network of the union of the true ways, which flatters." xor:"network" required:""`
	OSM              string       `help:"Take the network from an OpenStreetMap extract." type:"path" xor:"network" required:"" placeholder:"FILE"`
	Mode             routing.Mode `help:"car, motorcycle, bicycle or foot." default:"car"`
	JSON             bool         `help:"Print one JSON object." name:"json"`
}

// Run matches and prints the score.
func (c *benchMatchCmd) Run(ctx context.Context) error {
	tracks, err := c.read()
	if err != nil {
		return err
	}
	g, err := c.network(ctx, tracks)
	if err != nil {
		return err
	}
	p := newProgress("matching")
	s, err := trial.Run(g, tracks, match.DefaultConfig(c.Mode), time.Now, func(done int) {
		p.Set(float64(done), float64(len(tracks)), fmt.Sprintf("%d of %d tracks", done, len(tracks)))
	})
	p.Done()
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s)
	}
	fmt.Printf("%d tracks, %d fixes, %.1f km\n", s.Tracks, s.Fixes, s.TrueKm)
	fmt.Printf("precision by length %.2f %%, recall %.2f %%, route mismatch %.2f %%\n", 100*s.Precision, 100*s.Recall, 100*s.Mismatch)
	fmt.Printf("%.0f fixes a second on one core\n", s.FixesPerS)
	if c.NetworkFromTruth {
		fmt.Println("The network is the union of the true ways: streets that nobody took cannot be mistaken for others, which flatters.")
	}
	return nil
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

func (c *benchMatchCmd) network(ctx context.Context, tracks []trial.Track) (*routing.Graph, error) {
	if c.NetworkFromTruth {
		g, err := trial.Network(tracks)
		if err != nil {
			return nil, badInputf("%s: %w", c.Truth, err)
		}
		return g, nil
	}
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
