package patrol

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// limited is a town with every limit that a district may lay down.
func limited(t *rapid.T, tb testing.TB) DraftInput {
	seed := rapid.Uint64Range(1, 1<<16).Draw(t, "seed")
	modes := rapid.SliceOfN(rapid.SampledFrom(routing.Modes[:]), 1, 4).Draw(t, "modes")
	in := town(tb, seed, modes...)
	in.Graph = routingtest.City(routingtest.Usual(seed, 5, 5))
	all := orb.Bound{Min: in.Graph.Nodes[0].Point, Max: in.Graph.Nodes[0].Point}
	for _, n := range in.Graph.Nodes {
		all = all.Extend(n.Point)
	}
	middle := all.Center()[0]
	in.Sectors = map[string]orb.MultiPolygon{
		"oeste": {orb.Bound{Min: all.Min, Max: orb.Point{middle, all.Max[1]}}.ToPolygon()},
		"este":  {orb.Bound{Min: orb.Point{middle, all.Min[1]}, Max: all.Max}.ToPolygon()},
	}
	for i := range in.Units {
		u := &in.Units[i]
		if rapid.IntRange(0, 2).Draw(t, "bound") == 0 {
			u.Sectors = []string{rapid.SampledFrom([]string{"oeste", "este"}).Draw(t, "sector")}
		}
		if rapid.IntRange(0, 2).Draw(t, "km") == 0 {
			u.MaxKm = float64(rapid.IntRange(5, 60).Draw(t, "most"))
		}
		if rapid.IntRange(0, 2).Draw(t, "hours") == 0 {
			u.From, u.To = "23:30", "04:00"
		}
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "posts") {
		from := rapid.IntRange(0, 8*60).Draw(t, "from") + 21*60 + 30
		to := from + rapid.IntRange(5, 90).Draw(t, "long")
		p := FixedPost{ID: string(rune('a' + i)), Name: "Puesto", Place: in.Graph.Nodes[rapid.IntRange(0, len(in.Graph.Nodes)-1).Draw(t, "place")].Point,
			From: clock(from), To: clock(to)}
		if rapid.IntRange(0, 3).Draw(t, "named") == 0 {
			p.Units = []string{in.Units[0].ID}
		}
		in.Posts = append(in.Posts, p)
	}
	return in
}

func clock(minutes int) string {
	return time.Date(2026, 1, 1, 0, minutes, 0, 0, time.UTC).Format("15:04")
}

func TestDraftKeepsLimitsAndPosts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		in := limited(r, t)
		if err := CheckPosts(in.Posts); err != nil {
			r.Fatal(err)
		}
		plan, f, err := NewDraft(t.Context(), in)
		if errors.Is(err, fleet.ErrInvalid) {
			r.Skip("no unit reaches a street that it may serve")
		}
		if err != nil {
			r.Fatal(err)
		}
		vs := append(Check(plan, in.Graph, Span{in.Shift.Start, in.Shift.End}), Keeps(plan, in)...)
		missed := 0
		for _, v := range vs {
			if v.Code == EmptyRound { // nothing within its limits
				continue
			}
			if v.Code != MissedPost {
				r.Fatalf("%+v", v)
			}
			missed++
		}
		// Only what the figures say is missed; who stands between two posts keeps both.
		if missed > f.Posts-f.PostsKept {
			r.Fatalf("%d posts missed by the check, %d of %d kept by the figures", missed, f.PostsKept, f.Posts)
		}
		if f.CoveragePct > f.CoverageBoundPct+0.01 {
			r.Fatalf("coverage %g above its bound %g", f.CoveragePct, f.CoverageBoundPct)
		}
	})
}

func TestKeepsFindsWhatIsBroken(t *testing.T) {
	in := town(t, 3, routing.Car, routing.Car)
	at := in.Graph.Nodes[len(in.Graph.Nodes)/2].Point
	in.Posts = []FixedPost{{ID: "mercado", Name: "Mercado", Place: at, From: "23:45", To: "00:30"}}
	in.Units[1].MaxKm = 30
	plan, f, err := NewDraft(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if f.PostsKept != 1 || len(Keeps(plan, in)) > 0 {
		t.Fatalf("%d posts kept, %+v", f.PostsKept, Keeps(plan, in))
	}
	west := in.Graph.Nodes[0].Point[0]
	tests := []struct {
		name string
		do   func(*Plan, *DraftInput)
		want ViolationCode
	}{
		{"the post goes on longer", func(_ *Plan, in *DraftInput) { in.Posts[0].To = "00:40" }, MissedPost},
		{"the post begins earlier", func(_ *Plan, in *DraftInput) { in.Posts[0].From = "23:20" }, MissedPost},
		{"the post is elsewhere", func(_ *Plan, in *DraftInput) { in.Posts[0].Place[1] += 0.01 }, MissedPost},
		{"the post is another unit's", func(_ *Plan, in *DraftInput) { in.Posts[0].Units = []string{"Z9"} }, MissedPost},
		{"nobody is left", func(p *Plan, _ *DraftInput) { p.Rounds = nil }, MissedPost},
		{"fewer kilometres", func(_ *Plan, in *DraftInput) { in.Units[0].MaxKm = 20 }, OverKm},
		{"other hours", func(_ *Plan, in *DraftInput) { in.Units[0].From, in.Units[0].To = "22:30", "06:00" }, OutsideHours},
		{"a sector", func(_ *Plan, in *DraftInput) {
			in.Units[0].Sectors = []string{"oeste"}
			in.Sectors = map[string]orb.MultiPolygon{"oeste": {orb.Bound{Min: orb.Point{west - 1, -20}, Max: orb.Point{west + 0.001, 0}}.ToPolygon()}}
		}, OutsideSector},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, other := plan, in
			other.Posts, other.Units = slices.Clone(in.Posts), slices.Clone(in.Units)
			tt.do(&p, &other)
			vs := Keeps(p, other)
			if len(vs) != 1 || vs[0].Code != tt.want {
				t.Errorf("%+v, want one %s", vs, tt.want)
			}
		})
	}
}

func TestPostTimes(t *testing.T) {
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	// 2026-11-21 is a Saturday.
	school := FixedPost{ID: "colegio", Name: "Colegio", From: "07:30", To: "08:15", Days: []time.Weekday{1, 2, 3, 4, 5}}
	market := FixedPost{ID: "mercado", Name: "Mercado", From: "13:00", To: "15:00"}
	fair := FixedPost{ID: "feria", Name: "Feria", From: "23:30", To: "01:00", Days: []time.Weekday{time.Saturday}}
	for _, tt := range []struct {
		name  string
		post  FixedPost
		shift fleet.ShiftID
		want  string // clock times, local
	}{
		{"a school day", school, "2026-11-20/manana", "07:30-08:15"},
		{"no school on Saturday", school, "2026-11-21/manana", ""},
		{"not in the afternoon", school, "2026-11-20/tarde", ""},
		{"over the handover, first part", market, "2026-11-20/manana", "13:00-13:45"},
		{"over the handover, second part", market, "2026-11-20/tarde", "14:15-15:00"},
		{"across midnight", fair, "2026-11-21/noche", "23:30-01:00"},
		{"not the night before", fair, "2026-11-20/noche", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			shift, err := fleet.ResolveShift(tt.shift, fleet.DefaultShifts(), loc)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, p := range PostTimes([]FixedPost{tt.post}, shift, loc) {
				got += p.Start.In(loc).Format("15:04") + "-" + p.End.In(loc).Format("15:04")
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	// Of a whole day, every post comes once, but for what is split at a handover.
	day := fleet.ShiftDef{Code: "dia", Name: "Día", Start: "06:00", End: "06:00"}
	s, err := day.On("2026-11-20", loc)
	if err != nil {
		t.Fatal(err)
	}
	if got := PostTimes([]FixedPost{school, market}, s, loc); len(got) != 2 {
		t.Errorf("%d times on a day, want 2", len(got))
	}
}

func TestCheckPosts(t *testing.T) {
	good := FixedPost{ID: "colegio-1", Name: "Colegio", Place: orb.Point{-79, -8}, From: "07:30", To: "08:15", Units: []string{"C01"}}
	if err := CheckPosts([]FixedPost{good}); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*FixedPost){
		"id":    func(p *FixedPost) { p.ID = "Colegio 1" },
		"name":  func(p *FixedPost) { p.Name = "  " },
		"place": func(p *FixedPost) { p.Place = orb.Point{-790, -8} },
		"clock": func(p *FixedPost) { p.To = "24:00" },
		"long":  func(p *FixedPost) { p.From, p.To = "06:00", "19:00" },
		"day":   func(p *FixedPost) { p.Days = []time.Weekday{1, 1} },
		"unit":  func(p *FixedPost) { p.Units = []string{"C 01"} },
	} {
		bad := good
		change(&bad)
		var m PostMistake
		if err := CheckPosts([]FixedPost{bad}); !errors.As(err, &m) || m.What != what || !errors.Is(err, fleet.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	var m PostMistake
	if err := CheckPosts([]FixedPost{good, good}); !errors.As(err, &m) || m.What != "twice" {
		t.Errorf("the same twice: %v", err)
	}
}

// TestOnFoot has people on foot use steps and go against one-ways, which cars
// do not, in one plan.
func TestOnFoot(t *testing.T) {
	m := routingtest.Draw(`
		a>b-c
		^ v |
		d<e-f-g`, routingtest.For("fg", routing.Foot), routingtest.For("bc", routing.Foot))
	shift, loc := night(t, 1)
	in := DraftInput{Graph: m.Graph, Shift: shift, Loc: loc, Seed: 1, Units: []fleet.Unit{
		{ID: "C", Mode: routing.Car, Base: m.Graph.Nodes[m.Node("a")].Point, Active: true},
		{ID: "F", Mode: routing.Foot, Base: m.Graph.Nodes[m.Node("e")].Point, Active: true}}}
	plan, f, err := NewDraft(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if vs := Check(plan, in.Graph, Span{shift.Start, shift.End}); len(vs) > 0 {
		t.Fatal(vs)
	}
	if f.CoveragePct != 100 {
		t.Errorf("coverage %g", f.CoveragePct)
	}
	for _, l := range plan.Rounds[0].Legs {
		if l.Segment == m.Segment("fg").ID || l.Segment == m.Segment("bc").ID {
			t.Errorf("the car drives %s, which is for people on foot", l.Segment)
		}
	}
}
