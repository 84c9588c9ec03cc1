package patrol

import (
	"math"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// TestRotation has few units drive many shifts, each planned from what was
// driven before, and counts the shifts until every street was visited. Once
// that is so, no street waits longer than the rotation says, but for the shifts
// in which nobody went out.
func TestRotation(t *testing.T) {
	tests := []struct {
		name   string
		units  []routing.Mode
		hours  float64
		slack  int // shifts beyond the bound
		missed int // the shift in which nobody goes out; 0: none
	}{
		{"one car, a short shift", []routing.Mode{routing.Car}, 1, 0, 0},
		// 39 km on foot in three times 14: the ways to the base and back take more
		// than is left.
		{"two on foot", []routing.Mode{routing.Foot, routing.Foot}, 2, 1, 0},
		{"one car that stays in on the second day", []routing.Mode{routing.Car}, 1, 1, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := town(t, 11, tt.units...)
			in.Graph = routingtest.City(routingtest.Usual(11, 16, 16))
			in.Shift, in.Loc = night(t, tt.hours)
			in.Rotate = true
			starts, err := Starts(in.Graph, in.Units)
			if err != nil {
				t.Fatal(err)
			}
			var days Rota
			for shift := 1; ; shift++ {
				in.Seed, in.Ages = int64(shift), days.Ages(len(in.Graph.Segments))
				plan, f, err := NewDraft(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				if f.Rotation == nil || f.Rotation.AtLeast < 2 {
					t.Fatalf("shift %d: rotation %+v", shift, f.Rotation)
				}
				if shift == tt.missed {
					plan.Rounds = nil
				}
				days.Drive(plan, in.Graph)
				if left := days.Left(in.Graph, starts); left == 0 {
					t.Logf("every street in %d shifts, bound %d", shift, f.Rotation.AtLeast)
					return
				} else if shift >= f.Rotation.AtLeast+tt.slack {
					t.Fatalf("%.0f m are left after %d shifts; %d are enough at best", left, shift, f.Rotation.AtLeast)
				}
			}
		})
	}
}

// TestRotationGoesOn drives several times round the district: no street waits
// longer than two shifts more than the rotation promises.
func TestRotationGoesOn(t *testing.T) {
	in := town(t, 5, routing.Car)
	in.Graph = routingtest.City(routingtest.Usual(5, 12, 12))
	in.Shift, in.Loc = night(t, 0.8)
	in.Rotate = true
	starts, err := Starts(in.Graph, in.Units)
	if err != nil {
		t.Fatal(err)
	}
	var days Rota
	worst, promised := 0, 0
	for shift := range 12 {
		in.Seed, in.Ages = int64(shift), days.Ages(len(in.Graph.Segments))
		plan, f, err := NewDraft(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if f.Rotation == nil {
			t.Fatalf("shift %d has no rotation", shift)
		}
		days.Drive(plan, in.Graph)
		promised = max(promised, f.Rotation.Shifts)
		if shift > 2*promised {
			worst = max(worst, days.Oldest(in.Graph, starts))
		}
	}
	if worst > promised+2 {
		t.Errorf("a street waited for %d shifts, %d were promised", worst, promised)
	}
	t.Logf("longest wait %d shifts, promised %d", worst, promised)
}

// TestRotateParts: the parts of a rotation are disjoint, in time, and within
// what the units can drive, whatever the dates.
func TestRotateParts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		seed := rapid.Uint64Range(1, 1<<16).Draw(r, "seed")
		in := town(t, seed, routing.Car)
		in.Graph = routingtest.City(routingtest.Usual(seed, 6, 6))
		in.Shift, in.Loc = night(t, rapid.SampledFrom([]float64{0.3, 0.6, 1}).Draw(r, "hours"))
		sc, err := newScene(in)
		if err != nil {
			r.Fatal(err)
		}
		p := sc.problem()
		shifts := rapid.IntRange(1, 4).Draw(r, "shifts")
		var due []int
		if rapid.Bool().Draw(r, "dated") {
			due = make([]int, len(in.Graph.Segments))
			for i := range due {
				due[i] = rapid.IntRange(0, shifts-1).Draw(r, "due")
			}
		}
		rot, err := rounds.Rotate(t.Context(), p, shifts, due, rounds.Control{})
		if err != nil {
			r.Skip("nothing to reach")
		}
		wanted, _ := rounds.Reached(p.Graph, p.Units)
		street, left := make([]float64, shifts), 0.0
		for i, part := range rot.Part {
			s := &in.Graph.Segments[i]
			switch {
			case part >= shifts:
				r.Fatalf("segment %d in shift %d of %d", i, part, shifts)
			case part >= 0 && !wanted[i]:
				r.Fatalf("segment %d is nobody's to visit", i)
			case part >= 0 && due != nil && part > due[i]:
				r.Fatalf("segment %d in shift %d, due in %d", i, part, due[i])
			case part >= 0:
				street[part] += s.Length
			case wanted[i]:
				left += s.Length
			}
		}
		for day, m := range street {
			if can := p.Units[0].Metres(0); m > can+1 {
				r.Fatalf("shift %d has %.0f m of street, the unit drives %.0f", day, m, can)
			}
		}
		if d := left - rot.Left; d > 1e-6 || d < -1e-6 {
			r.Fatalf("%.1f m are left, said to be %.1f", left, rot.Left)
		}
	})
}

// What is left out of a plan by hand is not of what the plan does of its part.
func TestRotationOfAnEditedPlan(t *testing.T) {
	in := town(t, 5, routing.Car)
	in.Graph = routingtest.City(routingtest.Usual(5, 12, 12))
	in.Shift, in.Loc = night(t, 0.8)
	in.Rotate, in.Streets = true, "v1"
	plan, was, err := NewDraft(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if was.Rotation == nil || was.Rotation.DoneKm <= 0 || was.Rotation.DoneKm > was.Rotation.PartKm+1e-9 {
		t.Fatalf("rotation %+v", was.Rotation)
	}
	d, err := NewDesk(in)
	if err != nil {
		t.Fatal(err)
	}
	same, err := d.Figures(plan, was)
	if err != nil || same.Rotation == nil || same.Rotation.DoneKm != was.Rotation.DoneKm {
		t.Fatalf("the plan as it was: %+v, %v", same.Rotation, err)
	}
	// Half of the round goes; the part that is left is told from the legs.
	legs := plan.Rounds[0].Legs
	plan.Rounds[0].Legs = legs[:len(legs)/2]
	driven := map[string]bool{}
	for _, l := range plan.Rounds[0].Legs {
		driven[l.Segment] = true
	}
	left := 0.0
	for i, s := range in.Graph.Segments {
		if was.Rotation.Part[i/8]&(1<<(i%8)) != 0 && driven[s.ID] {
			left += s.Length / 1000
		}
	}
	now, err := d.Figures(plan, was)
	if err != nil || now.Rotation == nil || math.Abs(now.Rotation.DoneKm-left) > 0.001 || now.Rotation.DoneKm >= was.Rotation.DoneKm {
		t.Errorf("half a round: %+v instead of %.3f km, %v", now.Rotation, left, err)
	}
	plan.Streets = "v2"
	if now, err := d.Figures(plan, was); err != nil || now.Rotation != nil {
		t.Errorf("on other streets: %+v, %v", now.Rotation, err)
	}
}
