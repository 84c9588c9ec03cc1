package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/daily"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
)

// benchReviewCmd fills a scratch store with a simulated fleet's positions and
// measures how long a joint review takes: the facts of days from the positions,
// and the review of a period from the facts.
type benchReviewCmd struct {
	benchRoundsCmd
	Period   int           `help:"Days of the period that is reviewed; it is compared with as many before, and a year before." default:"92"`
	RawDays  int           `help:"Days that are driven and made from positions; the others repeat their facts." default:"2"`
	Interval time.Duration `help:"Between fixes of a moving unit." default:"5s"`
}

// benchReview is what bench review finds.
type benchReview struct {
	Units        int     `json:"units"`
	RawDays      int     `json:"raw_days"`
	Fixes        int     `json:"fixes"` // of these days
	FixesPerDay  int     `json:"fixes_per_day"`
	RawS         float64 `json:"raw_s"`          // facts of these days from their positions, on all cores
	RawCPUS      float64 `json:"raw_cpu_s"`      // processor time of the same, the database's aside
	RawPerDayS   float64 `json:"raw_per_day_s"`  // of these, a day
	PeriodRawS   float64 `json:"period_raw_s"`   // the whole period at this rate; measured when raw_days is the period
	FactsBytes   int     `json:"facts_bytes"`    // kept of the mean day
	PeriodDays   int     `json:"period_days"`    //
	Compared     int     `json:"compared_days"`  // before, and a year before
	ReviewS      float64 `json:"review_s"`       // from facts
	ReviewCPUS   float64 `json:"review_cpu_s"`   // processor time of the same
	ReviewHeapMB float64 `json:"review_heap_mb"` // largest heap meanwhile, as sampled
	Cores        int     `json:"cores"`
}

// Run plans a shift, drives it day after day, and measures.
func (c *benchReviewCmd) Run(ctx context.Context) error {
	switch {
	case c.Period < 1 || c.Period > review.MaxDays || c.RawDays < 1 || c.RawDays > c.Period:
		return badInputf("--period %d --raw-days %d: want 1 ≤ raw days ≤ period ≤ %d", c.Period, c.RawDays, review.MaxDays)
	case c.Interval < time.Second || c.Interval > 10*time.Minute:
		return badInputf("--interval is %v; want 1s to 10m", c.Interval)
	}
	c.fleetOr(14, 0)
	in, err := c.input(ctx)
	if err != nil {
		return err
	}
	plan, _, err := timedDraft(ctx, in, c.clock(), c.Seconds, "planning")
	if err != nil {
		return draftError(err)
	}
	dir, err := os.MkdirTemp("", "serenazgo-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	st, err := store.Open(ctx, store.Config{Data: dir})
	if err != nil {
		return err
	}
	defer st.Close()
	b := &reviewBench{cmd: c, in: in, plan: plan, st: st, out: benchReview{Units: len(in.Units), RawDays: c.RawDays, PeriodDays: c.Period, Cores: runtime.GOMAXPROCS(0)}}
	if err := b.run(ctx); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(b.out)
	}
	o := b.out
	fmt.Printf("%d units, %d positions a day; on %d cores the facts of a day take %.1f s, of %d days %.0f s\n", o.Units, o.FixesPerDay, o.Cores, o.RawPerDayS, o.PeriodDays, o.PeriodRawS)
	fmt.Printf("facts of a day take %d KB; the review of %d days beside %d others takes %.2f s and %.0f MB\n", o.FactsBytes>>10, o.PeriodDays, o.Compared, o.ReviewS, o.ReviewHeapMB)
	return nil
}

// reviewBench is a run of it.
type reviewBench struct {
	cmd   *benchReviewCmd
	in    patrol.DraftInput
	plan  patrol.Plan
	st    *store.Store
	m     *daily.Maker
	dates []string // of the days that are driven
	out   benchReview
}

func (b *reviewBench) run(ctx context.Context) error {
	d := b.in.District
	if err := b.st.SaveDistrict(ctx, d); err != nil {
		return err
	}
	for _, u := range b.in.Units {
		u.Ubigeo, u.Device, u.Active, u.Shifts = d.Ubigeo, sim.DeviceOf(u.ID), true, nil
		if err := b.st.SaveUnit(ctx, u); err != nil {
			return err
		}
	}
	date, _, err := b.in.Shift.ID.Split()
	if err != nil {
		return err
	}
	last, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return err
	}
	now := last.AddDate(0, 0, 3)
	w := watch.New(watch.Config{Source: b.st, Now: func() time.Time { return now }, Emit: func(watch.Event) {},
		Streets: func(context.Context, fleet.District, [2]time.Time) (*routing.Graph, string, error) {
			return b.in.Graph, b.in.Streets, nil
		}})
	b.m = &daily.Maker{Source: b.st, Watch: w, Profile: review.Profile{ID: "bench/1", Bands: review.DefaultBands(), Terms: review.DefaultTerms()}, Now: func() time.Time { return now }}
	for i := range b.cmd.RawDays {
		b.dates = append(b.dates, last.AddDate(0, 0, i-b.cmd.RawDays+1).Format(time.DateOnly))
		for k, def := range fleet.DefaultShifts() {
			s, err := def.On(b.dates[i], b.in.Loc)
			if err != nil {
				return err
			}
			if err := b.drive(ctx, s, b.cmd.Seed+int64(3*i+k)); err != nil {
				return err
			}
		}
	}
	b.out.FixesPerDay = b.out.Fixes / b.cmd.RawDays
	begun, used := time.Now(), newCPUClock()
	if err := b.m.MakeAll(ctx, d.Ubigeo, b.dates, func(date string) { fmt.Fprintln(os.Stderr, "facts of", date, "made") }); err != nil {
		return err
	}
	b.out.RawS, b.out.RawCPUS = time.Since(begun).Seconds(), used.Seconds()
	b.out.RawPerDayS = b.out.RawS / float64(b.cmd.RawDays)
	b.out.PeriodRawS = b.out.RawPerDayS * float64(b.cmd.Period)
	return b.review(ctx, last)
}

// drive has the fleet drive the plan in a shift and keeps what it reports.
func (b *reviewBench) drive(ctx context.Context, s fleet.Shift, seed int64) error {
	plan := sim.Rebase(b.plan, s.Start)
	plan.ID, plan.Shift, plan.State = "", s.ID, patrol.Published
	if _, err := b.st.SavePlan(ctx, plan); err != nil {
		return err
	}
	f, err := sim.New(sim.Config{Plan: plan, Seed: seed, Interval: b.cmd.Interval})
	if err != nil {
		return err
	}
	unitOf := map[string]string{}
	for _, id := range f.Units() {
		unitOf[f.Device(id)] = id
	}
	var fixes []fleet.Fix
	for _, m := range f.Messages() {
		for _, x := range (mqtt.Native{}).Decode(m.Payload).Fixes {
			x.Ubigeo, x.Device, x.Unit, x.Received = b.in.District.Ubigeo, m.Device, unitOf[m.Device], m.At
			fixes = append(fixes, x)
		}
	}
	const batch = 10_000
	for ; len(fixes) > 0; fixes = fixes[min(batch, len(fixes)):] {
		new, err := b.st.StoreFixes(ctx, fixes[:min(batch, len(fixes))])
		if err != nil {
			return err
		}
		b.out.Fixes += len(new)
	}
	return nil
}

// review repeats the facts over the period and those it is compared with, and
// times the review.
func (b *reviewBench) review(ctx context.Context, last time.Time) error {
	ubigeo := b.in.District.Ubigeo
	kept, err := b.st.ReviewDays(ctx, ubigeo, b.dates[0], b.dates[len(b.dates)-1])
	if err != nil {
		return err
	}
	for _, k := range kept {
		b.out.FactsBytes += len(k.Body) / len(kept)
	}
	q := review.Query{Period: review.Period{From: last.AddDate(0, 0, 1-b.cmd.Period).Format(time.DateOnly), To: last.Format(time.DateOnly)}}
	n := 0
	for _, p := range []review.Period{q.Period, q.Before(), q.YearBefore()} {
		for _, date := range p.Dates() {
			n++
			if err := b.repeat(ctx, kept[n%len(kept)], date); err != nil {
				return err
			}
		}
	}
	b.out.Compared = n - b.cmd.Period
	runtime.GC()
	stop, most := make(chan struct{}), make(chan uint64)
	go sampleHeap(stop, most)
	begun, used := time.Now(), newCPUClock()
	_, err = b.m.Review(ctx, ubigeo, q)
	b.out.ReviewS, b.out.ReviewCPUS = time.Since(begun).Seconds(), used.Seconds()
	close(stop)
	b.out.ReviewHeapMB = float64(<-most) / (1 << 20)
	return err
}

// repeat keeps the facts of a day as those of another one.
func (b *reviewBench) repeat(ctx context.Context, k review.Kept, date string) error {
	day, err := review.DecodeDay(k.Body)
	if err != nil || day.Date == date {
		return err
	}
	from, err := time.Parse(time.DateOnly, day.Date)
	if err != nil {
		return err
	}
	to, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return err
	}
	by := to.Sub(from)
	day.Date = date
	for i := range day.Shifts {
		s := &day.Shifts[i]
		s.ID, s.Start, s.End = fleet.ShiftID(date+"/"+s.Code), s.Start.Add(by), s.End.Add(by)
	}
	body, err := day.Encode()
	if err != nil {
		return err
	}
	mark, err := b.st.BeginReviewDay(ctx, b.in.District.Ubigeo, date, day.Shifts[0].Start, day.Shifts[len(day.Shifts)-1].End)
	if err != nil {
		return err
	}
	k.Date, k.Mark, k.Body = date, mark, body
	return b.st.SaveReviewDay(ctx, b.in.District.Ubigeo, k)
}

// sampleHeap gives the largest heap until stop, in bytes.
func sampleHeap(stop <-chan struct{}, most chan<- uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var top uint64
	for {
		metrics.Read(sample)
		top = max(top, sample[0].Value.Uint64())
		select {
		case <-stop:
			most <- top
			return
		case <-tick.C:
		}
	}
}
