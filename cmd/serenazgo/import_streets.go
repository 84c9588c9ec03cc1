package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
	"github.com/serenazgo/serenazgo/store"
)

// importStreetsCmd reads an OpenStreetMap extract and a boundary into the store.
type importStreetsCmd struct {
	storeFlags
	File     string `arg:"" help:"OpenStreetMap extract: .osm, .osm.gz, .osm.bz2 or .osm.pbf." type:"path"`
	Boundary string `help:"The district's outline as GeoJSON; several features are united. --ubigeo chooses among them (a code ending in 00: a whole province) or names what has no pe:ubigeo." type:"path" placeholder:"GEOJSON" xor:"outline"`
	Relation int64  `help:"Take the outline from this relation of the extract; --ubigeo then names the district." placeholder:"ID" xor:"outline"`
	Name     string `help:"Name of the district (default: as the boundary says)."`
	TimeZone string `help:"Time zone of the district, if it is new (default: America/Lima)." placeholder:"ZONE"`
	Paths    *bool  `help:"Take in the ways where only people walk, for patrols on foot (default: as the district's present streets; at first no)." negatable:""`
	DryRun   bool   `help:"Check the files and change nothing."`
	JSON     bool   `help:"Print one JSON object." name:"json"`
}

// streetsReport is what an import of streets tells.
type streetsReport struct {
	Ubigeo      string                     `json:"ubigeo"`
	Name        string                     `json:"name"`
	Version     string                     `json:"version,omitempty"`
	Replaces    string                     `json:"replaces,omitempty"` // the version that was current before; it is kept
	DryRun      bool                       `json:"dry_run"`
	Seconds     float64                    `json:"seconds"`
	Corrections []routing.CorrectionResult `json:"corrections,omitempty"` // how the local corrections fared on the new map
	osm.Report
}

// Run imports the file.
func (c *importStreetsCmd) Run(ctx context.Context) error {
	if c.Boundary == "" && c.Relation == 0 && c.Ubigeo == "" {
		return badInputf("which district? give its outline with --boundary GEOJSON, or the relation in the extract with --relation ID or --ubigeo CODE")
	}
	if c.Ubigeo != "" {
		if err := fleet.CheckUbigeo(c.Ubigeo); err != nil {
			return badInput(err)
		}
	}
	begun := time.Now()
	imp, err := c.read(ctx, c.Paths != nil && *c.Paths)
	if err != nil {
		return err
	}
	rep := streetsReport{Ubigeo: imp.Ubigeo, Name: imp.Name, DryRun: c.DryRun, Report: imp.Report}
	if !c.DryRun {
		st, done, err := c.open(ctx)
		if err != nil {
			return err
		}
		defer done()
		if c.Paths == nil {
			paths, err := hasPaths(ctx, st, imp.Ubigeo)
			if err != nil {
				return err
			}
			if paths {
				if imp, err = c.read(ctx, true); err != nil {
					return err
				}
				rep.Report = imp.Report
			}
		}
		if err := saveStreets(ctx, st, imp, newDistrict{Name: c.Name, TimeZone: c.TimeZone}, filepath.Base(c.File), "", time.Now(), &rep); err != nil {
			if errors.Is(err, fleet.ErrInvalid) {
				return badInput(err)
			}
			return err
		}
	}
	rep.Seconds = time.Since(begun).Seconds()
	if c.JSON {
		return printJSON(rep)
	}
	return rep.print(c.File)
}

// read reads the files, with the ways where only people walk or without.
func (c *importStreetsCmd) read(ctx context.Context, paths bool) (*osm.Import, error) {
	p := newProgress("import streets")
	defer p.Done()
	imp, err := osm.Load(ctx, osm.Source{File: c.File, BoundaryFile: c.Boundary, Ubigeo: c.Ubigeo, Relation: c.Relation, Paths: paths,
		Progress: func(done float64, note string) { p.Set(done, 1, note) }})
	if err != nil {
		return nil, badInput(err)
	}
	return imp, badInput(imp.CheckUbigeo())
}

// hasPaths tells whether a district's present streets have the ways where only
// people walk: a newer extract is read the same way unless somebody says
// otherwise.
func hasPaths(ctx context.Context, st *store.Store, ubigeo string) (bool, error) {
	v, err := st.Streets(ctx, ubigeo)
	if errors.Is(err, fleet.ErrNotFound) {
		return false, nil
	}
	if err != nil || len(v.Report) == 0 {
		return false, err
	}
	var rep osm.Report
	if err := json.Unmarshal(v.Report, &rep); err != nil {
		return false, fmt.Errorf("report of streets %s: %w", v.Version, err)
	}
	return rep.Paths, nil
}

// newDistrict is what an import may say of a district beside its streets.
type newDistrict struct {
	Name, TimeZone string
	Demo           bool
}

// saveStreets keeps an import as the district's current streets: it adds the
// district or moves its boundary, keeps the versions before, and tries the
// local corrections on the new map. What the store knows of the district and
// the import does not say stays.
func saveStreets(ctx context.Context, st *store.Store, imp *osm.Import, more newDistrict, source, by string, at time.Time, rep *streetsReport) error {
	d, err := st.District(ctx, imp.Ubigeo)
	switch {
	case errors.Is(err, fleet.ErrNotFound):
		d = fleet.District{Ubigeo: imp.Ubigeo, Demo: more.Demo, TimeZone: "America/Lima"}
	case err != nil:
		return err
	}
	for _, name := range [...]string{imp.Name, more.Name} {
		if name != "" {
			d.Name = name
		}
	}
	if d.Name == "" {
		d.Name = d.Ubigeo
	}
	if more.TimeZone != "" {
		d.TimeZone = more.TimeZone
	}
	if _, err := d.Location(); err != nil {
		return err
	}
	d.Boundary = imp.Graph.Boundary
	graph, err := routing.Encode(imp.Graph)
	if err != nil {
		return err
	}
	report, err := json.Marshal(imp.Report)
	if err != nil {
		return err
	}
	before, err := st.Streets(ctx, imp.Ubigeo)
	if err != nil && !errors.Is(err, fleet.ErrNotFound) {
		return err
	}
	sum := sha256.Sum256(graph)
	v := store.StreetVersion{Version: fmt.Sprintf("%s-%x", at.UTC().Format("20060102-150405"), sum[:4]), Source: source, ImportedAt: at, ImportedBy: by,
		Report: report, Graph: graph}
	if err := st.SaveDistrict(ctx, d); err != nil {
		return err
	}
	if err := st.SaveStreets(ctx, d.Ubigeo, v); err != nil {
		return err
	}
	rep.Name, rep.Version, rep.Replaces = d.Name, v.Version, before.Version
	cs, err := st.Corrections(ctx, d.Ubigeo)
	if err != nil || len(cs) == 0 {
		return err
	}
	loc, err := d.Location()
	if err != nil {
		return err
	}
	_, rep.Corrections, err = routing.Apply(imp.Graph, cs, [2]time.Time{}, loc)
	return err
}

// print writes the report for people.
func (r *streetsReport) print(file string) error {
	verb := "imported"
	if r.DryRun {
		verb = "is good (nothing was changed)"
	}
	fmt.Printf("%s %s: %s (%s) in %.1f s\n", file, verb, r.Name, r.Ubigeo, r.Seconds)
	if r.Version != "" {
		fmt.Printf("  %-22s %s\n", "version", r.Version)
	}
	if r.Replaces != "" {
		fmt.Printf("  %-22s %s, which is kept\n", "replaces", r.Replaces)
	}
	if err := r.WriteText(os.Stdout); err != nil {
		return err
	}
	lost := 0
	for _, c := range r.Corrections {
		if c.By == routing.NotFound {
			lost++
			fmt.Printf("  correction %s (%s): %s\n", c.ID, c.Kind, c.Note)
		}
	}
	if n := len(r.Corrections); n > 0 {
		fmt.Printf("  %-22s %d of %d found their streets\n", "corrections", n-lost, n)
	}
	return nil
}
