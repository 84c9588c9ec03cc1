package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
)

// incidentsCmd looks after the files of incidents that were imported.
type incidentsCmd struct {
	Imports  incidentImportsCmd  `cmd:"" help:"List the files of incidents that were imported."`
	Rejected incidentRejectedCmd `cmd:"" help:"Write the rejected rows of an import as CSV, to be corrected and imported."`
	Undo     incidentUndoCmd     `cmd:"" help:"Take the incidents of an import away again."`
}

// maxImports is how many imports are listed.
const maxImports = 1000

type incidentImportsCmd struct {
	storeFlags
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run lists the imports.
func (c *incidentImportsCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	ims, err := st.Imports(ctx, d.Ubigeo, maxImports)
	if err != nil {
		return err
	}
	loc, err := d.Location()
	if err != nil {
		return err
	}
	if c.JSON {
		out := []map[string]any{}
		for _, im := range ims {
			row := map[string]any{"import": im.ID, "file": im.File, "at": im.At.In(loc).Format(time.RFC3339), "by": im.By, "rows": im.Rows, "inserted": im.Inserted,
				"known": im.Known, "duplicates": im.Duplicates, "rejected": im.Rejected, "simulated": im.Simulated}
			if !im.UndoneAt.IsZero() {
				row["undone_at"] = im.UndoneAt.In(loc).Format(time.RFC3339)
			}
			out = append(out, row)
		}
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "imports": out})
	}
	if len(ims) == 0 {
		fmt.Printf("district %s has no imported files yet; serenazgo import incidents FILE brings one in\n", d.Ubigeo)
		return nil
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "IMPORT\tAT\tFILE\tROWS\tNEW\tLEFT OUT\tSTATE")
	for _, im := range ims {
		state := ""
		if !im.UndoneAt.IsZero() {
			state = "taken back " + im.UndoneAt.In(loc).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%s\n", im.ID, im.At.In(loc).Format("2006-01-02 15:04"), im.File, im.Rows, im.Inserted, im.Rejected+im.Duplicates, state)
	}
	return w.Flush()
}

type incidentRejectedCmd struct {
	storeFlags
	Import string `arg:"" help:"Name of the import, as the import told it."`
	Out    string `help:"File to write (default: standard output)." short:"o" type:"path" placeholder:"CSV"`
}

// Run writes the rows.
func (c *incidentRejectedCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	im, err := findImport(ctx, st, d.Ubigeo, c.Import)
	if err != nil {
		return err
	}
	rows, err := st.Rejected(ctx, d.Ubigeo, im.ID)
	if err != nil {
		return err
	}
	if err := st.Audit(ctx, cliRow(d.Ubigeo, "import.rejected", im.ID, im.File)); err != nil { // the rows may name people
		return err
	}
	write := func(w io.Writer) error {
		return importer.WriteRejected(w, im.Header, im.Comma, rows, func(r hotspots.Rejected) string { return r.Reason })
	}
	if c.Out == "" {
		return write(os.Stdout)
	}
	return replaceFile(c.Out, write)
}

type incidentUndoCmd struct {
	storeFlags
	Import string `arg:"" help:"Name of the import, as the import told it."`
}

// Run takes the import back.
func (c *incidentUndoCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	n, err := st.UndoImport(ctx, d.Ubigeo, c.Import, "", time.Now(), cliRow(d.Ubigeo, "import.undo", c.Import, ""))
	if errors.Is(err, fleet.ErrNotFound) || errors.Is(err, fleet.ErrConflict) {
		return badInputf("%w; serenazgo incidents imports lists them", err)
	}
	if err != nil {
		return err
	}
	fmt.Printf("%d incidents of import %s taken away\n", n, c.Import)
	return nil
}

// findImport gives an import by its name.
func findImport(ctx context.Context, st interface {
	Imports(ctx context.Context, ubigeo string, limit int) ([]hotspots.Import, error)
}, ubigeo, id string) (hotspots.Import, error) {
	ims, err := st.Imports(ctx, ubigeo, maxImports)
	if err != nil {
		return hotspots.Import{}, err
	}
	for _, im := range ims {
		if im.ID == id {
			return im, nil
		}
	}
	return hotspots.Import{}, badInputf("no import is called %q; serenazgo incidents imports lists them", id)
}
