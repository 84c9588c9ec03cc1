package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review/session"
)

// sessionsCmd lists the sessions of joint reviews, and writes one.
type sessionsCmd struct {
	storeFlags
	ID   string `name:"id" help:"The session to be shown or written." placeholder:"ID"`
	Out  string `help:"Folder in which to write it as JSON, XLSX and PDF." type:"path" placeholder:"DIR"`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// mostSessionsListed bounds the list.
const mostSessionsListed = 1000

// Run lists or writes.
func (c *sessionsCmd) Run(ctx context.Context) error {
	if c.Out != "" && c.ID == "" {
		return badInputf("--out needs --id ID: give the session to be written")
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	if c.ID == "" {
		all, err := st.ReviewSessions(ctx, d.Ubigeo, mostSessionsListed)
		if err != nil {
			return err
		}
		return c.list(all)
	}
	x, err := st.ReviewSession(ctx, d.Ubigeo, c.ID)
	if errors.Is(err, fleet.ErrNotFound) {
		return badInputf("there is no session %s; serenazgo sessions lists them", c.ID)
	}
	if err != nil {
		return err
	}
	g, err := shiftPapers{st: st, d: d}.streets(ctx, time.Now(), time.Now())
	if err != nil {
		return err
	}
	p, err := templates.OfSession(x, templates.StreetsOf(g), time.Now())
	if err != nil {
		return err
	}
	if c.Out == "" {
		return p.Write(os.Stdout, templates.JSON)
	}
	if err := st.Audit(ctx, cliRow(d.Ubigeo, "paper.session", x.ID, "")); err != nil {
		return err
	}
	return writeReview(p, c.Out)
}

func (c *sessionsCmd) list(all []session.Session) error {
	if c.JSON {
		type head struct {
			ID    string        `json:"id"`
			From  string        `json:"from"`
			To    string        `json:"to"`
			State session.State `json:"state"`
			Open  int           `json:"open"` // agreements
			Hash  string        `json:"hash,omitempty"`
		}
		out := []head{}
		for _, x := range all {
			out = append(out, head{x.ID, x.Query.From, x.Query.To, x.State, len(session.Carried(x)), x.Hash})
		}
		return printJSON(struct {
			Sessions []head `json:"sessions"`
		}{out})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SESSION\tFROM\tTO\tSTATE\tOPEN AGREEMENTS\tHASH")
	for _, x := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", x.ID, x.Query.From, x.Query.To, x.State, len(session.Carried(x)), x.Hash)
	}
	return w.Flush()
}

// writeReview writes a review or a session into a folder, in every format.
func writeReview(p templates.Paper, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return badInputf("--out: %v", err)
	}
	for _, f := range []export.Format{templates.JSON, export.XLSX, templates.PDF} {
		name := filepath.Join(dir, p.FileName(f))
		if err := replaceFile(name, func(w io.Writer) error { return p.Write(w, f) }); err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "wrote", name)
	}
	return nil
}
