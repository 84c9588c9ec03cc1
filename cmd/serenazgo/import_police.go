package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/store"
)

// errFar is a police plan with nothing near the district.
var errFar = errors.New("no feature is near the district")

// importPoliceCmd reads a police patrol plan into the store.
type importPoliceCmd struct {
	storeFlags
	File      string `arg:"" help:"GeoJSON file of rounds, sectors and posts." type:"existingfile"`
	Source    string `help:"Name of the plan: it replaces the last one of this name and leaves others." default:"police"`
	DryRun    bool   `help:"Check the file and change nothing."`
	Simulated bool   `help:"The plan is made up: label the district as simulated."`
	JSON      bool   `help:"Print one JSON object." name:"json"`
}

// policeReport is what an import of a police plan tells.
type policeReport struct {
	File     string   `json:"file"`
	Ubigeo   string   `json:"ubigeo"`
	Source   string   `json:"source"`
	DryRun   bool     `json:"dry_run"`
	Features int      `json:"features"`
	Rounds   int      `json:"rounds"` // patrols; pieces of one count once
	Sectors  int      `json:"sectors"`
	Posts    int      `json:"posts"`
	Outside  int      `json:"outside"` // features that are not near the district
	Notes    []string `json:"notes"`
	Removed  bool     `json:"simulated_removed"`
}

// Run imports the file.
func (c *importPoliceCmd) Run(ctx context.Context) error {
	if c.Source == "" {
		return badInputf("--source is empty: give the plan a name")
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	rep, err := c.load(ctx, st, d, c.File)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(rep)
	}
	verb := "imported"
	if c.DryRun {
		verb = "is good (nothing was changed)"
	}
	fmt.Printf("%s %s: %d rounds, %d sectors, %d posts in %d features\n", c.File, verb, rep.Rounds, rep.Sectors, rep.Posts, rep.Features)
	for _, n := range rep.Notes {
		fmt.Println("  note:", n)
	}
	if rep.Removed {
		fmt.Println("  the simulated police presence of the district has been removed")
	}
	return nil
}

// load reads the file into the district, or with DryRun only checks it. name is
// what the file is called in the report.
func (c *importPoliceCmd) load(ctx context.Context, st *store.Store, d fleet.District, name string) (rep policeReport, err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return rep, badInput(err)
	}
	defer f.Close()
	ps, err := patrol.ReadPresence(f, name)
	if err != nil {
		return rep, badInput(err)
	}
	rep = policeReport{File: name, Ubigeo: d.Ubigeo, Source: c.Source, DryRun: c.DryRun, Features: len(ps), Notes: []string{}}
	type key struct{ name, start, end string }
	patrols := map[key]bool{}
	near := geo.BoundPad(d.Boundary.Bound(), outsideMetres)
	simulated := c.Simulated
	for i := range ps {
		ps[i].Simulated = ps[i].Simulated || c.Simulated
		simulated = simulated || ps[i].Simulated
		switch ps[i].Kind {
		case patrol.PresenceRound:
			patrols[key{ps[i].Name, ps[i].Start, ps[i].End}] = true
		case patrol.PresenceSector:
			rep.Sectors++
		case patrol.PresencePost:
			rep.Posts++
		}
		if len(d.Boundary) > 0 && !ps[i].Geometry.Bound().Intersects(near) {
			rep.Outside++
		}
	}
	rep.Rounds = len(patrols)
	if rep.Outside == len(ps) {
		return rep, badInputf("%w: %s has %d features and %s (%s) is elsewhere: is it the plan of another district?", errFar, name, len(ps), d.Name, d.Ubigeo)
	}
	if rep.Outside > 0 {
		rep.Notes = append(rep.Notes, fmt.Sprintf("%d of %d features lie outside the district and count for nothing in it", rep.Outside, len(ps)))
	}
	if !c.DryRun {
		if err := st.ReplacePresence(ctx, d.Ubigeo, c.Source, ps); err != nil {
			return rep, err
		}
		if rep.Removed, err = relabel(ctx, st, d, fleet.SimulatedPolice, simulated); err != nil {
			return rep, err
		}
	}
	return rep, nil
}
