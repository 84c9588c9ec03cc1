package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestPosts(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	audit := fleet.AuditRow{Ubigeo: here, At: noon, Username: "ana", Action: "posts.save"}
	check(t, s.SaveUnit(ctx, fleet.Unit{Ubigeo: here, ID: "C01", CallSign: "Cazador 1", Mode: routing.Car, Active: true}))
	school := patrol.FixedPost{ID: "colegio", Name: "Colegio", Place: orb.Point{-78.5, -5.6}, From: "07:30", To: "08:15", Days: []time.Weekday{1, 5}, Units: []string{"C01"}}
	market := patrol.FixedPost{ID: "a-mercado", Name: "Mercado", Place: orb.Point{-78.51, -5.61}, From: "23:00", To: "01:00"}
	same(t, "none yet", 0, len(must(s.Posts(ctx, here))(t)))
	check(t, s.SavePosts(ctx, here, []patrol.FixedPost{school, market}, audit))
	same(t, "in their order", []patrol.FixedPost{school, market}, must(s.Posts(ctx, here))(t))
	same(t, "another district's", 0, len(must(s.Posts(ctx, "010204"))(t)))
	stranger := school
	stranger.Units = []string{"C09"}
	var m patrol.PostMistake
	if err := s.SavePosts(ctx, here, []patrol.FixedPost{stranger}, audit); !errors.As(err, &m) || m.What != "unit" || m.Unit != "C09" {
		t.Errorf("a unit that is not registered: %v", err)
	}
	bad := market
	bad.To = "25:00"
	wantKind(t, "no clock", s.SavePosts(ctx, here, []patrol.FixedPost{bad}, audit), fleet.ErrInvalid)
	same(t, "nothing was changed", 2, len(must(s.Posts(ctx, here))(t)))
	check(t, s.SavePosts(ctx, here, nil, audit))
	same(t, "all taken away", 0, len(must(s.Posts(ctx, here))(t)))
}

func TestUnitLimits(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	check(t, s.SaveFence(ctx, here, journal.Fence{ID: "s1", Name: "Sector 1", Kind: journal.Sector,
		Geometry: orb.MultiPolygon{{{{-78, -5}, {-77, -5}, {-77, -4}, {-78, -5}}}}}))
	u := fleet.Unit{Ubigeo: here, ID: "M01", CallSign: "Moto 1", Mode: routing.Motorcycle, Active: true, From: "18:00", To: "00:30", MaxKm: 62.5, Sectors: []string{"s1"}}
	check(t, s.SaveUnit(ctx, u))
	same(t, "limits", []fleet.Unit{u}, must(s.Units(ctx, here))(t))
	var used fleet.SectorInUse
	if err := s.DeleteFence(ctx, here, "s1"); !errors.As(err, &used) || used.Unit != "Moto 1" {
		t.Errorf("a sector that a unit is bound to: %v", err)
	}
	stray := u
	stray.Sectors = []string{"s1", "s9"}
	wantKind(t, "a sector that is not there", s.SaveUnit(ctx, stray), fleet.ErrInvalid)
	u.From, u.To, u.MaxKm, u.Sectors = "", "", 0, nil
	check(t, s.SaveUnit(ctx, u))
	same(t, "no limits", []fleet.Unit{u}, must(s.Units(ctx, here))(t))
	check(t, s.DeleteFence(ctx, here, "s1"))
}

// TestSectorsAndUnitsAgree: however the saving of units and the deleting of their
// sector fall together, no unit is bound to a sector that is gone.
func TestSectorsAndUnitsAgree(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	shape := orb.MultiPolygon{{{{-78, -5}, {-77, -5}, {-77, -4}, {-78, -5}}}}
	for round := range 30 {
		id := fmt.Sprintf("s%d", round)
		check(t, s.SaveFence(ctx, here, journal.Fence{ID: id, Name: "Sector", Kind: journal.Sector, Geometry: shape}))
		u := fleet.Unit{Ubigeo: here, ID: fmt.Sprintf("M%02d", round), CallSign: "Moto", Mode: routing.Motorcycle, Active: true, Sectors: []string{id}}
		var both sync.WaitGroup
		both.Go(func() { _ = s.SaveUnit(ctx, u) })
		both.Go(func() { _ = s.DeleteFence(ctx, here, id) })
		both.Wait()
	}
	there := map[string]bool{}
	for _, f := range must(s.Fences(ctx, here))(t) {
		there[f.ID] = true
	}
	for _, u := range must(s.Units(ctx, here))(t) {
		for _, x := range u.Sectors {
			if !there[x] {
				t.Errorf("unit %s is bound to sector %s, which is gone", u.ID, x)
			}
		}
	}
}
