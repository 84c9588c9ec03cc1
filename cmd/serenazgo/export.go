package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/fleet"
)

// exportCmd writes what units did as a file.
type exportCmd struct {
	storeFlags
	What     string    `arg:"" enum:"trail,trips,stops,events" help:"What to export: ${enum}."`
	Unit     []string  `help:"Unit; may be given several times (default: all)." placeholder:"UNIT"`
	From     localTime `required:"" help:"Where the period begins: AAAA-MM-DD (its midnight) or AAAA-MM-DDTHH:MM, both local, or RFC 3339." placeholder:"TIME"`
	To       localTime `required:"" help:"Where it ends; this instant is not in it." placeholder:"TIME"`
	Format   string    `enum:"csv,xlsx,gpx,kml,geojson" default:"csv" help:"One of ${enum}."`
	Doubtful bool      `help:"In tables of trails, also the fixes that do not count, with the reasons."`
	Out      string    `help:"File to write (default: standard output)." type:"path" placeholder:"FILE"`
}

// localTime is an instant as somebody writes it, to be read in a district's
// time.
type localTime string

// in reads the instant.
func (t localTime) in(loc *time.Location) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, string(t)); err == nil {
		return at, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(layout, string(t), loc); err == nil {
			return at, nil
		}
	}
	return time.Time{}, badInputf("%q is no time; write AAAA-MM-DD, AAAA-MM-DDTHH:MM or RFC 3339, such as 2026-11-21T22:00", string(t))
}

// Run writes the file.
func (c *exportCmd) Run(ctx context.Context) (err error) {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	q := export.Query{Ubigeo: d.Ubigeo, What: export.What(c.What), Doubtful: c.Doubtful}
	if q.Loc, err = d.Location(); err != nil {
		return err
	}
	if q.From, err = c.From.in(q.Loc); err != nil {
		return err
	}
	if q.To, err = c.To.in(q.Loc); err != nil {
		return err
	}
	if q.Units, err = chooseUnits(ctx, st, d.Ubigeo, c.Unit); err != nil {
		return err
	}
	format := export.Format(c.Format)
	if err := q.Check(format); err != nil {
		return badInput(err)
	}
	detail := q.From.Format(time.RFC3339) + " – " + q.To.Format(time.RFC3339)
	if err := st.Audit(ctx, cliRow(d.Ubigeo, "export."+c.What+"."+c.Format, "", detail)); err != nil {
		return err
	}
	write := func(w io.Writer) error { return export.Write(ctx, w, st, q, format) }
	if c.Out != "" {
		return replaceFile(c.Out, write)
	}
	w := bufio.NewWriter(os.Stdout)
	return errors.Join(write(w), w.Flush())
}

// chooseUnits finds units by id; none named means all.
func chooseUnits(ctx context.Context, st interface {
	Units(context.Context, string) ([]fleet.Unit, error)
}, ubigeo string, ids []string) ([]fleet.Unit, error) {
	all, err := st.Units(ctx, ubigeo)
	if err != nil || len(ids) == 0 {
		return all, err
	}
	known := map[string]fleet.Unit{}
	for _, u := range all {
		known[u.ID] = u
	}
	var out []fleet.Unit
	for _, id := range ids {
		u, ok := known[id]
		if !ok {
			return nil, badInputf("district %s has no unit %q; serenazgo unit list shows them", ubigeo, id)
		}
		out = append(out, u)
	}
	return out, nil
}
