package watch

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// What a unit did of its plan is told while the shift runs, and kept at its end.
func TestCompliance(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 14, 0))
	if _, err := wo.w.Compliance(ubigeo); !errors.Is(err, ErrNoPlan) {
		t.Fatalf("without a plan: %v", err)
	}
	wo.plan(wo.snapshot().Shift, "e", "ab", "bc", "cf") // an hour each from 14:00, and the stop at 17:00
	fixes := wo.drive("abed", clock(t, 0, 14, 1))       // ab in time; be and ed unasked
	wo.set(fixes[len(fixes)-1].Time)
	wo.send(fixes...)
	first, err := wo.w.Compliance(ubigeo)
	wo.must(err)
	u := first.Units[0]
	if first.Final || u.Complied || u.Legs[0].Status != compliance.Done || u.Legs[1].Status != compliance.Pending || u.Missing.Stops != 1 || u.Missing.Cells != 1 {
		t.Errorf("after the first street: %+v", u)
	}
	if u.Missing.Km < 0.8 || u.Missing.Km > 1 || u.Tally.Extra < 0.4 {
		t.Errorf("missing %.2f km, %.2f km unasked; want two streets missing and at least one unasked", u.Missing.Km, u.Tally.Extra)
	}

	late := wo.drive("abcf", clock(t, 0, 16, 0)) // bc an hour late; cf in time
	wo.set(clock(t, 0, 17, 0))
	wo.send(late...)
	place := wo.m.Nodes[wo.m.Node("e")].Point
	wo.set(clock(t, 0, 17, 30))
	wo.send(stand(place, clock(t, 0, 17, 2), 13*time.Minute)...)
	wo.set(clock(t, 0, 20, 0))
	wo.send(stand(orb.Point{place[0] + 0.002, place[1]}, clock(t, 0, 19, 0), 12*time.Minute)...) // a stop of its own
	wo.set(clock(t, 0, 21, 59))
	wo.w.beat(t.Context())
	live, err := wo.w.Compliance(ubigeo)
	wo.must(err)
	u = live.Units[0]
	if !u.Complied || u.Missing.Km != 0 || u.Missing.Stops != 0 || u.Missing.Cells != 0 || u.StopsDone != 1 {
		t.Errorf("at the end: %+v", u)
	}
	if got := [3]compliance.Status{u.Legs[0].Status, u.Legs[1].Status, u.Legs[2].Status}; got != [3]compliance.Status{compliance.Done, compliance.Late, compliance.Done} {
		t.Errorf("the three streets are %v", got)
	}
	if len(u.Stops) != 2 || !u.Stops[0].Arrived.Equal(clock(t, 0, 17, 2)) || u.Stops[0].Minutes != 13 || u.Stops[1].Seq != 0 || u.Stops[1].Minutes != 12 {
		t.Errorf("stops %+v", u.Stops)
	}

	wo.set(clock(t, 0, 22, 0))
	wo.w.beat(t.Context())
	f := wo.kept(afternoon)
	if f == nil || f.Compliance == nil || f.Matching == nil {
		t.Fatal("compliance, or how far matching differs, was not kept")
	}
	if f.Matching.WholeKm < 2.5 {
		t.Errorf("matched %.2f km", f.Matching.WholeKm)
	}
	want := live.Brief()
	want.At, want.Final = clock(t, 0, 22, 0), true
	// The silence until the end has grown by a minute.
	if diff := cmp.Diff(want, *f.Compliance, cmpopts.IgnoreFields(compliance.Unit{}, "SilentMin"), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("kept is not what was shown (-shown +kept):\n%s", diff)
	}
	if len(f.Compliance.Units[0].Legs) != 1 {
		t.Errorf("%d legs are kept; want the late one", len(f.Compliance.Units[0].Legs))
	}
}
