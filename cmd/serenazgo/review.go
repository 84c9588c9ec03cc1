package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/daily"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/store"
)

// reviewCmd makes joint reviews, and verifies sessions.
type reviewCmd struct {
	Make   reviewMakeCmd   `cmd:"" default:"withargs" help:"Make the joint review of a period (the default)."`
	Verify reviewVerifyCmd `cmd:"" help:"Tell whether the file of a session is what both sides signed."`
}

// reviewMakeCmd makes the joint review of a period.
type reviewMakeCmd struct {
	From    string `help:"First day, AAAA-MM-DD." required:"" placeholder:"DATE"`
	To      string `help:"Last day." required:"" placeholder:"DATE"`
	Sector  string `help:"Id of an area (default: the whole district)." placeholder:"ID"`
	Shift   string `help:"Code of a shift, such as noche (default: all)." placeholder:"CODE"`
	Out     string `help:"Folder in which to write it as JSON, XLSX and PDF (default: JSON on standard output)." type:"path" placeholder:"DIR"`
	Again   bool   `help:"Make the facts of all days of the period anew from their positions."`
	Profile string `help:"File of thresholds (default: the program's own)." type:"path" placeholder:"FILE"`
	storeFlags
}

// Run makes the facts of days that have none, and the review of them.
func (c *reviewMakeCmd) Run(ctx context.Context) error {
	q := review.Query{Period: review.Period{From: c.From, To: c.To}, Sector: c.Sector, Shift: c.Shift}
	if err := q.Check(); err != nil {
		return badInput(err)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	m, err := newReviewMaker(st, c.Profile, time.Now)
	if err != nil {
		return err
	}
	due, err := m.Due(ctx, d.Ubigeo, q.Period, c.Again)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	made := 0
	if err := m.MakeAll(ctx, d.Ubigeo, due, func(date string) {
		mu.Lock()
		defer mu.Unlock()
		made++
		fmt.Fprintf(os.Stderr, "facts of %s made (%d of %d)\n", date, made, len(due))
	}); err != nil {
		return err
	}
	if _, err := m.FindReached(ctx, d.Ubigeo, q.Period); err != nil {
		return err
	}
	r, err := m.Review(ctx, d.Ubigeo, q)
	if err != nil {
		if errors.Is(err, fleet.ErrNotFound) || errors.Is(err, fleet.ErrInvalid) {
			return badInput(err)
		}
		return err
	}
	if err := st.Audit(ctx, cliRow(d.Ubigeo, "review.make", c.From+"/"+c.To, c.Sector+" "+c.Shift)); err != nil {
		return err
	}
	p := templates.OfReview(r, time.Now())
	if c.Out == "" {
		w := bufio.NewWriter(os.Stdout)
		return errors.Join(p.Write(w, templates.JSON), w.Flush())
	}
	return writeReview(p, c.Out)
}

// newReviewMaker makes facts beside a running service, by the thresholds of a
// profile's file.
func newReviewMaker(st *store.Store, profile string, now func() time.Time) (*daily.Maker, error) {
	p, err := readProfile(profile)
	if err != nil {
		return nil, err
	}
	judged, asked, _, err := readThresholds(profile)
	if err != nil {
		return nil, err
	}
	bands, err := reviewProfile(p)
	if err != nil {
		return nil, badInput(err)
	}
	streets := newStreetCache(st).get
	w := watch.New(watch.Config{Source: st, Streets: streets, Coverage: judged, Compliance: asked, Now: now, Emit: func(watch.Event) {}})
	return &daily.Maker{Source: st, Watch: w, Streets: streets, Profile: bands, Now: now}, nil
}
