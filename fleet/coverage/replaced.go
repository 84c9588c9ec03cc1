package coverage

import (
	"fmt"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing/match"
)

// takeWhole matches fixes in any order, with duplicates, as a track that is
// known to its end (match.Config.OffLine); it sorts them.
func takeWhole(u Unit, set *Setup, fixes []fleet.Fix) (*track, []match.Traversal, error) {
	t, err := newTrack(u, set, set.matching(u.Mode).OffLine())
	if err != nil {
		return nil, nil, err
	}
	sortFixes(fixes)
	var use []match.Fix
	for i := range fixes {
		if t.admit(&fixes[i]) == taken {
			use = append(use, matchable(&fixes[i]))
		}
	}
	ts, refused := t.m.All(use)
	t.counts.Used, t.counts.Duplicates = len(use)-refused, t.counts.Duplicates+refused
	return t, ts, nil
}

// Replacement tells how far the whole tracks of a shift, which count at its end,
// differ from what was decided as fixes came.
type Replacement struct {
	WholeKm   float64 `json:"whole_km"`   // driven, by the whole tracks
	DifferKm  float64 `json:"differ_km"`  // of it, not found as fixes came, or found there and not in it
	DifferPct float64 `json:"differ_pct"` // of WholeKm
}

// Replaced compares both ways of matching on all fixes of a shift, in any order.
// Lengths are compared street by street, as often as each was driven; the order
// of the drives is not.
func Replaced(set Setup, fixes []fleet.Fix) (Replacement, error) {
	var out Replacement
	byUnit := map[string][]fleet.Fix{}
	for _, f := range fixes {
		byUnit[f.Unit] = append(byUnit[f.Unit], f)
	}
	for _, u := range set.Units {
		_, whole, err := takeWhole(u, &set, byUnit[u.ID])
		if err != nil {
			return out, fmt.Errorf("matching of unit %s: %w", u.ID, err)
		}
		t, came, err := takeAll(u, &set, byUnit[u.ID])
		if err != nil {
			return out, fmt.Errorf("matching of unit %s: %w", u.ID, err)
		}
		driven, decided := match.MetresByArc(set.Graph, whole), match.MetresByArc(set.Graph, append(came, t.m.Flush()...))
		for a, m := range driven {
			out.WholeKm += m / 1000
			out.DifferKm += max(0, m-decided[a]) / 1000
		}
		for a, m := range decided {
			out.DifferKm += max(0, m-driven[a]) / 1000
		}
	}
	out.DifferPct = pct(out.DifferKm, out.WholeKm)
	return out, nil
}
