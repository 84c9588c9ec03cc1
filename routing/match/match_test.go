package match_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// move is a piece of a test track: along an arc from one fraction to another at
// a speed with a fix every 5 s; or, with wait, a time without a fix before it;
// or, with stand, a stay at from.
type move struct {
	arc         string
	from, to    float64
	speed       float64
	wait, stand time.Duration
	north       float64 // metres by which the fixes are off
}

func track(m *routingtest.Map, moves ...move) []match.Fix {
	var out []match.Fix
	t := noon
	for _, v := range moves {
		t = t.Add(v.wait)
		a := m.Arc(v.arc)
		l := m.Graph.Segment(a).Length
		line := m.Line(a)
		put := func(pos float64) {
			p, _ := pointAlong(line, pos, l)
			out = append(out, match.Fix{Time: t, Point: shift(p, 0, v.north), Speed: math.NaN(), Course: math.NaN(), Accuracy: math.NaN()})
			t = t.Add(5 * time.Second)
		}
		for end := t.Add(v.stand); t.Before(end); {
			put(v.from * l)
		}
		if v.stand > 0 {
			continue
		}
		for pos := v.from * l; pos < v.to*l; pos += v.speed * 5 {
			put(pos)
		}
	}
	return out
}

// letters writes the edges driven, such as "ab bc/2": half of bc and no more.
func letters(m *routingtest.Map, ts []match.Traversal) string {
	var b strings.Builder
	for _, e := range match.Edges(m.Graph, ts, 0.9) {
		l := m.Graph.Segment(e.Arc).Length
		if e.To-e.From < 5 {
			continue // noise at a junction
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ReplaceAll(m.Letters([]routing.Arc{e.Arc}), "-", ""))
		if (e.To-e.From)/l < 0.8 {
			b.WriteString("/2")
		}
	}
	return b.String()
}

// grid is drawn so that no two streets are closer than 100 m.
func grid() *routingtest.Map {
	return routingtest.Draw(`
		a---b---c---d
		|   |   |   |
		|   |   |   |
		|   |   |   |
		e---f->-g---h
		|   |   |   |
		|   |   |   |
		|   |   |   |
		i---j---k---l
	`)
}

func TestMatch(t *testing.T) {
	tests := []struct {
		name   string
		mode   routing.Mode
		moves  []move
		want   string
		breaks int
	}{
		{"straight on", routing.Car, []move{{arc: "ab", to: 1, speed: 6}, {arc: "bc", to: 1, speed: 6}, {arc: "cd", to: 1, speed: 6}}, "ab bc cd", 0},
		{"round a corner", routing.Car, []move{{arc: "ab", to: 1, speed: 6}, {arc: "bf", to: 1, speed: 6}, {arc: "fe", to: 1, speed: 6}}, "ab bf fe", 0},
		{"beside the street", routing.Car, []move{{arc: "ab", to: 1, speed: 6, north: 18}, {arc: "bc", to: 1, speed: 6, north: 15}}, "ab bc", 0},
		{"along a one-way", routing.Car, []move{{arc: "ef", to: 1, speed: 6}, {arc: "fg", to: 1, speed: 6}, {arc: "gh", to: 1, speed: 6}}, "ef fg gh", 0},
		{"on foot against a one-way", routing.Foot, []move{{arc: "hg", to: 1, speed: 1.4}, {arc: "gf", to: 1, speed: 1.4}, {arc: "fe", to: 1, speed: 1.4}}, "hg gf fe", 0},
		{"turns round in the street", routing.Car, []move{{arc: "ab", to: 0.75, speed: 6}, {arc: "ba", from: 0.25, to: 1, speed: 6}}, "ab/2 ba/2", 0},
		{"turns round at a dead end and back", routing.Car, []move{{arc: "ba", to: 1, speed: 6}, {arc: "ab", to: 1, speed: 6}, {arc: "bc", to: 1, speed: 6}}, "ba ab bc", 0},
		{"stands on the way", routing.Car, []move{{arc: "ab", to: 0.5, speed: 6}, {arc: "ab", from: 0.5, stand: 10 * time.Minute}, {arc: "ab", from: 0.52, to: 1, speed: 6}, {arc: "bc", to: 1, speed: 6}}, "ab bc", 0},
		{"far from any street", routing.Car, []move{{arc: "ab", to: 1, speed: 6, north: 70}}, "", 0},
		{"a minute off the map", routing.Car, []move{{arc: "ab", to: 1, speed: 6}, {arc: "bc", to: 1, speed: 3, north: 70}, {arc: "cd", to: 1, speed: 6}}, "ab cd", 1},
		{"a gap with one way only", routing.Car, []move{{arc: "ab", to: 0.6, speed: 6}, {arc: "cd", from: 0.4, to: 1, speed: 6, wait: 65 * time.Second}}, "ab bc cd", 1},
		{"a gap with two ways", routing.Car, []move{{arc: "ab", to: 0.6, speed: 6}, {arc: "gh", from: 0.4, to: 1, speed: 6, wait: 90 * time.Second}}, "ab/2 gh/2", 1},
		{"a gap too long for a bridge", routing.Car, []move{{arc: "ab", to: 0.6, speed: 6}, {arc: "cd", from: 0.4, to: 1, speed: 6, wait: 10 * time.Minute}}, "ab/2 cd/2", 1},
		{"sparse fixes through a one-way street", routing.Car, []move{{arc: "ef", to: 1, speed: 20}, {arc: "fg", to: 1, speed: 20}, {arc: "gh", to: 1, speed: 20}}, "ef fg gh/2", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := grid()
			x, err := match.New(m.Graph, match.DefaultConfig(tt.mode))
			if err != nil {
				t.Fatal(err)
			}
			var ts []match.Traversal
			for _, f := range track(m, tt.moves...) {
				out, err := x.Feed(f)
				if err != nil {
					t.Fatal(err)
				}
				ts = append(ts, out...)
			}
			ts = append(ts, x.Flush()...)
			if got := letters(m, ts); got != tt.want {
				t.Errorf("matched %q, want %q\n%+v", got, tt.want, ts)
			}
			if got := x.Stats().Breaks; got != tt.breaks {
				t.Errorf("%d breaks, want %d", got, tt.breaks)
			}
		})
	}
}

func TestStayIsKnownWhileItLasts(t *testing.T) {
	m := grid()
	x, err := match.New(m.Graph, match.DefaultConfig(routing.Car))
	if err != nil {
		t.Fatal(err)
	}
	var stayed time.Duration
	fixes := track(m, move{arc: "ab", to: 0.5, speed: 6}, move{arc: "ab", from: 0.5, stand: 10 * time.Minute})
	for _, f := range fixes {
		ts, err := x.Feed(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range ts {
			if v.From == v.To {
				stayed += v.End.Sub(v.Start)
			}
		}
	}
	if stayed < 7*time.Minute {
		t.Errorf("of 10 min standing, %v are known before it moves on", stayed)
	}
	for _, v := range x.Flush() {
		if v.From == v.To {
			stayed += v.End.Sub(v.Start)
		}
	}
	if stayed < 9*time.Minute+30*time.Second || stayed > 10*time.Minute+10*time.Second {
		t.Errorf("stood for 10 min, matched %v", stayed)
	}
}

func TestJumps(t *testing.T) {
	m := grid()
	clean := track(m, move{arc: "ab", to: 1, speed: 6}, move{arc: "bc", to: 1, speed: 6}, move{arc: "cd", to: 1, speed: 6})
	for _, at := range []int{3, 7, 12} {
		fixes := append([]match.Fix(nil), clean...)
		fixes[at].Point = m.Nodes[m.Node("k")].Point // 400 m away
		cfg := match.DefaultConfig(routing.Car)
		x, err := match.New(m.Graph, cfg)
		if err != nil {
			t.Fatal(err)
		}
		var ts []match.Traversal
		for _, f := range fixes {
			out, err := x.Feed(f)
			if err != nil {
				t.Fatal(err)
			}
			ts = append(ts, out...)
		}
		ts = append(ts, x.Flush()...)
		if got := letters(m, ts); got != "ab bc cd" || x.Stats().Outliers != 1 {
			t.Errorf("with fix %d thrown to k: %q, %d outliers", at, got, x.Stats().Outliers)
		}
	}
}

// TestStalePlaces has a receiver repeat a place that it passed, late: the unit
// neither went back nor round the block.
func TestStalePlaces(t *testing.T) {
	m := grid()
	clean := track(m, move{arc: "ab", to: 1, speed: 9}, move{arc: "bf", to: 1, speed: 9}, move{arc: "fg", to: 1, speed: 9})
	for at := 4; at < len(clean)-2; at++ {
		fixes := append([]match.Fix(nil), clean...)
		stale := fixes[at-4] // 180 m back
		stale.Time = fixes[at].Time.Add(time.Second)
		fixes = slices.Insert(fixes, at+1, stale)
		for name, cfg := range map[string]match.Config{"on line": match.DefaultConfig(routing.Car), "off line": match.DefaultConfig(routing.Car).OffLine()} {
			ts, err := match.Match(m.Graph, cfg, fixes)
			if err != nil {
				t.Fatal(err)
			}
			if got := letters(m, ts); got != "ab bf fg" {
				t.Errorf("%s, fix %d told again after fix %d: %q", name, at-4, at, got)
			}
		}
	}
}

// TestCorrectCountsLength holds the score against tracks that turn round.
func TestCorrectCountsLength(t *testing.T) {
	once := []match.Edge{{Arc: 0, From: 0, To: 100}}
	twice := []match.Edge{{Arc: 0, From: 0, To: 60}, {Arc: 1, From: 40, To: 60}, {Arc: 0, From: 40, To: 100}}
	for _, tt := range []struct {
		name    string
		a, b    []match.Edge
		correct float64
	}{
		{"turning round or not", twice, once, 100},
		{"the same", twice, twice, 140},
		{"another direction", once, []match.Edge{{Arc: 1, From: 0, To: 100}}, 0},
		{"apart", once, []match.Edge{{Arc: 0, From: 100, To: 120}}, 0},
	} {
		if got := match.Correct(tt.a, tt.b); math.Abs(got-tt.correct) > 1e-9 {
			t.Errorf("%s: %v m, want %v", tt.name, got, tt.correct)
		}
		if got := match.Correct(tt.b, tt.a); math.Abs(got-tt.correct) > 1e-9 {
			t.Errorf("%s, the other way: %v m, want %v", tt.name, got, tt.correct)
		}
	}
}

func TestOffLineBridgesWhereOnLineDoesNot(t *testing.T) {
	m := grid()
	fixes := track(m, move{arc: "ab", to: 0.6, speed: 6}, move{arc: "cd", from: 0.4, to: 1, speed: 6, wait: 5 * time.Minute})
	for name, tt := range map[string]struct {
		cfg  match.Config
		want int
	}{"on line": {match.DefaultConfig(routing.Car), 0}, "off line": {match.DefaultConfig(routing.Car).OffLine(), 1}} {
		x, err := match.New(m.Graph, tt.cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fixes {
			if _, err := x.Feed(f); err != nil {
				t.Fatal(err)
			}
		}
		for _, v := range x.Flush() {
			if v.Posterior > 0.95 && v.Arc == m.Arc("bc") {
				t.Errorf("%s: sure of the street in the gap: %v", name, v.Posterior)
			}
		}
		if got := x.Stats().Bridges; got != tt.want {
			t.Errorf("%s: %d bridges, want %d", name, got, tt.want)
		}
	}
}

func TestRefusesAndStaysAsItWas(t *testing.T) {
	m := grid()
	fixes := track(m, move{arc: "ab", to: 1, speed: 6}, move{arc: "bf", to: 1, speed: 6})
	want, err := match.Match(m.Graph, match.DefaultConfig(routing.Car), fixes)
	if err != nil {
		t.Fatal(err)
	}
	x, err := match.New(m.Graph, match.DefaultConfig(routing.Car))
	if err != nil {
		t.Fatal(err)
	}
	var got []match.Traversal
	for i, f := range fixes {
		ts, err := x.Feed(f)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ts...)
		if i == 0 {
			continue
		}
		for _, bad := range []struct {
			fix  match.Fix
			want error
		}{
			{f, match.ErrTime},
			{fixes[i-1], match.ErrTime},
			{match.Fix{Time: f.Time.Add(time.Second), Point: orb.Point{math.NaN(), 0}}, match.ErrFix},
			{match.Fix{Time: f.Time.Add(time.Second), Point: orb.Point{0, 512}}, match.ErrFix},
			{match.Fix{Point: f.Point}, match.ErrFix},
		} {
			if ts, err := x.Feed(bad.fix); !errors.Is(err, bad.want) || ts != nil {
				t.Fatalf("fed %+v: %v, %v; want %v", bad.fix, ts, err, bad.want)
			}
		}
	}
	got = append(got, x.Flush()...)
	if diff := cmp.Diff(want, got, cmp.Comparer(sameFloat)); diff != "" {
		t.Error(diff)
	}
	if again := x.Flush(); len(again) != 0 {
		t.Errorf("a second flush gives %v", again)
	}
}

func sameFloat(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func TestConfigCheck(t *testing.T) {
	for name, change := range map[string]func(*match.Config){
		"no radius":       func(c *match.Config) { c.Radius = 0 },
		"sigma NaN":       func(c *match.Config) { c.Sigma = math.NaN() },
		"negative lag":    func(c *match.Config) { c.Lag = -1 },
		"mode":            func(c *match.Config) { c.Mode = 9 },
		"negative turns":  func(c *match.Config) { c.UTurn = -1 },
		"NaN aside":       func(c *match.Config) { c.Aside = math.NaN() },
		"negative memory": func(c *match.Config) { c.Memory = -1 },
	} {
		c := match.DefaultConfig(routing.Car)
		change(&c)
		if _, err := match.New(grid().Graph, c); !errors.Is(err, match.ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever is fed, traversals are sound: on arcs that the mode may use, within
// them, in the order of time, and never faster than the parameters allow.
func TestTraversalsAreSound(t *testing.T) {
	g := routingtest.City(routingtest.Usual(9, 7, 7))
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		mode := rapid.SampledFrom(routing.Modes[:]).Draw(t, "mode")
		d := drive{speed: 1 + 12*r.Float64(), interval: time.Duration(1+r.IntN(40)) * time.Second, noise: 30 * r.Float64(), report: r.IntN(2) == 0, stops: 0.1}
		fixes, _ := d.fixes(g, wander(g, mode, r, 15), r)
		var odd []match.Fix
		shift := time.Duration(0)
		for _, f := range fixes {
			switch r.IntN(30) {
			case 0:
				f.Point = orb.Point{f.Point[0] + 0.004*r.NormFloat64(), f.Point[1] + 0.004*r.NormFloat64()}
			case 1:
				shift += time.Duration(r.IntN(400)) * time.Second
			case 2:
				continue
			}
			f.Time = f.Time.Add(shift)
			odd = append(odd, f)
		}
		cfg := match.DefaultConfig(mode)
		ts, err := match.Match(g, cfg, odd)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range ts {
			switch {
			case !g.Allowed(v.Arc, mode):
				t.Fatalf("%d: %v may not drive along %d", i, mode, v.Arc)
			case !(v.From >= 0 && v.From <= v.To && v.To <= 1):
				t.Fatalf("%d: from %v to %v", i, v.From, v.To)
			case !(v.Posterior >= 0 && v.Posterior <= 1):
				t.Fatalf("%d: posterior %v", i, v.Posterior)
			case v.End.Before(v.Start) || i > 0 && v.Start.Before(ts[i-1].End):
				t.Fatalf("%d: %v to %v after %v", i, v.Start, v.End, ts[max(0, i-1)].End)
			case i > 0 && v.Start.Equal(ts[i-1].End) && v.Arc == ts[i-1].Arc && v.From < ts[i-1].To && v.From > 0:
				t.Fatalf("%d: goes back from %v to %v on one arc", i, ts[i-1].To, v.From)
			case i > 0 && v.Start.Equal(ts[i-1].End) && geoDistance(g, ts[i-1].Arc, ts[i-1].To, v.Arc, v.From) > 0.01:
				t.Fatalf("%d: arcs %d and %d do not meet", i, ts[i-1].Arc, v.Arc)
			}
		}
	})
}

// geoDistance gives the metres between two places, each a fraction of an arc.
func geoDistance(g *routing.Graph, a routing.Arc, fa float64, b routing.Arc, fb float64) float64 {
	p, _ := pointAlong(g.Line(a), fa*g.Segment(a).Length, g.Segment(a).Length)
	q, _ := pointAlong(g.Line(b), fb*g.Segment(b).Length, g.Segment(b).Length)
	return geo.Distance(p, q)
}
