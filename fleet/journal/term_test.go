package journal

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots/risk"
)

func TestTermHolds(t *testing.T) {
	november := Term{From: "2026-11-01", Until: "2026-11-30"}
	nights := Term{Shifts: []string{"noche"}}
	tests := []struct {
		name  string
		term  Term
		shift fleet.ShiftID
		want  bool
	}{
		{"always", Term{}, "2026-11-22/noche", true},
		{"first day", november, "2026-11-01/noche", true},
		{"last day", november, "2026-11-30/noche", true},
		{"day after", november, "2026-12-01/noche", false},
		{"day before", november, "2026-10-31/noche", false},
		{"its shift", nights, "2026-11-22/noche", true},
		{"another shift", nights, "2026-11-22/tarde", false},
		{"no shift", nights, "noche", false},
	}
	for _, tt := range tests {
		if got := tt.term.Holds(tt.shift); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	fences := []Fence{{ID: "a", Kind: Priority, Term: nights}, {ID: "b", Kind: Sector}, {ID: "c", Kind: Priority, Term: november}}
	if got := InForce(fences, "2026-11-22/tarde"); len(got) != 1 || got[0].ID != "c" {
		t.Errorf("in force: %+v", got)
	}
}

func TestTermOfProperties(t *testing.T) {
	term := Term{Level: risk.High, From: "2026-11-01", Until: "2026-11-30", Shifts: []string{"noche", "tarde"}}
	p := map[string]any{"name": "x"}
	term.Properties(p)
	if d := cmp.Diff(term, TermOf(p)); d != "" {
		t.Error(d)
	}
	for _, shifts := range []any{[]any{"noche", "tarde"}, "noche, tarde"} {
		p["shifts"] = shifts
		if d := cmp.Diff(term, TermOf(p)); d != "" {
			t.Error(d)
		}
	}
	for name, bad := range map[string]Term{"level": {Level: "urgent"}, "date": {From: "22/11/2026"}, "order": {From: "2026-11-02", Until: "2026-11-01"}, "shift": {Shifts: []string{" "}}} {
		if bad.Check() == nil {
			t.Errorf("a bad %s is taken", name)
		}
	}
}
