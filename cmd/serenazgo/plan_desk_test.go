package main

import (
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// A desk that is old is used while another is prepared, which is asked for once.
func TestDesksGrowOld(t *testing.T) {
	made := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
	kept := &patrol.Desk{}
	h := desks{desks: []heldDesk{{key: "here", at: made, desk: kept}}}
	for _, tc := range []struct {
		name  string
		key   string
		after time.Duration
		want  *patrol.Desk
		old   bool
	}{
		{"fresh", "here", deskStale - 1, kept, false},
		{"of other units", "there", 0, nil, false},
		{"old", "here", deskStale, kept, true},
		{"old, and another is being made", "here", deskStale + 1, kept, false},
		{"too old", "here", 2 * deskStale, nil, false},
	} {
		if got, old := h.find(tc.key, made.Add(tc.after)); got != tc.want || old != tc.old {
			t.Errorf("%s: %p, old %v, want %p, %v", tc.name, got, old, tc.want, tc.old)
		}
	}
}

// Of plans saved while another of their shift is measured, the newest is
// measured next.
func TestTheNewestPlanIsMeasured(t *testing.T) {
	var h desks
	asks := func(id string, begin bool) {
		t.Helper()
		if got := h.want("shift", patrol.Plan{ID: id}); got != begin {
			t.Errorf("asked for plan %s: begin %v, want %v", id, got, begin)
		}
	}
	gives := func(id string) {
		t.Helper()
		got := patrol.Plan{}
		if p := h.wanted("shift"); p != nil {
			got = *p
		}
		if got.ID != id {
			t.Errorf("wanted is %q, want %q", got.ID, id)
		}
	}
	asks("1", true)
	gives("1")
	asks("2", false)
	asks("3", false)
	gives("3")
	gives("")
	asks("4", true)
	gives("4")
}
