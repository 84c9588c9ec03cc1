package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/guest"
	"github.com/serenazgo/serenazgo/fleet/retain"
	"github.com/serenazgo/serenazgo/store"
)

// importTracksCmd takes in what police vehicles drove.
type importTracksCmd struct {
	storeFlags
	File     string `arg:"" optional:"" help:"CSV with vehicle, time, latitude and longitude, or GPX." type:"existingfile"`
	DryRun   bool   `help:"Check the file and change nothing."`
	KeepDays int    `help:"Days that positions are kept, of districts that never said; older ones are left out (default: as the service forgot them last, else 180)." placeholder:"N"`
	List     bool   `help:"List the files that were taken in, instead of taking one in."`
	Drop     string `help:"Take the file with this number back." placeholder:"ID"`
	JSON     bool   `help:"Print one JSON object." name:"json"`
}

// tracksReport is what an import of tracks tells.
type tracksReport struct {
	File     string             `json:"file"`
	Ubigeo   string             `json:"ubigeo"`
	DryRun   bool               `json:"dry_run"`
	Rows     int                `json:"rows"`
	Inserted int                `json:"inserted"` // or would be, if nothing of it is known
	Known    int                `json:"known"`    // positions that were kept already
	Replaced int                `json:"replaced"` // of these, those that an earlier file told otherwise; this one stands
	Rejected int                `json:"rejected"`
	Reasons  map[guest.Code]int `json:"by_reason"`
	Units    []string           `json:"units"`
	First    time.Time          `json:"first,omitzero"`
	Last     time.Time          `json:"last,omitzero"`
	Left     []guest.Rejected   `json:"left_out"`        // the first of them
	Notes    []string           `json:"notes,omitempty"` // the same in Spanish, for the page
}

// Run imports the file, or lists those that were, or takes one back.
func (c *importTracksCmd) Run(ctx context.Context) error {
	if given := c.File != ""; given == (c.List || c.Drop != "") || c.List && c.Drop != "" {
		return badInputf("give a file, or --list, or --drop ID")
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	switch {
	case c.List:
		return c.list(ctx, st, d)
	case c.Drop != "":
		id, err := strconv.ParseInt(c.Drop, 10, 64)
		if err != nil {
			return badInputf("--drop %q: give the number that --list shows", c.Drop)
		}
		return badInput(st.DropGuestFile(ctx, d.Ubigeo, id, cliRow(d.Ubigeo, "tracks.drop", c.Drop, "")))
	}
	rep, err := c.load(ctx, st, d, c.File, cliRow(d.Ubigeo, "import.tracks", "", ""), time.Now())
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(rep)
	}
	verb := "new"
	if c.DryRun {
		verb = "usable (nothing was changed)"
	}
	fmt.Printf("%s: %d rows, %d positions %s, %d known already (%d of them otherwise: as this file says now), of %s\n", c.File, rep.Rows, rep.Inserted, verb, rep.Known, rep.Replaced, strings.Join(rep.Units, ", "))
	for _, code := range slices.Sorted(maps.Keys(rep.Reasons)) {
		fmt.Printf("  left out, %s: %d rows\n", code, rep.Reasons[code])
	}
	for _, x := range rep.Left[:min(len(rep.Left), 10)] {
		fmt.Printf("    row %d, %s: %q\n", x.Row, x.Code, x.Value)
	}
	return nil
}

func (c *importTracksCmd) list(ctx context.Context, st *store.Store, d fleet.District) error {
	all, err := st.GuestFiles(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(struct {
			Files []guest.File `json:"files"`
		}{append([]guest.File{}, all...)})
	}
	for _, f := range all {
		fmt.Printf("%d  %s  %s to %s  %d positions of %s\n", f.ID, f.Name, f.First.Format(time.RFC3339), f.Last.Format(time.RFC3339), f.Fixes, strings.Join(f.Units, ", "))
	}
	return nil
}

// load reads the file into the district, or with DryRun only checks it. name is
// what the file is called.
func (c *importTracksCmd) load(ctx context.Context, st *store.Store, d fleet.District, name string, by fleet.AuditRow, now time.Time) (rep tracksReport, err error) {
	loc, err := d.Location()
	if err != nil {
		return rep, err
	}
	units, err := st.Units(ctx, d.Ubigeo)
	if err != nil {
		return rep, err
	}
	days, err := st.Retention(ctx, d.Ubigeo)
	if err != nil {
		return rep, err
	}
	if days == 0 {
		if days, err = c.keptDays(ctx, st, d.Ubigeo); err != nil {
			return rep, err
		}
	}
	o := guest.Options{Loc: loc, Now: now, Since: retain.Limit(now, days).Truncate(24 * time.Hour), Known: func(name string) bool {
		return slices.ContainsFunc(units, func(u fleet.Unit) bool {
			return strings.EqualFold(u.ID, name) || strings.EqualFold(u.CallSign, name) || u.Plate != "" && strings.EqualFold(u.Plate, name)
		})
	}}
	if len(d.Boundary) > 0 {
		o.Near = geo.BoundPad(d.Boundary.Bound(), outsideMetres)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return rep, badInput(err)
	}
	defer f.Close()
	got, err := guest.Read(f, name, o)
	if err != nil {
		return rep, badInput(err)
	}
	rep = tracksReport{File: name, Ubigeo: d.Ubigeo, DryRun: c.DryRun, Rows: got.Rows, Inserted: len(got.Fixes), Reasons: got.Reasons, Units: []string{}, Left: append([]guest.Rejected{}, got.Rejected...)}
	for _, n := range got.Reasons {
		rep.Rejected += n
	}
	for i, x := range got.Fixes {
		if i == 0 || got.Fixes[i-1].Unit != x.Unit {
			rep.Units = append(rep.Units, strings.TrimPrefix(x.Unit, guest.Prefix))
		}
		if rep.First.IsZero() || x.Time.Before(rep.First) {
			rep.First = x.Time
		}
		if x.Time.After(rep.Last) {
			rep.Last = x.Time
		}
	}
	if len(got.Fixes) == 0 {
		return rep, badInputf("%w: none of the %d rows of %s can be used: %s", errNoTracks, got.Rows, name, countsOf(got.Reasons))
	}
	if c.DryRun {
		return rep, nil
	}
	by.Subject, by.Detail = name, fmt.Sprintf("%d of %d rows", len(got.Fixes), got.Rows)
	kept, known, err := st.SaveGuests(ctx, d.Ubigeo, guest.File{Name: name, By: by.Username, At: now}, got.Fixes, by)
	if err != nil {
		return rep, badInput(err)
	}
	rep.Inserted, rep.Known, rep.Replaced = len(got.Fixes)-known, known, kept.Replaced
	return rep, nil
}

// usualDays is how long positions are kept where nobody says it.
const usualDays = 180

// keptDays is how long the service keeps the positions of a district that never
// said: as this was called, else as the service did when it forgot some last.
func (c *importTracksCmd) keptDays(ctx context.Context, st *store.Store, ubigeo string) (int, error) {
	if c.KeepDays != 0 {
		if c.KeepDays < retain.MinDays {
			return 0, badInputf("--keep-days %d: give a number from %d", c.KeepDays, retain.MinDays)
		}
		return c.KeepDays, nil
	}
	runs, err := st.RetentionRuns(ctx, ubigeo, 1)
	if err != nil || len(runs) == 0 || runs[0].KeptDays == 0 {
		return usualDays, err
	}
	return runs[0].KeptDays, nil
}

// countsOf lists how many rows are left out for which reason.
func countsOf(reasons map[guest.Code]int) string {
	var out []string
	for _, code := range slices.Sorted(maps.Keys(reasons)) {
		out = append(out, fmt.Sprintf("%s %d", code, reasons[code]))
	}
	return strings.Join(out, ", ")
}
