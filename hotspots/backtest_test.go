package hotspots

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// busyPlaces makes incidents over days days before and after 2025-01-01, most of them
// in a few places, and by night more in the first of them.
func busyPlaces(seed uint64, n, days int) []Incident {
	r := rand.New(rand.NewPCG(seed, 1))
	places := []orb.Point{{-79.004, -8.066}, {-78.998, -8.069}, {-79.0, -8.072}}
	var out []Incident
	for range n {
		at := time.Date(2024, 7, 1, 6, 0, 0, 0, time.UTC).Add(time.Duration(r.Float64() * float64(days) * 24 * float64(time.Hour)))
		p := orb.Point{-79.006 + 0.012*r.Float64(), -8.076 + 0.012*r.Float64()}
		if k := r.IntN(5); k < 3 {
			if at.Hour() >= 22 || at.Hour() < 6 {
				k = 0
			}
			p = places[k]
		}
		out = append(out, Incident{At: at, Point: p})
	}
	return out
}

func backtestOf(t testing.TB, incidents []Incident, models ...string) Backtest {
	date := func(s string) time.Time { return clock(t, s+" 00:00", time.UTC) }
	return Backtest{Grid: mustGrid(t, orb.MultiPolygon{box(-79, -8.07, 0.012)}, 10), Incidents: incidents, Models: models,
		Fit: DayRange{date("2024-10-01"), date("2024-12-01")}, Test: DayRange{date("2024-12-01"), date("2025-01-30")}}
}

func TestBacktest(t *testing.T) {
	b := backtestOf(t, busyPlaces(1, 2000, 240))
	said := map[string]string{}
	b.Log = func(model, say string) { said[model] = say }
	got, err := b.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, again, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("a second run differs:\n%s", diff)
	}
	if len(got.Scores) != 3*len(ModelNames) {
		t.Errorf("%d scores of %d models at three horizons", len(got.Scores), len(ModelNames))
	}
	gain := map[string]float64{}
	for _, s := range got.Scores {
		if s.Horizon == HorizonShift {
			gain[s.Model] = s.Gain
		}
		if s.HR[4] < s.HR[3] || s.HR[3] < s.HR[2] || s.HR[4] > 1 || s.PEI[2] > 1+1e-9 || s.PAI[2] < 1 {
			t.Errorf("%s, %s: %+v", s.Model, s.Horizon, s)
		}
		if ranks := s.Model == "gistar" || s.Model == "prospective"; ranks != math.IsNaN(s.Gain) {
			t.Errorf("%s gains %v", s.Model, s.Gain)
		}
	}
	if !(gain["mix_shift"] > gain["count365"] && gain["count365"] > 0) || !slices.Contains(mixtures, got.Chosen) {
		t.Errorf("chosen %s of gains %v", got.Chosen, gain)
	}
	for _, m := range []string{"expdecay", "kde", "etas1095"} {
		if said[m] == "" {
			t.Errorf("%s does not say what it fitted", m)
		}
	}
	few, err := backtestOf(t, busyPlaces(2, 150, 240)).Run(t.Context())
	if err != nil || few.Chosen != "kde" || !strings.Contains(few.Why, "fewer than 200") {
		t.Errorf("few incidents: %+v, %v", few.Chosen, err)
	}
}

// What is registered only later, and what happens after the test, must change
// nothing that is foretold before.
func TestBacktestKnowsNoFuture(t *testing.T) {
	incidents := busyPlaces(3, 1500, 214)
	b := backtestOf(t, incidents)
	want, err := b.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	last := clock(t, "2025-01-30 06:00", time.UTC)
	b.Incidents = slices.Clone(incidents)
	for _, in := range busyPlaces(4, 500, 214) { // happened long ago, known only after the test
		if in.At.Before(clock(t, "2024-10-01 06:00", time.UTC)) {
			in.Known = last.Add(time.Hour)
			b.Incidents = append(b.Incidents, in)
		}
	}
	b.Incidents = append(b.Incidents, Incident{At: last.Add(time.Minute), Point: incidents[0].Point})
	got, err := b.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.History <= want.History {
		t.Fatal("nothing was added")
	}
	if diff := cmp.Diff(want.Scores, got.Scores, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("scores differ:\n%s", diff)
	}
}

func TestBacktestRefuses(t *testing.T) {
	some := busyPlaces(5, 300, 240)
	for name, tc := range map[string]struct {
		change func(*Backtest)
		says   string
	}{
		"an unknown model":    {func(b *Backtest) { b.Models = []string{"oracle"} }, `"oracle"`},
		"an empty fit":        {func(b *Backtest) { b.Fit.To = b.Fit.From }, "fit period"},
		"an empty test":       {func(b *Backtest) { b.Test.To = b.Test.From }, "test period"},
		"a test within a fit": {func(b *Backtest) { b.Test.From = b.Fit.From }, "must not know"},
		"nothing inside":      {func(b *Backtest) { b.Incidents = []Incident{{At: b.Test.From, Point: orb.Point{2, 48}}} }, "within the boundary"},
		"no history":          {func(b *Backtest) { b.Fit.From = b.Fit.From.AddDate(-2, 0, 0) }, "before the fit"},
		"nothing to foretell": {func(b *Backtest) {
			b.Test = DayRange{b.Test.To.AddDate(1, 0, 0), b.Test.To.AddDate(2, 0, 0)}
		}, "in the test period"},
	} {
		t.Run(name, func(t *testing.T) {
			b := backtestOf(t, some)
			tc.change(&b)
			if _, err := b.Run(t.Context()); !errors.Is(err, ErrBacktest) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want ErrBacktest with %q", err, tc.says)
			}
		})
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := backtestOf(t, some).Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// The tally against going down the ranks one by one.
func TestTally(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "cells")
		rank := make([]float64, n)
		for i := range rank {
			rank[i] = float64(rapid.IntRange(0, 5).Draw(t, "rank"))
		}
		var now []event
		count := make([]float64, n)
		for range rapid.IntRange(1, 30).Draw(t, "events") {
			c := rapid.IntRange(0, n-1).Draw(t, "cell")
			now, count[c] = append(now, event{cell: c}), count[c]+1
		}
		density := normalised(rank, 0.1)
		var got tally
		got.add(rank, density, now)
		sorted := slices.Clone(count)
		slices.Sort(sorted)
		slices.Reverse(sorted)
		for i, share := range Shares {
			// Of every run of equal cells, the mean over it for each place taken.
			k, hits, best := topCells(share, n), 0.0, 0.0
			for v := 5.0; v >= 0; v-- {
				in, sum := 0, 0.0
				for c := range rank {
					if rank[c] == v {
						in, sum = in+1, sum+count[c]
					}
				}
				if in > 0 {
					taken := min(k, in)
					k, hits = k-taken, hits+sum*float64(taken)/float64(in)
				}
			}
			for j := range topCells(share, n) {
				best += sorted[j]
			}
			if math.Abs(got.hits[i]-hits) > 1e-9 || got.best[i] != best {
				t.Fatalf("at %v: %v of %v, want %v of %v", share, got.hits[i], got.best[i], hits, best)
			}
		}
		s := got.score("m", HorizonDay, n)
		gain := 0.0
		for _, e := range now {
			gain += math.Log(density[e.cell]*float64(n)) / float64(len(now))
		}
		if math.Abs(s.Gain-gain) > 1e-9 {
			t.Fatalf("gain %v, want %v", s.Gain, gain)
		}
	})
}

// The recursion of the fit against summing over all pairs.
func TestETASFit(t *testing.T) {
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8.07, 0.012)}, 9)
	incidents := busyPlaces(6, 400, 90)
	for i := range 40 { // several at one moment
		incidents[i+40].At, incidents[i+40].Point = incidents[i].At, incidents[i].Point
	}
	h := newHistory(g, threeShifts(time.UTC), incidents)
	end := h.dayStart(clock(t, "2024-09-29 00:00", time.UTC))
	m := &etas{days: 60}
	m.fit(h, end)

	from := end - 60*3
	start := h.slots.days(from)
	span := h.slots.days(end) - start
	theta, omega := 0.3, 0.1
	times := make([][]float64, g.Len())
	h.past(from, end, end, func(e event, day float64) { times[e.cell] = append(times[e.cell], day-start) })
	steady := make([]float64, g.Len())
	for c := range steady {
		steady[c] = 0.5*float64(len(times[c]))/span + 1e-9
	}
	for range etasSteps {
		var caused, delay, edge float64
		next := make([]float64, len(steady))
		for c, ts := range times {
			for _, t := range ts {
				rate := steady[c]
				for _, u := range ts {
					if u < t {
						rate += theta * omega * math.Exp(-omega*(t-u))
					}
				}
				next[c] += steady[c] / rate
				for _, u := range ts {
					if u < t {
						p := theta * omega * math.Exp(-omega*(t-u)) / rate
						caused, delay = caused+p, delay+p*(t-u)
					}
				}
				edge += 1 - math.Exp(-omega*(span-t))
			}
		}
		omega, theta = caused/delay, caused/edge
		for c := range next {
			steady[c] = next[c] / span
		}
	}
	if math.Abs(m.theta-theta) > 1e-9 || math.Abs(m.omega-omega) > 1e-9 {
		t.Errorf("theta %v, omega %v; want %v, %v", m.theta, m.omega, theta, omega)
	}
	if diff := cmp.Diff(steady, m.steady, cmpopts.EquateApprox(1e-6, 1e-12)); diff != "" {
		t.Error(diff)
	}
}

// Gi* against its definition with a full matrix of weights.
func TestGiStar(t *testing.T) {
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8.07, 0.012)}, 9)
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, g.Len())
	for i := range x {
		x[i] = float64(r.IntN(6))
	}
	n := float64(len(x))
	mean, variance := 0.0, 0.0
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / n
	}
	for i, got := range giStars(g, x) {
		sum, w, ww := 0.0, 0.0, 0.0
		disk, err := g.Cell(i).Disk(1)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range disk {
			if j, ok := g.Index(c); ok {
				sum, w, ww = sum+x[j], w+1, ww+1
			}
		}
		want := (sum - mean*w) / (math.Sqrt(variance) * math.Sqrt((n*ww-w*w)/(n-1)))
		if math.Abs(got-want) > 1e-6 {
			t.Fatalf("cell %d: %v, want %v", i, got, want)
		}
	}
}
