package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

func TestShiftCommands(t *testing.T) {
	st, flags := scratch(t, false)
	ctx := t.Context()
	set := func(only bool, shifts ...string) error {
		_, err := output(t, func() error {
			return (&shiftSetCmd{storeFlags: flags, Shifts: shifts, Only: only}).Run(ctx)
		})
		return err
	}
	remove := func(codes ...string) error {
		_, err := output(t, func() error { return (&shiftRemoveCmd{storeFlags: flags, Codes: codes}).Run(ctx) })
		return err
	}
	have := func(want ...fleet.ShiftDef) {
		t.Helper()
		got, err := st.Shifts(ctx, amazonas)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the shifts:\n%s", diff)
		}
	}
	must(t, set(false, "tarde=14:00-20:00", "noche=20:00-06:00,Noche larga"))
	usual := fleet.DefaultShifts()
	usual[1].End, usual[2].Start, usual[2].Name = "20:00", "20:00", "Noche larga"
	have(usual...)
	must(t, st.SaveUnit(ctx, fleet.Unit{Ubigeo: amazonas, ID: "C01", CallSign: "Cazador 1", Mode: routing.Car, Shifts: []string{"noche"}, Active: true}))
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"overlap", set(false, "tarde=14:00-20:30"), "tarde overlap"},
		{"form", set(false, "noche"), "CODE=HH:MM-HH:MM"},
		{"clock", set(false, "noche=20:00-6:00"), "HH:MM"},
		{"code", set(false, "La Noche=01:00-02:00"), "lower-case"},
		{"twice", set(true, "a=01:00-02:00", "a=02:00-03:00"), "given twice"},
		{"unknown", remove("siesta"), "no shift \"siesta\""},
		{"in use", remove("noche"), "Cazador 1 works in shift noche"},
		{"in use by others that stay alone", set(true, "dia=06:00-20:00"), "Cazador 1 works in shift noche"},
	} {
		if !errors.Is(c.err, errInput) || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: got %v, want a mistake of the caller's with %q", c.name, c.err, c.want)
		}
	}
	have(usual...)
	must(t, remove("tarde"))
	must(t, set(true, "dia=07:00-19:00,Día", "noche=19:00-07:00"))
	have(fleet.ShiftDef{Code: "dia", Name: "Día", Start: "07:00", End: "19:00"}, fleet.ShiftDef{Code: "noche", Name: "Noche larga", Start: "19:00", End: "07:00"})
	text, err := output(t, func() error { return (&shiftListCmd{storeFlags: flags}).Run(ctx) })
	if err != nil || !strings.Contains(text, "noche") || !strings.Contains(text, "07:00") {
		t.Errorf("list: %v\n%s", err, text)
	}
	rows, err := st.AuditRows(ctx, amazonas, 9)
	if err != nil || len(rows) != 3 || rows[0].Action != "shifts.save" || rows[0].Remote != "command line" {
		t.Errorf("the audit: %v %+v", err, rows)
	}
}
