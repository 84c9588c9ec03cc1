package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/retain"
)

// retentionCmd looks after what is forgotten and what is held.
type retentionCmd struct {
	Show    retentionShowCmd    `cmd:"" help:"Show for how long positions and rejected rows are kept, holds and the last runs."`
	Set     retentionSetCmd     `cmd:"" help:"Say for how many days positions and rejected rows are kept."`
	Hold    retentionHoldCmd    `cmd:"" help:"Keep a period from being forgotten."`
	Release retentionReleaseCmd `cmd:"" help:"Release a hold."`
	Run     retentionRunCmd     `cmd:"" help:"Forget now what is old enough, in every district."`
}

type retentionShowCmd struct {
	storeFlags
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run shows it.
func (c *retentionShowCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	days, err := st.Retention(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	rejected, err := st.RejectedRetention(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	rejected = cmp.Or(rejected, retain.RejectedDays)
	holds, err := st.Holds(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	runs, err := st.RetentionRuns(ctx, d.Ubigeo, 10)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(struct {
			Days     int           `json:"days"` // 0: as the service is started with
			Rejected int           `json:"rejected_days"`
			Holds    []retain.Hold `json:"holds"`
			Runs     []retain.Run  `json:"runs"`
		}{days, rejected, append([]retain.Hold{}, holds...), append([]retain.Run{}, runs...)})
	}
	if days == 0 {
		fmt.Println("positions are kept as the service is started: --keep-days, 180 by default")
	} else {
		fmt.Printf("positions are kept %d days\n", days)
	}
	fmt.Printf("rejected rows of imported files are kept %d days\n", rejected)
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, h := range holds {
		state := "held"
		if !h.ReleasedAt.IsZero() {
			state = "released " + h.ReleasedAt.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "hold %s\t%s\t%s\t%s\t%s\n", h.ID, h.Start.Format(time.RFC3339), h.End.Format(time.RFC3339), state, h.Reason)
	}
	for _, r := range runs {
		fmt.Fprintf(w, "run\t%s\t%d of %d days\t%d held\trejected rows of %d files\t%d held\t%s\n", r.Started.Format(time.RFC3339), r.Done, r.Days, r.Held, r.Files, r.FilesHeld, r.Error)
	}
	return w.Flush()
}

// badIfInvalid marks what the caller got wrong.
func badIfInvalid(err error) error {
	if errors.Is(err, fleet.ErrInvalid) || errors.Is(err, fleet.ErrNotFound) {
		return badInput(err)
	}
	return err
}

type retentionSetCmd struct {
	storeFlags
	Days     int `arg:"" optional:"" help:"Days of positions, 1 to 3650."`
	Rejected int `help:"Days of the rejected rows of imported files, 1 to 3650; 90 where nobody said." placeholder:"DAYS"`
}

// Run sets the days.
func (c *retentionSetCmd) Run(ctx context.Context) error {
	if c.Days == 0 && c.Rejected == 0 {
		return badInputf("say for how many days: retention set 90, or --rejected 30")
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	if c.Days != 0 {
		if err := st.SaveRetention(ctx, d.Ubigeo, c.Days, cliRow(d.Ubigeo, "retention.save", fmt.Sprint(c.Days), "")); err != nil {
			return badIfInvalid(err)
		}
	}
	if c.Rejected != 0 {
		return badIfInvalid(st.SaveRejectedRetention(ctx, d.Ubigeo, c.Rejected, cliRow(d.Ubigeo, "retention.save", fmt.Sprint(c.Rejected), "rejected rows")))
	}
	return nil
}

type retentionHoldCmd struct {
	storeFlags
	From   localTime `required:"" help:"Where the period begins: AAAA-MM-DD or AAAA-MM-DDTHH:MM, local, or RFC 3339." placeholder:"TIME"`
	To     localTime `required:"" help:"Where it ends." placeholder:"TIME"`
	Reason string    `required:"" help:"Why: the number of the letter." placeholder:"TEXT"`
}

// Run makes the hold and prints its id.
func (c *retentionHoldCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	loc, err := d.Location()
	if err != nil {
		return err
	}
	var id [5]byte
	if _, err := rand.Read(id[:]); err != nil {
		return err
	}
	h := retain.Hold{ID: hex.EncodeToString(id[:]), Reason: c.Reason, CreatedAt: time.Now(), CreatedBy: "CLI"}
	if h.Start, err = c.From.in(loc); err != nil {
		return err
	}
	if h.End, err = c.To.in(loc); err != nil {
		return err
	}
	if err := badIfInvalid(st.SaveHold(ctx, d.Ubigeo, h, cliRow(d.Ubigeo, "hold.make", h.ID, h.Reason))); err != nil {
		return err
	}
	fmt.Println(h.ID)
	return nil
}

type retentionReleaseCmd struct {
	storeFlags
	ID string `arg:"" help:"Hold, as shown."`
}

// Run releases the hold.
func (c *retentionReleaseCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	return badIfInvalid(st.ReleaseHold(ctx, d.Ubigeo, c.ID, time.Now(), cliRow(d.Ubigeo, "hold.release", c.ID, "")))
}

type retentionRunCmd struct {
	dataFlags
	KeepDays int `help:"Days of districts that never said." default:"180"`
}

// Run forgets what is old enough and tells how far it is.
func (c *retentionRunCmd) Run(ctx context.Context) error {
	if c.KeepDays < retain.MinDays {
		return badInputf("--keep-days %d: give a number from 1", c.KeepDays)
	}
	st, done, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	p := newProgress("forget")
	defer p.Done()
	return st.Alone(ctx, "retention", func(ctx context.Context) error {
		return retain.Pass(ctx, retain.Config{Store: st, Now: time.Now, Days: c.KeepDays, Logger: logger(0), Progress: func(ubigeo string, r retain.Run) {
			p.Set(float64(r.Done), float64(r.Days), ubigeo)
		}})
	})
}
