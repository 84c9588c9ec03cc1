package fleet_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

func TestResolveShift(t *testing.T) {
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	defs := []fleet.ShiftDef{{Code: "noche", Name: "Noche", Start: "22:00", End: "06:00"}, {Code: "tarde", Name: "Tarde", Start: "14:00", End: "22:00"}}
	for _, c := range []struct {
		name, id   string
		start, end string // "" where the shift is refused
		why        string
	}{
		{"across midnight", "2026-11-21/noche", "2026-11-22T03:00:00Z", "2026-11-22T11:00:00Z", ""},
		{"across the year's end", "2026-12-31/noche", "2027-01-01T03:00:00Z", "2027-01-01T11:00:00Z", ""},
		{"within a day", "2026-11-21/tarde", "2026-11-21T19:00:00Z", "2026-11-22T03:00:00Z", ""},
		{"unknown code", "2026-11-21/luna", "", "", "luna"},
		{"no code", "2026-11-21/", "", "", "AAAA-MM-DD/turno"},
		{"missing leading zero", "2026-1-21/noche", "", "", "AAAA-MM-DD"},
		{"no such day", "2026-02-30/noche", "", "", "AAAA-MM-DD"},
		{"end of the calendar", "9999-12-31/noche", "", "", "2000 to 2199"},
		{"before vehicles had receivers", "0001-01-01/noche", "", "", "2000 to 2199"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := fleet.ResolveShift(fleet.ShiftID(c.id), defs, lima)
			if c.start == "" {
				if !(errors.Is(err, fleet.ErrInvalid) || errors.Is(err, fleet.ErrNotFound)) || !strings.Contains(err.Error(), c.why) {
					t.Fatalf("error %v, want one about %q", err, c.why)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Start.UTC().Format(time.RFC3339); got != c.start {
				t.Errorf("starts %s, want %s", got, c.start)
			}
			if got := s.End.UTC().Format(time.RFC3339); got != c.end {
				t.Errorf("ends %s, want %s", got, c.end)
			}
		})
	}
}
