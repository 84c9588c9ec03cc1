package store_test

import (
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestRosters(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	for _, id := range []string{"C01", "C02"} {
		check(t, s.SaveUnit(ctx, fleet.Unit{Ubigeo: here, ID: id, CallSign: id, Mode: routing.Car, Active: true}))
	}
	audit := fleet.AuditRow{Ubigeo: here, At: noon, Username: "ana", Action: "roster.save"}
	tonight := fleet.Roster{Shift: "2026-11-21/noche", Units: []string{"C02"}, By: "ana", At: noon}
	_, err := s.Roster(ctx, here, tonight.Shift)
	wantKind(t, "nobody has said", err, fleet.ErrNotFound)
	check(t, s.SaveRoster(ctx, here, tonight, audit))
	same(t, "kept", tonight, must(s.Roster(ctx, here, tonight.Shift))(t))
	_, err = s.RosterBefore(ctx, here, tonight.Shift)
	wantKind(t, "the first one", err, fleet.ErrNotFound)

	tonight.Units = []string{"C02", "C01"}
	check(t, s.SaveRoster(ctx, here, tonight, audit))
	same(t, "changed", tonight, must(s.Roster(ctx, here, tonight.Shift))(t))
	morning := tonight
	morning.Shift = "2026-11-22/manana"
	check(t, s.SaveRoster(ctx, here, morning, audit))
	same(t, "of the same shift before", tonight, must(s.RosterBefore(ctx, here, "2026-11-25/noche"))(t))
	_, err = s.Roster(ctx, "010204", tonight.Shift)
	wantKind(t, "another district", err, fleet.ErrNotFound)
	_, err = s.Roster(ctx, here, "noche")
	wantKind(t, "no shift", err, fleet.ErrInvalid)

	for name, units := range map[string][]string{"nobody": nil, "twice": {"C01", "C01"}, "a stranger": {"C09"}, "no id": {"'"}} {
		bad := tonight
		bad.Units = units
		wantKind(t, name, s.SaveRoster(ctx, here, bad, audit), fleet.ErrInvalid)
	}
	same(t, "nothing was changed", tonight, must(s.Roster(ctx, here, tonight.Shift))(t))
	same(t, "three are recorded", 3, len(must(s.AuditRows(ctx, here, 10))(t)))
}
