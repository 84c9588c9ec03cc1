package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/api/export/evidence"
	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/daily"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/store"
)

// reviewCmd makes joint reviews, sets their bands, and verifies sessions.
type reviewCmd struct {
	Make   reviewMakeCmd   `cmd:"" default:"withargs" help:"Make the joint review of a period (the default)."`
	Bands  reviewBandsCmd  `cmd:"" help:"Show or set the bands of the traffic light."`
	Verify reviewVerifyCmd `cmd:"" help:"Tell whether the file of a session is what both sides signed."`
}

// reviewMakeCmd makes the joint review of a period.
type reviewMakeCmd struct {
	From    string `help:"First day, AAAA-MM-DD." required:"" placeholder:"DATE"`
	To      string `help:"Last day." required:"" placeholder:"DATE"`
	Sector  string `help:"Id of an area (default: the whole district)." placeholder:"ID"`
	Shift   string `help:"Code of a shift, such as noche (default: all)." placeholder:"CODE"`
	Out     string `help:"Folder in which to write it as JSON, XLSX and PDF, with the joint maps, the sessions and the forms of its shifts, and their SHA-256 sums (default: the review as JSON on standard output)." type:"path" placeholder:"DIR"`
	Zip     bool   `help:"With --out: everything in one ZIP file."`
	Brief   bool   `help:"With --out: without the forms of its shifts."`
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
	if c.Out == "" && (c.Zip || c.Brief) {
		return badInputf("--zip and --brief need --out DIR: give the folder to write into")
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
	if c.Out == "" {
		w := bufio.NewWriter(os.Stdout)
		return errors.Join(templates.OfReview(r, templates.Streets{}, time.Now()).Write(w, templates.JSON), w.Flush())
	}
	return c.writeAll(ctx, shiftPapers{st, d, m.Watch, time.Now()}, r)
}

// writeAll writes the bundle of the period.
func (c *reviewMakeCmd) writeAll(ctx context.Context, p shiftPapers, r review.Review) error {
	src, err := p.evidence(ctx, r, !c.Brief)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return badInputf("--out: %v", err)
	}
	sum := ""
	if c.Zip {
		name := evidence.Name(p.d, r.Query) + ".zip"
		err = diskFolder(c.Out).File(name, func(w io.Writer) (err error) {
			z := evidence.NewZip(w, p.made)
			if sum, err = evidence.Write(ctx, z, src); err != nil {
				return err
			}
			return z.Close()
		})
	} else {
		sum, err = evidence.Write(ctx, diskFolder(c.Out), src)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "verify in the folder with: %s\n", evidence.Verify)
	return p.st.Audit(ctx, cliRow(p.d.Ubigeo, "bundle.made", c.From+"/"+c.To, "SHA256SUMS "+sum))
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
