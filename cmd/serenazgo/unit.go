package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
)

// unitCmd registers patrol units.
type unitCmd struct {
	Add  unitAddCmd  `cmd:"" help:"Register a unit, or change one."`
	List unitListCmd `cmd:"" help:"List the units."`
}

// unitAddCmd registers a unit.
type unitAddCmd struct {
	storeFlags
	ID         string   `arg:"" help:"Short and stable, such as C01: letters, digits, '.', '_' or '-'."`
	CallSign   string   `help:"How it is called on the radio; the id if absent." placeholder:"TEXT"`
	Mode       string   `help:"What it drives: ${enum}." enum:"car,motorcycle,bicycle,foot" default:"car"`
	Plate      string   `help:"Its number plate." placeholder:"TEXT"`
	Base       *place   `help:"Where it starts and ends; the district's middle if absent." placeholder:"LON,LAT"`
	Shifts     []string `help:"Codes of the shifts it works in; all if absent." placeholder:"CODE"`
	Hours      string   `help:"Local clock times between which it works in its shifts; all of them if absent." placeholder:"HH:MM-HH:MM"`
	MaxKm      float64  `help:"Kilometres that it drives in a shift at most; no limit if absent." name:"max-km" placeholder:"KM"`
	Sectors    []string `help:"Ids of the sectors that it patrols (serenazgo area); the whole district if absent." placeholder:"ID"`
	Device     string   `help:"Its tracker (serenazgo device)." placeholder:"ID"`
	Integrated bool     `help:"A police officer is aboard."`
	Inactive   bool     `help:"Out of service: no rounds are planned for it."`
	JSON       bool     `help:"Print one JSON object." name:"json"`
}

// Run checks the unit against the district and saves it.
func (c *unitAddCmd) Run(ctx context.Context) error {
	u := fleet.Unit{ID: c.ID, CallSign: strings.TrimSpace(c.CallSign), Plate: strings.TrimSpace(c.Plate), Shifts: c.Shifts,
		MaxKm: c.MaxKm, Sectors: c.Sectors, Integrated: c.Integrated, Active: !c.Inactive, Device: c.Device}
	if c.Hours != "" {
		u.From, u.To, _ = strings.Cut(c.Hours, "-")
	}
	if u.CallSign == "" {
		u.CallSign = u.ID
	}
	var err error
	if u.Mode, err = routing.ParseMode(c.Mode); err != nil {
		return badInput(err)
	}
	if err := u.Check(); err != nil {
		return badInput(err)
	}
	if c.Base != nil {
		u.Base = orb.Point(*c.Base)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	u.Ubigeo = d.Ubigeo
	if err := checkUnitHere(ctx, st, d, u); err != nil {
		return err
	}
	if err := st.SaveUnit(ctx, u); err != nil {
		return err
	}
	if err := auditCLI(ctx, st, d.Ubigeo, "unit.save", u.ID, u.CallSign); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(u)
	}
	fmt.Printf("unit %s (%s, %s) is registered in %s\n", u.ID, u.CallSign, u.Mode, d.Ubigeo)
	return nil
}

// checkUnitHere holds a unit's shifts and base against its district.
func checkUnitHere(ctx context.Context, st *store.Store, d fleet.District, u fleet.Unit) error {
	defs, err := st.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	for _, code := range u.Shifts {
		if !slices.ContainsFunc(defs, func(s fleet.ShiftDef) bool { return s.Code == code }) {
			return badInputf("--shifts %s: the district has no such shift; see serenazgo shift list", code)
		}
	}
	if len(u.Sectors) > 0 {
		areas, err := st.Fences(ctx, d.Ubigeo)
		if err != nil {
			return err
		}
		for _, id := range u.Sectors {
			if !slices.ContainsFunc(areas, func(f journal.Fence) bool { return f.ID == id && f.Kind == journal.Sector }) {
				return badInputf("--sectors %s: the district has no such sector; see serenazgo area list", id)
			}
		}
	}
	if u.Base == (orb.Point{}) {
		return nil
	}
	loc, err := d.Location()
	if err != nil {
		return err
	}
	now := time.Now()
	g, _, err := streetsOf(ctx, st, d, [2]time.Time{now, now.AddDate(0, 0, 1)}, loc)
	if err != nil {
		return badInput(err)
	}
	if _, err := patrol.Starts(g, []fleet.Unit{u}); err != nil {
		return badInput(err)
	}
	return nil
}

// unitListCmd lists the units.
type unitListCmd struct {
	storeFlags
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run lists them.
func (c *unitListCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	units, err := st.Units(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "units": units})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tCALL SIGN\tMODE\tSHIFTS\tLIMITS\tDEVICE\tIN SERVICE")
	for _, u := range units {
		shifts := "all"
		if len(u.Shifts) > 0 {
			shifts = strings.Join(u.Shifts, ",")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%v\n", u.ID, u.CallSign, u.Mode, shifts, limitsOf(u), u.Device, u.Active)
	}
	return w.Flush()
}

// limitsOf words what a unit is bound to.
func limitsOf(u fleet.Unit) string {
	var out []string
	if u.From != "" {
		out = append(out, u.From+"-"+u.To)
	}
	if u.MaxKm > 0 {
		out = append(out, fmt.Sprintf("%g km", u.MaxKm))
	}
	if len(u.Sectors) > 0 {
		out = append(out, strings.Join(u.Sectors, ","))
	}
	return strings.Join(out, "; ")
}
