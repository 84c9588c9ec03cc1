package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	File        string `arg:"" help:"CSV (gzipped or not), XLSX or GeoJSON file." type:"existingfile"`
	Mapping     string `help:"YAML file that names the columns; without it the mapping kept for files with these columns, else the usual names." type:"existingfile" placeholder:"YAML"`
	KeepMapping bool   `help:"Keep the mapping for later files with the same columns."`
	Trust       bool   `help:"Take points and times at their word: do not look for points that stand for places not known, nor for midnights that stand for times not known."`
	DryRun      bool   `help:"Tell what would be imported and change nothing."`
	Rejected    string `help:"Write the rejected rows to this CSV file, to be corrected and imported; rows that repeat another are not among them." type:"path" placeholder:"CSV"`
	Simulated   bool   `help:"The incidents are made up: label the district as simulated."`
	JSON        bool   `help:"Print one JSON object." name:"json"`

	said     string // the mapping itself, where it does not come as a file
	by       fleet.AuditRow
	word     func(hotspots.Rejected) string // why a row is left out; nil: in English
	progress func(stage string, done, total int)
}

// Stages of an import, as progress is told.
const (
	stageRead = "read" // rows; how many there are is not known
	stageSave = "save" // incidents
)

// Run imports the file.
func (c *importIncidentsCmd) Run(ctx context.Context) error {
	if c.Mapping != "" {
		said, err := os.ReadFile(c.Mapping)
		if err != nil {
			return badInput(err)
		}
		c.said = string(said)
	}
	if c.KeepMapping && c.Mapping == "" {
		return badInputf("--keep-mapping keeps the file of --mapping: give one")
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	bar := newProgress("importing " + filepath.Base(c.File))
	c.progress = func(stage string, n, total int) {
		bar.Set(float64(n), float64(total), fmt.Sprintf("%s %d rows", stage, n))
	}
	c.by = cliRow("", "import.incidents", "", "")
	rep, left, err := c.load(ctx, st, d, filepath.Base(c.File), time.Now())
	bar.Done()
	if c.Rejected != "" && rep.Rejected > 0 {
		if err := c.writeRejected(rep, left); err != nil {
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
func (c *importIncidentsCmd) load(ctx context.Context, st *store.Store, d fleet.District, name string, now time.Time) (rep incidentReport, left []hotspots.Rejected, err error) {
	opt := importer.Options{Simulated: c.Simulated, Latest: now.Add(24 * time.Hour), Ubigeo: d.Ubigeo, Trust: c.Trust}
	if c.progress != nil {
		opt.Progress = func(rows int) { c.progress(stageRead, rows, 0) }
	}
	if opt.Loc, err = d.Location(); err != nil {
		return rep, nil, err
	}
	if len(d.Boundary) > 0 {
		opt.Bound = geo.BoundPad(d.Boundary.Bound(), outsideMetres)
	}
	if opt.Locate, err = locator(ctx, st, d); err != nil {
		return rep, nil, err
	}
	kept, err := c.mapping(ctx, st, d, name, &opt)
	if err != nil {
		return rep, nil, err
	}
	res, err := c.read(name, opt, importer.Read)
	if err != nil {
		return newIncidentReport(res, opt.Loc), nil, badInput(err)
	}
	left = leftOut(res)
	rep = newIncidentReport(res, opt.Loc)
	rep.File, rep.Ubigeo, rep.DryRun, rep.MappingKept = name, d.Ubigeo, c.DryRun, kept
	if len(res.Incidents) == 0 {
		r := importer.Reasons(left)[0]
		return rep, left, badInputf("none of the %d rows of %s can be imported; row %d, for one: %s", res.Rows, name, r.Example.Row, r.Example.Reason)
	}
	if c.DryRun {
		if rep.Known, err = countKnown(ctx, st, d.Ubigeo, res.Incidents); err != nil {
			return rep, left, err
		}
		rep.Inserted = rep.Incidents - rep.Known
		return rep, left, nil
	}
	return rep, left, c.save(ctx, st, d, res, left, now, &rep)
}

// mapping takes the mapping that was given, or the one kept for files with these
// columns; kept tells the latter.
func (c *importIncidentsCmd) mapping(ctx context.Context, st *store.Store, d fleet.District, name string, opt *importer.Options) (kept bool, err error) {
	said := c.said
	if said == "" {
		peek, _ := c.read(name, *opt, importer.Peek) // what is wrong with the file is told when it is read
		if len(peek.Header) == 0 {
			return false, nil
		}
		if said, err = st.SourceMapping(ctx, d.Ubigeo, importer.Fingerprint(peek.Header)); err != nil || said == "" {
			return false, err
		}
		kept = true
	}
	if opt.Mapping, err = importer.ReadMapping(strings.NewReader(said), cmp.Or(c.Mapping, "mapping")); err != nil {
		return kept, badInput(err)
	}
	return kept, nil
}

// read opens the file and does one of the importer's readings of it.
func (c *importIncidentsCmd) read(name string, opt importer.Options, how func(io.Reader, string, importer.Options) (importer.Result, error)) (importer.Result, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return importer.Result{}, err
	}
	defer f.Close()
	return how(f, name, opt)
}

// save keeps the incidents as one import, and the mapping if that is wanted.
func (c *importIncidentsCmd) save(ctx context.Context, st *store.Store, d fleet.District, res importer.Result, left []hotspots.Rejected, now time.Time, rep *incidentReport) error {
	id := importID()
	byTime := func(a, b hotspots.Incident) int { return a.At.Compare(b.At) }
	im := hotspots.Import{ID: id, File: rep.File, At: now, By: c.by.Username, Rows: res.Rows, Duplicates: len(res.Duplicates), Rejected: len(res.Rejected), Simulated: c.Simulated,
		First: slices.MinFunc(res.Incidents, byTime).At, Last: slices.MaxFunc(res.Incidents, byTime).At, Header: res.Header, Comma: res.Comma}
	audit := c.by
	audit.Ubigeo, audit.Subject = d.Ubigeo, id
	if c.word != nil {
		left = slices.Clone(left)
		for i := range left {
			left[i].Reason = c.word(left[i])
		}
	}
	var progress func(n int)
	if c.progress != nil {
		progress = func(n int) { c.progress(stageSave, n, len(res.Incidents)) }
	}
	im, err := st.ImportIncidents(ctx, d.Ubigeo, im, res.Incidents, left, audit, progress)
	if err != nil {
		return err
	}
	rep.Import, rep.Inserted, rep.Known = id, im.Inserted, im.Known
	if c.KeepMapping && c.said != "" {
		if err := st.SaveSourceMapping(ctx, d.Ubigeo, hotspots.SourceMapping{Columns: importer.Fingerprint(res.Header), Mapping: c.said, At: now, By: c.by.Username}); err != nil {
			return fmt.Errorf("the incidents are imported; the mapping could not be kept: %w", err)
		}
	}
	rep.Removed, err = relabel(ctx, st, d, fleet.SimulatedIncidents, c.Simulated)
	return err
}

// importID names an import.
func importID() string {
	var id [6]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
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

// incidentReport is what an import of incidents tells.
type incidentReport struct {
	File       string            `json:"file"`
	Ubigeo     string            `json:"ubigeo"`
	DryRun     bool              `json:"dry_run"`
	Import     string            `json:"import,omitempty"` // names the import, to take it back by
	Rows       int               `json:"rows"`
	Incidents  int               `json:"incidents"`  // rows that are incidents
	Inserted   int               `json:"inserted"`   // of them, new to the store (with dry_run: would be)
	Known      int               `json:"known"`      // of them, already in the store
	Duplicates int               `json:"duplicates"` // rows that repeat another of the file
	Rejected   int               `json:"rejected"`
	Reasons    []importer.Reason `json:"reasons"` // of rejected rows and duplicates
	First      string            `json:"first,omitempty"`
	Last       string            `json:"last,omitempty"`
	Columns    map[string]string `json:"columns"` // role → column
	Guessed    []string          `json:"guessed"` // roles whose column was told by what it holds
	Missing    []string          `json:"missing"` // roles that are needed and have no column
	Header     []headerColumn    `json:"header"`  // the file's columns
	Dates      string            `json:"dates"`   // order of day and month
	Encoding   string            `json:"encoding"`
	Clock      string            `json:"clock"`
	Zoned      bool              `json:"zoned"` // some times carry a zone or are epoch numbers
	Notes      []string          `json:"notes"`
	Removed    bool              `json:"simulated_removed"` // simulated data gave way to this
	// MappingKept tells that the file is read by a mapping that was kept.
	MappingKept bool `json:"mapping_kept"`

	remarks []importer.Remark // the notes
	comma   string
}

// headerColumn is a column of the file with some of its values.
type headerColumn struct {
	Name    string   `json:"name"`
	Samples []string `json:"samples"`
}

func newIncidentReport(res importer.Result, loc *time.Location) incidentReport {
	rep := incidentReport{Rows: res.Rows, Incidents: len(res.Incidents), Duplicates: len(res.Duplicates), Rejected: len(res.Rejected),
		Reasons: importer.Reasons(leftOut(res)), Columns: res.Columns, Encoding: res.Encoding, Clock: string(res.Clock), Zoned: res.Zoned, Dates: res.Dates,
		Notes: append([]string{}, res.Notes...), Guessed: append([]string{}, res.Guessed...), Missing: []string{}, Header: []headerColumn{}, remarks: res.Remarks, comma: res.Comma}
	for i, h := range res.Header {
		rep.Header = append(rep.Header, headerColumn{h, res.Samples[i]})
	}
	if len(res.Incidents) == 0 {
		return rep
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

// writeRejected writes the rejected ones of some rows, with their reasons, as a CSV
// file that can be corrected and imported.
func (c *importIncidentsCmd) writeRejected(rep incidentReport, rows []hotspots.Rejected) error {
	var header []string
	for _, h := range rep.Header {
		header = append(header, h.Name)
	}
	return replaceFile(c.Rejected, func(w io.Writer) error {
		return importer.WriteRejected(w, header, rep.comma, rows, func(r hotspots.Rejected) string { return r.Reason })
	})
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
	if r.Rejected > 0 && rejectedFile != "" {
		fmt.Printf("  the %d rejected rows are in %s\n", r.Rejected, rejectedFile)
	} else if r.Rejected > 0 && !r.DryRun {
		fmt.Println("  the rejected rows are kept in the store; --rejected FILE.csv writes them, to be corrected and imported")
	}
	if r.MappingKept {
		fmt.Println("  the columns are read by the mapping kept for files with these columns")
	}
	if r.Import != "" {
		fmt.Printf("  import %s: serenazgo incidents undo %s takes it back\n", r.Import, r.Import)
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
