package coverage

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing/match"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// night crosses midnight.
func night(t testing.TB) fleet.Shift {
	t.Helper()
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	s, err := fleet.ShiftDef{Code: "noche", Name: "Noche", Start: "22:00", End: "06:00"}.On("2026-11-21", loc)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// block is four streets of 200 m and one outside.
func block() *routingtest.Map {
	return routingtest.Draw(`
		a---b---e
		|   |
		|   |
		|   |
		c---d
	`, routingtest.Outside("be"))
}

func newCoverage(t testing.TB, m *routingtest.Map) *Coverage {
	t.Helper()
	c, err := New(m.Graph, nil, night(t), DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// leg is a traversal in short: "ab" at km/h from a minute of the shift on.
type leg struct {
	ends      string
	from, to  float64
	minute    float64
	kmh       float64
	posterior float64
}

func legs(t testing.TB, m *routingtest.Map, ls ...leg) []match.Traversal {
	t.Helper()
	start := night(t).Start
	var out []match.Traversal
	for _, l := range ls {
		a := m.Arc(l.ends)
		begin := start.Add(time.Duration(l.minute * float64(time.Minute)))
		seconds := (l.to - l.from) * m.Graph.Segment(a).Length / (l.kmh / 3.6)
		out = append(out, match.Traversal{Arc: a, From: l.from, To: l.to, Start: begin,
			End: begin.Add(time.Duration(seconds * float64(time.Second))), Posterior: l.posterior, Speed: math.NaN()})
	}
	return out
}

func TestStreetStates(t *testing.T) {
	type work struct {
		unit  string
		force Force
		legs  []leg
	}
	tests := []struct {
		name   string
		work   []work
		want   string // states of ab, ac, be, bd, cd
		joint  float64
		visits int // of ab, by all
	}{
		{"nothing", nil, "nn.nn", 0, 0},
		{"driven at patrol speed", []work{{"C1", Municipal, []leg{{"ab", 0, 1, 0, 18, 1}}}}, "mn.nn", 25, 1},
		{"driven backwards", []work{{"C1", Municipal, []leg{{"ba", 0, 1, 0, 18, 1}}}}, "mn.nn", 25, 1},
		{"too fast", []work{{"C1", Municipal, []leg{{"ab", 0, 1, 0, 45, 1}}}}, "nn.nn", 0, 0},
		{"not sure", []work{{"C1", Municipal, []leg{{"ab", 0, 1, 0, 18, 0.7}}}}, "nn.nn", 0, 0},
		{"79 % of it", []work{{"C1", Municipal, []leg{{"ab", 0, 0.79, 0, 18, 1}}}}, "nn.nn", 0, 0},
		{"80 % of it", []work{{"C1", Municipal, []leg{{"ab", 0.2, 1, 0, 18, 1}}}}, "mn.nn", 25, 0},
		{"in two goes from both ends", []work{{"C1", Municipal, []leg{{"ab", 0, 0.45, 0, 18, 1}, {"ba", 0, 0.4, 30, 18, 1}}}}, "mn.nn", 25, 0},
		{"two units, half each", []work{{"C1", Municipal, []leg{{"ab", 0, 0.5, 0, 18, 1}}}, {"C2", Municipal, []leg{{"ab", 0.5, 1, 10, 18, 1}}}}, "mn.nn", 25, 0},
		{"two forces, half each, is nobody's", []work{{"C1", Municipal, []leg{{"ab", 0, 0.5, 0, 18, 1}}}, {"P1", Police, []leg{{"ab", 0.5, 1, 10, 18, 1}}}}, "nn.nn", 0, 0},
		{"police", []work{{"P1", Police, []leg{{"ab", 0, 1, 0, 18, 1}}}}, "pn.nn", 25, 1},
		{"both", []work{{"P1", Police, []leg{{"ab", 0, 1, 0, 18, 1}}}, {"C1", Municipal, []leg{{"ba", 0, 1, 9, 18, 1}}}}, "bn.nn", 25, 2},
		{"integrated is never both", []work{{"I1", Integrated, []leg{{"ab", 0, 1, 0, 18, 1}}}, {"C1", Municipal, []leg{{"ab", 0, 1, 9, 18, 1}}}}, "in.nn", 25, 2},
		{"a street that does not count", []work{{"C1", Municipal, []leg{{"be", 0, 1, 0, 18, 1}}}}, "nn.nn", 0, 0},
		{"round the block", []work{{"C1", Municipal, []leg{{"ab", 0, 1, 0, 18, 1}, {"bd", 0, 1, 1, 18, 1}, {"dc", 0, 1, 2, 18, 1}, {"ca", 0, 1, 3, 18, 1}, {"ab", 0, 1, 4, 18, 1}}}}, "mm.mm", 100, 2},
		{"stood on the way", []work{{"C1", Municipal, []leg{{"ab", 0, 0.5, 0, 18, 1}, {"ab", 0.5, 1, 5, 18, 1}}}}, "mn.nn", 25, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := block()
			c := newCoverage(t, m)
			for _, w := range tt.work {
				if err := c.Add(w.force, w.unit, legs(t, m, w.legs...)); err != nil {
					t.Fatal(err)
				}
			}
			s := c.Snapshot(night(t).End)
			got, err := s.States.MarshalText()
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("states %s, want %s", got, tt.want)
			}
			if math.Abs(s.Totals.Joint.Pct-tt.joint) > 1 {
				t.Errorf("joint %.1f %%, want %.0f %%", s.Totals.Joint.Pct, tt.joint)
			}
			if got := s.Totals.Joint.Km + s.Totals.None.Km + s.Totals.Unknown.Km; math.Abs(got-s.Totals.StreetKm) > 1e-9 {
				t.Errorf("joint, none and unknown make %v km of %v", got, s.Totals.StreetKm)
			}
			r, err := c.Street(m.Arc("ab").Segment(), night(t).End)
			if err != nil {
				t.Fatal(err)
			}
			visits := 0
			for _, f := range r.Forces {
				visits += f.Visits
			}
			if visits != tt.visits {
				t.Errorf("%d visits end to end, want %d", visits, tt.visits)
			}
		})
	}
}

func TestProbableIsPublishedBeside(t *testing.T) {
	m := block()
	c := newCoverage(t, m)
	if err := c.Add(Municipal, "C1", legs(t, m, leg{"ab", 0, 1, 0, 18, 1}, leg{"bd", 0, 1, 1, 18, 0.6})); err != nil {
		t.Fatal(err)
	}
	got := c.Snapshot(night(t).End).Totals
	ab, bd := m.Segment("ab").Length/1000, m.Segment("bd").Length/1000
	if math.Abs(got.Probable.Km-bd) > 1e-9 || math.Abs(got.Estimate.Km-(ab+0.6*bd)) > 1e-9 || math.Abs(got.Joint.Km-ab) > 1e-9 {
		t.Errorf("joint %v, probable %v, estimate %v", got.Joint, got.Probable, got.Estimate)
	}
}

func TestVisitTimesAcrossMidnight(t *testing.T) {
	m := block()
	c := newCoverage(t, m)
	if err := c.Add(Municipal, "C1", legs(t, m, leg{"ab", 0, 1, 118, 18, 1}, leg{"ba", 0, 1, 122, 18, 1})); err != nil {
		t.Fatal(err)
	}
	r, err := c.Street(m.Arc("ab").Segment(), night(t).End)
	if err != nil {
		t.Fatal(err)
	}
	start := night(t).Start
	f := r.Forces[0]
	if !f.First.Equal(start.Add(118*time.Minute)) || f.Last.Sub(start) < 122*time.Minute || f.Visits != 2 {
		t.Errorf("first %v, last %v, %d visits", f.First, f.Last, f.Visits)
	}
	if d1, d2 := f.First.In(start.Location()).Day(), f.Last.In(start.Location()).Day(); d1 != 21 || d2 != 22 {
		t.Errorf("days %d and %d, want 21 and 22", d1, d2)
	}
}

func TestDwellIsAllTheTimeThereIs(t *testing.T) {
	m := block()
	c := newCoverage(t, m)
	ts := legs(t, m, leg{"ab", 0, 1, 0, 18, 1}, leg{"bd", 0, 1, 1, 18, 1}, leg{"db", 0, 1, 2, 18, 1}, leg{"ba", 0, 0.3, 3, 18, 1})
	stand := ts[len(ts)-1]
	stand.From, stand.Start, stand.End = stand.To, stand.End, stand.End.Add(12*time.Minute)
	ts = append(ts, stand)
	if err := c.Add(Municipal, "C1", ts); err != nil {
		t.Fatal(err)
	}
	want := 0.0
	for _, x := range ts {
		want += x.End.Sub(x.Start).Seconds()
	}
	s := c.Snapshot(night(t).End)
	got := map[int]float64{}
	visits := map[int]int{}
	for _, cell := range s.Cells {
		got[cell.Res] += cell.DwellS.Municipal
		visits[cell.Res] += cell.Visits
		if cell.MaxGapS > 8*3600 || cell.MaxGapS < 0 {
			t.Errorf("cell %s has a gap of %v s", cell.Cell, cell.MaxGapS)
		}
		if cell.DwellS.Municipal > 700 {
			d, err := c.Cell(cell.Cell, night(t).End)
			if err != nil {
				t.Fatal(err)
			}
			if len(d.VisitList) != 1 || len(d.Gaps) == 0 || d.Last != d.VisitList[0].End {
				t.Errorf("standing for 12 min in %s: %+v", cell.Cell, d)
			}
		}
	}
	for _, res := range DefaultConfig().Resolutions {
		if math.Abs(got[res]-want) > 1e-3 {
			t.Errorf("dwell in cells of resolution %d is %v s, driven and stood %v s", res, got[res], want)
		}
		if visits[res] == 0 {
			t.Errorf("no visits at resolution %d", res)
		}
	}
}

func TestSilenceIsUnknownNotAbsent(t *testing.T) {
	m := block()
	shift := night(t)
	at := func(minute int) time.Time { return shift.Start.Add(time.Duration(minute) * time.Minute) }
	plan := patrol.Plan{Rounds: []patrol.Round{{Unit: "C1", Legs: []patrol.Leg{
		{Kind: patrol.Service, Segment: m.Segment("ab").ID, Start: at(5), End: at(6)},
		{Kind: patrol.Service, Segment: m.Segment("bd").ID, Start: at(100), End: at(101)},
		{Kind: patrol.Deadhead, Segment: m.Segment("ac").ID, Start: at(101), End: at(102)},
		{Kind: patrol.Service, Segment: m.Segment("cd").ID, Start: at(300), End: at(301)},
		{Kind: patrol.Service, Segment: "gone", Start: at(300), End: at(301)},
	}}}}
	tests := []struct {
		name   string
		signal Signal
		minute int
		want   string // ab, ac, be, bd, cd
		silent int
	}{
		{"heard all the time", Signal{First: at(0), Last: at(200)}, 201, "nn.nn", 0},
		{"silent around the second leg", Signal{First: at(0), Last: at(200), Gaps: []Window{{at(90), at(110)}}}, 201, "nn.un", 1},
		{"silent now", Signal{First: at(0), Last: at(60)}, 110, "nn.un", 1},
		{"silent now, the leg is still to come", Signal{First: at(0), Last: at(60)}, 99, "nn.nn", 1},
		{"never heard", Signal{}, 400, "un.uu", 1},
		{"before the shift", Signal{}, -5, "nn.nn", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCoverage(t, m)
			if err := c.Duty("C1", Municipal, Window{shift.Start, shift.End}); err != nil {
				t.Fatal(err)
			}
			if missing := c.Expect(plan); missing != 1 {
				t.Errorf("%d legs without a street, want 1", missing)
			}
			if err := c.Signal("C1", Municipal, tt.signal); err != nil {
				t.Fatal(err)
			}
			s := c.Snapshot(at(tt.minute))
			got, _ := s.States.MarshalText()
			if string(got) != tt.want || len(s.Units.Silent) != tt.silent {
				t.Errorf("states %s, %d silent; want %s, %d", got, len(s.Units.Silent), tt.want, tt.silent)
			}
			if err := c.Add(Municipal, "C1", legs(t, m, leg{"bd", 0, 1, 95, 18, 1})); err != nil {
				t.Fatal(err)
			}
			if c.Snapshot(at(tt.minute)).States[m.Arc("bd").Segment()] != ByMunicipal {
				t.Error("a street that was driven after all is not covered")
			}
		})
	}
}

func TestDeltasAddUp(t *testing.T) {
	m := block()
	c := newCoverage(t, m)
	now := night(t).Start.Add(time.Hour)
	shown := c.Snapshot(now)
	for _, l := range []leg{{"ab", 0, 0.5, 0, 18, 1}, {"ab", 0.5, 1, 0.4, 18, 1}, {"bd", 0, 1, 1, 18, 1}, {"dc", 0, 1, 2, 60, 1}} {
		if err := c.Add(Municipal, "C1", legs(t, m, l)); err != nil {
			t.Fatal(err)
		}
		d := c.Changed(shown.Version, now)
		for _, x := range d.Streets {
			shown.States[x.Segment] = x.State
		}
		for _, x := range d.Cells {
			for i := range shown.Cells {
				if shown.Cells[i].Cell == x.Cell {
					shown.Cells[i] = x
				}
			}
		}
		shown.Version, shown.Totals, shown.Units, shown.CellTotals = d.Version, d.Totals, d.Units, d.CellTotals
		if diff := cmp.Diff(c.Snapshot(now), shown); diff != "" {
			t.Fatalf("after %s the deltas do not give the snapshot:\n%s", l.ends, diff)
		}
	}
	if d := c.Changed(shown.Version, now); d.Version != shown.Version || len(d.Streets)+len(d.Cells) > 0 {
		t.Errorf("nothing happened, but %+v", d)
	}
}

func TestReplaceForgets(t *testing.T) {
	m := block()
	c, want := newCoverage(t, m), newCoverage(t, m)
	for _, x := range []*Coverage{c, want} {
		if err := x.Add(Police, "P1", legs(t, m, leg{"ab", 0, 1, 0, 18, 1})); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Add(Municipal, "C1", legs(t, m, leg{"ab", 0, 1, 0, 18, 1}, leg{"bd", 0, 1, 1, 18, 1})); err != nil {
		t.Fatal(err)
	}
	c.Snapshot(night(t).End)
	for _, x := range []*Coverage{c, want} {
		if err := x.Replace(Integrated, "C1", legs(t, m, leg{"cd", 0, 1, 0, 18, 1}), Signal{}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := same(c.Snapshot(night(t).End), want.Snapshot(night(t).End)); diff != "" {
		t.Error(diff)
	}
}

// same compares two snapshots but for their version.
func same(a, b Snapshot) string {
	a.Version, b.Version = 0, 0
	return cmp.Diff(a, b)
}

func TestAddRefuses(t *testing.T) {
	m := block()
	good := func() match.Traversal { return legs(t, m, leg{"ab", 0, 1, 0, 18, 1})[0] }
	tests := []struct {
		name   string
		change func(*match.Traversal)
	}{
		{"an arc of another graph", func(x *match.Traversal) { x.Arc = 400 }},
		{"no arc", func(x *match.Traversal) { x.Arc = -1 }},
		{"a part outside the arc", func(x *match.Traversal) { x.To = 1.2 }},
		{"a part backwards", func(x *match.Traversal) { x.From, x.To = 1, 0 }},
		{"a part that is no number", func(x *match.Traversal) { x.From = math.NaN() }},
		{"a posterior above 1", func(x *match.Traversal) { x.Posterior = 1.5 }},
		{"an end before the start", func(x *match.Traversal) { x.End = x.Start.Add(-time.Second) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCoverage(t, m)
			x := good()
			tt.change(&x)
			if err := c.Add(Municipal, "C1", []match.Traversal{x}); !errors.Is(err, ErrTraversal) {
				t.Errorf("got %v", err)
			}
		})
	}
	c := newCoverage(t, m)
	if err := c.Add(Municipal, "C1", []match.Traversal{good()}); err != nil {
		t.Fatal(err)
	}
	if err := c.Add(Police, "C1", []match.Traversal{good()}); !errors.Is(err, ErrUnit) {
		t.Errorf("another force: %v", err)
	}
	if _, err := New(m.Graph, []bool{true}, night(t), DefaultConfig()); !errors.Is(err, ErrConfig) {
		t.Errorf("reachability of another graph: %v", err)
	}
	if _, err := New(m.Graph, nil, night(t), Config{}); !errors.Is(err, ErrConfig) {
		t.Errorf("no thresholds: %v", err)
	}
}

func TestSnapshotJSON(t *testing.T) {
	m := block()
	c := newCoverage(t, m)
	if err := c.Add(Municipal, "C1", legs(t, m, leg{"ab", 0, 1, 0, 18, 1})); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(c.Snapshot(night(t).End))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"states":"mn.nn"`, `"state":"municipal"`, `"silent":[]`, `"street_km":`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s is not in %s", want, b)
		}
	}
}
