package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
	"github.com/serenazgo/serenazgo/store"
)

// outsideMetres: incidents farther than this from the district's bounding box
// are somebody else's.
const outsideMetres = 1000

// importIncidentsCmd reads a table of incidents into the store.
type importIncidentsCmd struct {
	storeFlags
	File      string `arg:"" help:"CSV file, gzipped or not." type:"existingfile"`
	Mapping   string `help:"YAML file that names the columns; without it the usual names are recognised." type:"existingfile" placeholder:"YAML"`
	DryRun    bool   `help:"Tell what would be imported and change nothing."`
	Rejected  string `help:"Write the rows that were not imported to this CSV file." type:"path" placeholder:"CSV"`
	Simulated bool   `help:"The incidents are made up: label the district as simulated."`
	JSON      bool   `help:"Print one JSON object." name:"json"`
}

// incidentReport is what an import of incidents tells.
type incidentReport struct {
	File       string            `json:"file"`
	Ubigeo     string            `json:"ubigeo"`
	DryRun     bool              `json:"dry_run"`
	Rows       int               `json:"rows"`
	Incidents  int               `json:"incidents"`  // rows that are incidents
	Inserted   int               `json:"inserted"`   // of them, new to the store (with dry_run: would be)
	Known      int               `json:"known"`      // of them, already in the store
	Duplicates int               `json:"duplicates"` // rows that repeat another of the file
	Rejected   int               `json:"rejected"`
	Reasons    []importer.Reason `json:"reasons"` // of rejected rows and duplicates
	First      string            `json:"first,omitempty"`
	Last       string            `json:"last,omitempty"`
	Columns    map[string]string `json:"columns"`
	Encoding   string            `json:"encoding"`
	Clock      string            `json:"clock"`
	Notes      []string          `json:"notes"`
	Removed    bool              `json:"simulated_removed"` // simulated data gave way to this

	remarks []importer.Remark // the notes
}

// Run imports the file.
func (c *importIncidentsCmd) Run(ctx context.Context) error {
	var mapping io.Reader
	if c.Mapping != "" {
		f, err := os.Open(c.Mapping)
		if err != nil {
			return badInput(err)
		}
		defer f.Close()
		mapping = f
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	rep, left, err := c.load(ctx, st, d, mapping, filepath.Base(c.File), time.Now())
	if c.Rejected != "" && len(left) > 0 {
		if err := writeRejected(c.Rejected, left); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(rep)
	}
	rep.print(c.Rejected)
	return nil
}

// load reads the file into the district, or with DryRun only tells what it would
// do. name is what the file is called in the report; left are the rows that are
// not imported.
func (c *importIncidentsCmd) load(ctx context.Context, st *store.Store, d fleet.District, mapping io.Reader, name string, now time.Time) (rep incidentReport, left []hotspots.Rejected, err error) {
	opt := importer.Options{Simulated: c.Simulated, Latest: now.Add(24 * time.Hour)}
	if mapping != nil {
		if opt.Mapping, err = importer.ReadMapping(mapping, cmp.Or(c.Mapping, "mapping")); err != nil {
			return rep, nil, badInput(err)
		}
	}
	if opt.Loc, err = d.Location(); err != nil {
		return rep, nil, err
	}
	if len(d.Boundary) > 0 {
		opt.Bound = geo.BoundPad(d.Boundary.Bound(), outsideMetres)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return rep, nil, badInput(err)
	}
	defer f.Close()
	res, err := importer.Read(f, name, opt)
	if err != nil {
		return rep, nil, badInput(err)
	}
	left = leftOut(res)
	if len(res.Incidents) == 0 {
		r := importer.Reasons(left)[0]
		return rep, left, badInputf("none of the %d rows of %s can be imported; row %d, for one: %s", res.Rows, name, r.Example.Row, r.Example.Reason)
	}
	rep = newIncidentReport(res, opt.Loc)
	rep.File, rep.Ubigeo, rep.DryRun = name, d.Ubigeo, c.DryRun
	if c.DryRun {
		if rep.Known, err = countKnown(ctx, st, d.Ubigeo, res.Incidents); err != nil {
			return rep, left, err
		}
		rep.Inserted = rep.Incidents - rep.Known
		return rep, left, nil
	}
	return rep, left, c.save(ctx, st, d, res, left, name, &rep)
}

func (c *importIncidentsCmd) save(ctx context.Context, st *store.Store, d fleet.District, res importer.Result, left []hotspots.Rejected, name string, rep *incidentReport) error {
	var err error
	if rep.Inserted, rep.Known, err = st.SaveIncidents(ctx, d.Ubigeo, res.Incidents); err != nil {
		return err
	}
	if err := st.SaveRejected(ctx, d.Ubigeo, name, left); err != nil {
		return fmt.Errorf("the incidents are imported; the rejected rows could not be kept: %w", err)
	}
	rep.Removed, err = relabel(ctx, st, d, fleet.SimulatedIncidents, c.Simulated)
	return err
}

// relabel makes the district's label tell the truth after an import: made-up
// data sets it; true data takes away what is made up of its own kind, and the
// label goes with the last of it.
func relabel(ctx context.Context, st *store.Store, d fleet.District, kind fleet.Simulated, simulated bool) (removed bool, err error) {
	if simulated {
		if d.Simulated {
			return false, nil
		}
		d.Simulated = true
		return false, st.SaveDistrict(ctx, d)
	}
	if !d.Simulated {
		return false, nil
	}
	n, err := st.DeleteSimulated(ctx, d.Ubigeo, kind)
	if err != nil {
		return false, fmt.Errorf("the file is imported; the simulated data could not be removed: %w", err)
	}
	return n > 0, nil
}

// leftOut gives the rows that did not become incidents, in the file's order.
func leftOut(res importer.Result) []hotspots.Rejected {
	left := slices.Concat(res.Rejected, res.Duplicates)
	slices.SortStableFunc(left, func(a, b hotspots.Rejected) int { return a.Row - b.Row })
	return left
}

func newIncidentReport(res importer.Result, loc *time.Location) incidentReport {
	rep := incidentReport{Rows: res.Rows, Incidents: len(res.Incidents), Duplicates: len(res.Duplicates), Rejected: len(res.Rejected),
		Reasons: importer.Reasons(leftOut(res)), Columns: res.Columns, Encoding: res.Encoding, Clock: string(res.Clock), Notes: res.Notes, remarks: res.Remarks}
	if rep.Notes == nil {
		rep.Notes = []string{}
	}
	byTime := func(a, b hotspots.Incident) int { return a.At.Compare(b.At) }
	rep.First = slices.MinFunc(res.Incidents, byTime).At.In(loc).Format(time.RFC3339)
	rep.Last = slices.MaxFunc(res.Incidents, byTime).At.In(loc).Format(time.RFC3339)
	return rep
}

// countKnown tells how many of the incidents the store already has.
func countKnown(ctx context.Context, st *store.Store, ubigeo string, incidents []hotspots.Incident) (int, error) {
	from, to := incidents[0].At, incidents[0].At
	for _, in := range incidents {
		if in.At.Before(from) {
			from = in.At
		}
		if in.At.After(to) {
			to = in.At
		}
	}
	have, err := st.Incidents(ctx, ubigeo, from, to.Add(time.Second))
	if err != nil {
		return 0, err
	}
	keys := make(map[string]bool, len(have))
	for _, in := range have {
		keys[in.Key] = true
	}
	n := 0
	for _, in := range incidents {
		if keys[in.Key] {
			n++
		}
	}
	return n, nil
}

// writeRejected writes rows that were left out, with their reasons, as CSV.
func writeRejected(path string, rows []hotspots.Rejected) error {
	f, err := os.Create(path)
	if err != nil {
		return badInput(err)
	}
	w := csv.NewWriter(f)
	err = w.Write([]string{"row", "reason", "raw"})
	for _, r := range rows {
		if err == nil {
			err = w.Write([]string{strconv.Itoa(r.Row), r.Reason, r.Raw})
		}
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func (r incidentReport) print(rejectedFile string) {
	verb := "inserted"
	if r.DryRun {
		verb = "would be inserted (nothing was changed)"
	}
	fmt.Printf("%s: %d rows from %s to %s\n", r.File, r.Rows, r.First, r.Last)
	fmt.Printf("  %7d incidents %s\n", r.Inserted, verb)
	if r.Known > 0 {
		fmt.Printf("  %7d already in the store\n", r.Known)
	}
	for _, w := range r.Reasons {
		fmt.Printf("  %7d left out: %s\n          such as row %d: %s\n", w.Rows, w.Reason, w.Example.Row, short(w.Example.Raw, 100))
	}
	for _, n := range r.Notes {
		fmt.Println("  note:", n)
	}
	if left := r.Rejected + r.Duplicates; left > 0 && rejectedFile != "" {
		fmt.Printf("  the %d rows left out are in %s\n", left, rejectedFile)
	} else if left > 0 && !r.DryRun {
		fmt.Println("  the rows left out are kept in the store; --rejected FILE.csv writes them")
	}
	if r.Removed {
		fmt.Println("  the simulated incidents of the district have been removed")
	}
}

// short cuts a text to n runes.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
