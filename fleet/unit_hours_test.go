package fleet

import (
	"testing"
	"time"
)

func TestUnitOut(t *testing.T) {
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, from, to, shift string
		want                  string // clock times; empty: not out
	}{
		{"whole shift", "", "", "noche", "22:00-06:00"},
		{"until midnight", "18:00", "00:00", "noche", "22:00-00:00"},
		{"across midnight", "23:30", "04:00", "noche", "23:30-04:00"},
		{"after midnight", "02:00", "10:00", "noche", "02:00-06:00"},
		{"not in the morning", "18:00", "00:00", "manana", ""},
		{"evening only", "18:00", "00:00", "tarde", "18:00-22:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			shift, err := ResolveShift(ShiftID("2026-11-21/"+tt.shift), DefaultShifts(), loc)
			if err != nil {
				t.Fatal(err)
			}
			u := Unit{ID: "C01", From: tt.from, To: tt.to}
			from, to, ok := u.Out(shift, loc)
			got := ""
			if ok {
				got = from.In(loc).Format("15:04") + "-" + to.In(loc).Format("15:04")
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestUnitLimitsAreChecked(t *testing.T) {
	good := Unit{ID: "C01", CallSign: "Cazador 1", From: "18:00", To: "00:00", MaxKm: 90, Sectors: []string{"s1"}}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Unit){
		"one clock":    func(u *Unit) { u.To = "" },
		"no clock":     func(u *Unit) { u.From = "25:00" },
		"no time":      func(u *Unit) { u.To = "18:00" },
		"negative km":  func(u *Unit) { u.MaxKm = -1 },
		"too many km":  func(u *Unit) { u.MaxKm = 1e6 },
		"many sectors": func(u *Unit) { u.Sectors = make([]string, 51) },
	} {
		u := good
		change(&u)
		if u.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
