package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/geojson"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
)

// areaCmd sets the areas of a district: sectors that units patrol, bases,
// priority areas, and areas that units should not enter.
type areaCmd struct {
	Import  areaImportCmd  `cmd:"" help:"Add areas, or replace those of the same id, from a GeoJSON file."`
	List    areaListCmd    `cmd:"" help:"List the areas."`
	Remove  areaRemoveCmd  `cmd:"" help:"Take an area away."`
	Propose areaProposeCmd `cmd:"" help:"List the cells that the joint map of crime and risk puts forward as priority areas of a shift."`
	Accept  areaAcceptCmd  `cmd:"" help:"Make a cell a priority area."`
	Refuse  areaRefuseCmd  `cmd:"" help:"Note that a cell is not to be put forward for a while."`
}

// areaImportCmd reads areas.
type areaImportCmd struct {
	storeFlags
	File string `arg:"" help:"GeoJSON: Polygons and MultiPolygons with the properties id, name and kind (sector, base, forbidden, priority); of priority areas also level (high, medium, low), from, until and shifts." type:"path" placeholder:"FILE"`
	Kind string `help:"Of areas that name none: ${enum}." enum:"sector,base,forbidden,priority" default:"sector"`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// Run saves all areas of the file, or none if one is bad.
func (c *areaImportCmd) Run(ctx context.Context) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return badInputf("areas: %v", err)
	}
	areas, err := readAreas(data, journal.FenceKind(c.Kind))
	if err != nil {
		return badInputf("%s: %v", c.File, err)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	for _, f := range areas {
		if err := st.SaveFence(ctx, d.Ubigeo, f); err != nil {
			return err
		}
		if err := auditCLI(ctx, st, d.Ubigeo, "fence.save", f.ID, f.Name); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "saved": len(areas)})
	}
	fmt.Printf("%d areas are saved in %s\n", len(areas), d.Ubigeo)
	return nil
}

// readAreas reads and checks the areas of a file.
func readAreas(data []byte, kind journal.FenceKind) ([]journal.Fence, error) {
	fc, err := geojson.UnmarshalFeatureCollection(data)
	if err != nil {
		return nil, fmt.Errorf("not a GeoJSON FeatureCollection: %w", err)
	}
	var out []journal.Fence
	for i, x := range fc.Features {
		f := journal.Fence{Kind: kind, Term: journal.TermOf(x.Properties)}
		f.ID = textOf(x.Properties["id"])
		if f.Name = textOf(x.Properties["name"]); f.Name == "" {
			f.Name = f.ID
		}
		if k := textOf(x.Properties["kind"]); k != "" {
			f.Kind = journal.FenceKind(k)
		}
		switch g := x.Geometry.(type) {
		case orb.Polygon:
			f.Geometry = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			f.Geometry = g
		default:
			return nil, fmt.Errorf("feature %d is no Polygon or MultiPolygon", i+1)
		}
		if err := journal.CheckFence(f); err != nil {
			return nil, fmt.Errorf("feature %d: %w", i+1, err)
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		return nil, errors.New("it holds no areas")
	}
	return out, nil
}

// textOf is a property as text: ids are often written as numbers.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64, json.Number:
		return fmt.Sprint(v)
	}
	return ""
}

// areaListCmd lists the areas.
type areaListCmd struct {
	storeFlags
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run lists them.
func (c *areaListCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	areas, err := st.Fences(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "areas": append([]journal.Fence{}, areas...)})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tKIND\tKM²")
	for _, f := range areas {
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\n", f.ID, f.Name, f.Kind, geo.Area(f.Geometry)/1e6)
	}
	return w.Flush()
}

// areaRemoveCmd takes an area away.
type areaRemoveCmd struct {
	storeFlags
	ID string `arg:"" help:"Its id."`
}

// Run takes it away.
func (c *areaRemoveCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	err = st.DeleteFence(ctx, d.Ubigeo, c.ID)
	if errors.Is(err, fleet.ErrNotFound) || errors.Is(err, fleet.ErrConflict) {
		return badInput(err)
	}
	if err != nil {
		return err
	}
	return auditCLI(ctx, st, d.Ubigeo, "fence.delete", c.ID, "")
}
