package hotspots

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func lima(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestSeriesOf(t *testing.T) {
	loc := lima(t)
	on := func(day string) Incident {
		at, err := time.ParseInLocation("2006-01-02 15:04", day, loc)
		if err != nil {
			t.Fatal(err)
		}
		return Incident{At: at}
	}
	ins := []Incident{on("2025-01-20 10:00"), on("2025-02-28 23:59"), on("2026-01-31 23:59"), on("2026-02-01 00:00"), on("2026-02-14 05:00"), on("2026-03-01 00:30"), on("2026-03-20 00:00")}
	until := on("2026-03-10 12:00").At
	two := func(p []Period) (out [][4]int) { // count, before, year ago, open
		for _, x := range p {
			row := [4]int{x.Count, -1, -1, 0}
			if x.Before != nil {
				row[1] = *x.Before
			}
			if x.YearAgo != nil {
				row[2] = *x.YearAgo
			}
			if x.Open {
				row[3] = 1
			}
			out = append(out, row)
		}
		return out
	}
	tests := []struct {
		name string
		step Step
		n    int
		want [][4]int
	}{
		{"months", Monthly, 3, [][4]int{{1, 0, -1, 0}, {2, 1, 1, 0}, {1, 2, 0, 1}}},
		{"nothing is compared with a month recorded in part", Monthly, 15, append([][4]int{{1, -1, -1, 0}, {1, -1, -1, 0}, {0, 1, -1, 0}},
			[][4]int{{0, 0, -1, 0}, {0, 0, -1, 0}, {0, 0, -1, 0}, {0, 0, -1, 0}, {0, 0, -1, 0}, {0, 0, -1, 0}, {0, 0, -1, 0}, {0, 0, -1, 0}, {0, 0, -1, 0}, {1, 0, -1, 0}, {2, 1, 1, 0}, {1, 2, 0, 1}}...)},
		{"weeks begin on Monday", Weekly, 2, [][4]int{{0, 1, 0, 0}, {0, 0, 0, 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, two(SeriesOf(ins, Choice{}, tt.step, until, tt.n, loc))); d != "" {
				t.Error(d)
			}
		})
	}
	if p := SeriesOf(nil, Choice{}, Weekly, until, 1, loc)[0]; p.Count != 0 || p.Before != nil || p.YearAgo != nil {
		t.Errorf("without incidents: %+v", p)
	}

	// The record is of the district: a sector that had nothing at first had none.
	for i := range ins {
		if !ins[i].At.Before(on("2026-03-01 00:00").At) {
			ins[i].Point = orb.Point{1, 0}
		}
	}
	east := Choice{In: func(p orb.Point) bool { return p[0] > 0.5 }}
	if d := cmp.Diff([][4]int{{0, 0, -1, 0}, {0, 0, 0, 0}, {1, 0, 0, 1}}, two(SeriesOf(ins, east, Monthly, until, 3, loc))); d != "" {
		t.Errorf("a sector with its first incident in March: %s", d)
	}
	ins = append(ins, on("2025-01-01 00:00"))
	if p := SeriesOf(ins, east, Monthly, until, 3, loc)[0]; p.YearAgo == nil || *p.YearAgo != 0 {
		t.Errorf("a record from the first moment of a month does not hold that month: %+v", p)
	}
}

func TestChoice(t *testing.T) {
	ins := []Incident{{Key: "a", Type: [3]string{"Robo"}, Point: orb.Point{1, 0}}, {Key: "b", Type: [3]string{"Hurto"}, Point: orb.Point{1, 0}}, {Key: "c", Type: [3]string{"Robo"}}}
	west := func(p orb.Point) bool { return p[0] < 0.5 }
	for _, tt := range []struct {
		name string
		c    Choice
		want string
	}{{"all", Choice{}, "abc"}, {"group", Choice{Group: "robo"}, "ac"}, {"place", Choice{In: west}, "c"}, {"both", Choice{In: west, Group: "hurto"}, ""}} {
		got := ""
		for _, in := range tt.c.Of(ins) {
			got += in.Key
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// world draws weeks of robberies in sectors one degree wide.
func world(r *rand.Rand, rates []float64, spread float64, end time.Time) []Incident {
	var out []Incident
	for s, rate := range rates {
		for w := range noticeWeeks + 1 {
			m := rate
			if spread > 0 { // uniform with the variance spread·rate²
				m *= 1 + math.Sqrt(3*spread)*(2*r.Float64()-1)
			}
			n, p := 0, r.Float64() // Poisson by inversion
			for q := math.Exp(-m); p > q; n++ {
				p -= q
				q *= m / float64(n+1)
			}
			for range n {
				out = append(out, Incident{Type: [3]string{"Robo"}, Point: orb.Point{float64(s)}, At: end.AddDate(0, 0, -7*w).Add(-time.Duration(1 + r.Int64N(int64(7*24*time.Hour)-1)))})
			}
		}
	}
	// The record begins before the weeks that are compared.
	return append(out, Incident{Type: [3]string{"Otro"}, Point: orb.Point{-5}, At: end.AddDate(0, 0, -7*(noticeWeeks+1)).Add(-time.Hour)})
}

func bands(n int) []func(orb.Point) bool {
	out := make([]func(orb.Point) bool, n)
	for i := range out {
		out[i] = func(p orb.Point) bool { return p[0] == float64(i) }
	}
	return out
}

// TestUnusualWeekIsHonest: where nothing changed, hardly more worlds have a
// notice than the share of false ones allows, also with counts that spread.
func TestUnusualWeekIsHonest(t *testing.T) {
	end := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	rates := []float64{0.2, 0.5, 1, 2, 3, 3, 5, 8, 12, 20}
	for _, spread := range []float64{0, 0.15} {
		r := rand.New(rand.NewPCG(1, 2))
		const worlds = 300
		any := 0
		for range worlds {
			if len(UnusualWeek(world(r, rates, spread, end), bands(len(rates)), end, time.UTC).Notices) > 0 {
				any++
			}
		}
		// Four standard errors above the share.
		if limit := worlds * (FalseNotices + 4*math.Sqrt(FalseNotices*(1-FalseNotices)/worlds)); float64(any) > limit {
			t.Errorf("spread %g: %d of %d quiet worlds have a notice, want at most %.0f", spread, any, worlds, limit)
		}
	}
}

func TestUnusualWeekFinds(t *testing.T) {
	end := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	rates := []float64{3, 3, 3, 3, 3, 3}
	r := rand.New(rand.NewPCG(3, 4))
	found := 0
	const worlds = 100
	for range worlds {
		ins := world(r, rates, 0, end)
		for range 10 { // sector 4 has ten more
			ins = append(ins, Incident{Type: [3]string{"Robo"}, Point: orb.Point{4}, At: end.Add(-time.Hour)})
		}
		for _, n := range UnusualWeek(ins, bands(6), end, time.UTC).Notices {
			if n.Area == 4 && n.Group == "robo" && n.Count > 9 && n.Expected > 1 && n.Expected < 6 {
				found++
			}
		}
	}
	if found < 90 {
		t.Errorf("ten more than the usual three are noticed in %d of %d worlds", found, worlds)
	}
}

func TestUnusualWeekEdges(t *testing.T) {
	end := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	many := func(n int, origin Origin, at time.Time) (out []Incident) {
		for range n {
			out = append(out, Incident{Type: [3]string{"Robo"}, At: at, Origin: origin})
		}
		return out
	}
	old := Incident{Type: [3]string{"Otro"}, Point: orb.Point{-5}, At: end.AddDate(0, 0, -7*20)}
	for _, tt := range []struct {
		name         string
		ins          []Incident
		weeks, found int
	}{
		{"nothing", nil, 0, 0},
		{"too short a history", many(30, OriginCall, end.AddDate(0, 0, -1)), 0, 0},
		{"a sudden heap", append(many(9, OriginCall, end.AddDate(0, 0, -1)), old), 19, 1},
		{"patrols found them", append(many(9, OriginPatrol, end.AddDate(0, 0, -1)), old), 19, 0},
		{"the week's end is not in it", append(many(9, OriginCall, end), old), 19, 0},
		{"its start is", append(many(9, OriginCall, end.AddDate(0, 0, -7)), old), 19, 1},
		{"just before is not", append(many(9, OriginCall, end.AddDate(0, 0, -7).Add(-1)), old), 19, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u := UnusualWeek(tt.ins, bands(1), end, time.UTC)
			if u.Weeks != tt.weeks || len(u.Notices) != tt.found {
				t.Errorf("%d weeks, %+v; want %d weeks and %d notices", u.Weeks, u.Notices, tt.weeks, tt.found)
			}
		})
	}
}
