package journal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots/risk"
)

// Term is how much a priority area counts and when; the zero Term is one that
// counts for the medium level, always.
type Term struct {
	Level  risk.Level `json:"level,omitempty"`
	From   string     `json:"from,omitempty"`   // local date of the first shift, AAAA-MM-DD; "": ever
	Until  string     `json:"until,omitempty"`  // of the last
	Shifts []string   `json:"shifts,omitempty"` // codes; empty: all
}

// Preferred gives the level, the medium one by default.
func (t Term) Preferred() risk.Level {
	if t.Level == "" {
		return risk.Medium
	}
	return t.Level
}

// Holds tells whether the term holds in a shift.
func (t Term) Holds(shift fleet.ShiftID) bool {
	date, code, err := shift.Split()
	if err != nil {
		return false
	}
	return (t.From == "" || t.From <= date) && (t.Until == "" || date <= t.Until) && (len(t.Shifts) == 0 || slices.Contains(t.Shifts, code))
}

// Check tells what is wrong with a term, if anything.
func (t Term) Check() error {
	if t.Level != "" && !slices.Contains(risk.Levels(), t.Level) {
		return fmt.Errorf("%w: level %q is none of high, medium, low", fleet.ErrInvalid, t.Level)
	}
	for _, day := range []string{t.From, t.Until} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return fmt.Errorf("%w: %q is no date: write it as AAAA-MM-DD", fleet.ErrInvalid, day)
		}
	}
	if t.From != "" && t.Until != "" && t.Until < t.From {
		return fmt.Errorf("%w: it ends on %s, before it begins on %s", fleet.ErrInvalid, t.Until, t.From)
	}
	for _, code := range t.Shifts {
		if strings.TrimSpace(code) == "" || len(code) > 40 {
			return fmt.Errorf("%w: %q is no code of a shift", fleet.ErrInvalid, code)
		}
	}
	return nil
}

// Properties writes the term as properties of a GeoJSON feature.
func (t Term) Properties(to map[string]any) {
	for k, v := range map[string]string{"level": string(t.Level), "from": t.From, "until": t.Until} {
		if v != "" {
			to[k] = v
		}
	}
	if len(t.Shifts) > 0 {
		to["shifts"] = t.Shifts
	}
}

// TermOf reads the term from properties of a GeoJSON feature; CheckFence tells
// whether it is one.
func TermOf(properties map[string]any) Term {
	text := func(k string) string {
		s, _ := properties[k].(string)
		return strings.TrimSpace(s)
	}
	t := Term{Level: risk.Level(text("level")), From: text("from"), Until: text("until")}
	switch v := properties["shifts"].(type) {
	case []any:
		for _, x := range v {
			t.Shifts = append(t.Shifts, fmt.Sprint(x))
		}
	case []string:
		t.Shifts = v
	case string:
		for code := range strings.SplitSeq(v, ",") {
			if code = strings.TrimSpace(code); code != "" {
				t.Shifts = append(t.Shifts, code)
			}
		}
	}
	return t
}

// InForce gives the priority areas that count in a shift.
func InForce(fences []Fence, shift fleet.ShiftID) []Fence {
	var out []Fence
	for _, f := range fences {
		if f.Kind == Priority && f.Term.Holds(shift) {
			out = append(out, f)
		}
	}
	return out
}
