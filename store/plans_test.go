package store_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store/storetest"
)

const tonight fleet.ShiftID = "2026-11-21/noche"

func samplePlan() patrol.Plan {
	return patrol.Plan{
		Ubigeo: here, Shift: tonight, State: patrol.Draft, Seed: 7, Streets: "v1", CreatedAt: noon, CreatedBy: "ana",
		Figures: json.RawMessage(`{"segments":3}`), Simulated: true,
		Rounds: []patrol.Round{{
			Number: 1, Unit: "C01", CallSign: "Cazador 1", Mode: routing.Car, Base: orb.Point{-79, -8}, Metres: 123.5,
			Legs: []patrol.Leg{
				{Seq: 1, Kind: patrol.Service, Start: noon, End: noon.Add(time.Minute), Segment: "1-2-3", WayIDs: []int64{3}, Name: "Jr. Áncash", Line: orb.LineString{{-79, -8}, {-79.001, -8}}},
				{Seq: 2, Kind: patrol.Stop, Start: noon.Add(time.Minute), End: noon.Add(11 * time.Minute), Name: "Parque", Reason: "hot cell", Point: orb.Point{-79.001, -8}},
			},
		}, {Number: 2, Unit: "C02", Mode: routing.Foot}},
	}
}

func TestPlanRoundTrip(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	want := samplePlan()
	saved := must(s.SavePlan(ctx, want))(t)
	want.ID, want.Version = "2026-11-21-noche-1", 1
	same(t, "saved", want, saved)
	same(t, "read", want, must(s.Plan(ctx, here, saved.ID))(t))
	edited := saved
	edited.Rounds = slices.Clone(saved.Rounds[:1])
	edited.Version = 99 // the store keeps its own
	edited = must(s.SavePlan(ctx, edited))(t)
	want.Rounds = want.Rounds[:1]
	same(t, "edited draft", want, must(s.Plan(ctx, here, saved.ID))(t))
	if next := must(s.SavePlan(ctx, samplePlan()))(t); next.Version != 2 {
		t.Errorf("the next plan has version %d", next.Version)
	}
	list := must(s.PlansOfShift(ctx, here, tonight))(t)
	if len(list) != 2 || list[0].Version != 2 || len(list[1].Rounds) != 1 || list[1].Rounds[0].Legs != nil || list[1].Rounds[0].Metres != 123.5 {
		t.Errorf("plans of the shift: %+v", list)
	}
	_, err := s.Plan(ctx, "130102", saved.ID)
	wantKind(t, "in another district", err, fleet.ErrNotFound)
	bad := samplePlan()
	bad.Shift = "noche"
	_, err = s.SavePlan(ctx, bad)
	wantKind(t, "bad shift", err, fleet.ErrInvalid)
}

// TestNothingOfAPlanIsForgotten fails when a field is added to legs, rounds or
// plans that JSON leaves out and the store does not keep by itself.
func TestNothingOfAPlanIsForgotten(t *testing.T) {
	kept := map[reflect.Type][]string{
		reflect.TypeFor[patrol.Leg]():   {"Line", "Point"},
		reflect.TypeFor[patrol.Round](): nil,
		reflect.TypeFor[patrol.Plan]():  {"Ubigeo", "HandedOut"}, // the states tell
	}
	for typ, fields := range kept {
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Tag.Get("json") == "-" && !slices.Contains(fields, f.Name) {
				t.Errorf("%s.%s is not stored", typ.Name(), f.Name)
			}
		}
	}
}

func TestPlanStates(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	a, b := must(s.SavePlan(ctx, samplePlan()))(t), must(s.SavePlan(ctx, samplePlan()))(t)
	move := func(id string, from, to patrol.State) error {
		return s.SetPlanState(ctx, here, id, from, to, "eva", noon.Add(time.Hour))
	}
	wantKind(t, "unapproved", move(a.ID, patrol.Draft, patrol.Published), fleet.ErrInvalid)
	check(t, move(a.ID, patrol.Draft, patrol.Approved))
	wantKind(t, "approved twice", move(a.ID, patrol.Draft, patrol.Approved), fleet.ErrConflict)
	_, err := s.SavePlan(ctx, a)
	wantKind(t, "changed after approval", err, fleet.ErrConflict)
	check(t, move(a.ID, patrol.Approved, patrol.Published))
	got := must(s.Plan(ctx, here, a.ID))(t)
	if got.State != patrol.Published || got.ApprovedBy != "eva" || !got.ApprovedAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("published plan: %s, approved by %q at %v", got.State, got.ApprovedBy, got.ApprovedAt)
	}
	check(t, move(b.ID, patrol.Draft, patrol.Approved))
	check(t, move(b.ID, patrol.Approved, patrol.Published))
	for id, want := range map[string]patrol.State{a.ID: patrol.Superseded, b.ID: patrol.Published} {
		if p := must(s.Plan(ctx, here, id))(t); p.State != want {
			t.Errorf("plan %s is %s, want %s", id, p.State, want)
		}
	}
	wantKind(t, "no such plan", move("x", patrol.Draft, patrol.Approved), fleet.ErrNotFound)
	wantKind(t, "back from the dead", move(a.ID, patrol.Superseded, patrol.Draft), fleet.ErrInvalid)
}

// TestPlansAtOnce saves and publishes plans of one shift from many sides:
// versions have no gaps, and one plan is in force.
func TestPlansAtOnce(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	const n = 12
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			p, err := s.SavePlan(ctx, samplePlan())
			for _, step := range [][2]patrol.State{{patrol.Draft, patrol.Approved}, {patrol.Approved, patrol.Published}} {
				if err == nil {
					err = s.SetPlanState(ctx, here, p.ID, step[0], step[1], "eva", noon)
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	published := 0
	for i, p := range must(s.PlansOfShift(ctx, here, tonight))(t) {
		if p.Version != n-i {
			t.Errorf("plan %d has version %d", n-i, p.Version)
		}
		if p.State == patrol.Published {
			published++
		}
	}
	if published != 1 {
		t.Errorf("%d plans are in force", published)
	}
}

func BenchmarkPlan(b *testing.B) {
	s, ctx := storetest.New(b), b.Context()
	p := samplePlan()
	for range 11 {
		r := p.Rounds[0]
		r.Number = len(p.Rounds) + 1
		r.Legs = make([]patrol.Leg, 2000)
		for i := range r.Legs {
			r.Legs[i] = patrol.Leg{Seq: i, Kind: patrol.Service, Start: noon, End: noon, Segment: fmt.Sprint(i, "-12345678901-1234567"), WayIDs: []int64{int64(i)}, Name: "Calle " + fmt.Sprint(i),
				Line: orb.LineString{{-79.01234 + float64(i)/1e5, -8}, {-79.0123, -8.000123}, {-79.1, -8.1}}}
		}
		p.Rounds = append(p.Rounds, r)
	}
	for b.Loop() {
		p.ID = ""
		saved := must(s.SavePlan(ctx, p))(b)
		must(s.Plan(ctx, here, saved.ID))(b)
	}
}

// TestHandedOut: a version that took the place of another was handed out only if
// it was published.
func TestHandedOut(t *testing.T) {
	st := storetest.New(t)
	ctx := t.Context()
	at := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
	shift := fleet.ShiftID("2026-11-21/noche")
	for i, ways := range [][]patrol.State{
		{patrol.Superseded}, {patrol.Approved, patrol.Superseded}, {patrol.Approved, patrol.Published}, {patrol.Approved, patrol.Published},
	} {
		p, err := st.SavePlan(ctx, patrol.Plan{Ubigeo: "130102", Shift: shift, CreatedAt: at, Figures: json.RawMessage("{}")})
		if err != nil {
			t.Fatal(err)
		}
		from := patrol.Draft
		for _, to := range ways {
			if err := st.SetPlanState(ctx, "130102", p.ID, from, to, "ana", at.Add(time.Duration(i)*time.Minute)); err != nil {
				t.Fatal(err)
			}
			from = to
		}
	}
	heads, err := st.PlansOfShift(ctx, "130102", shift)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		if want := h.Version >= 3; h.HandedOut != want {
			t.Errorf("version %d, %s: handed out %v", h.Version, h.State, h.HandedOut)
		}
	}
}
