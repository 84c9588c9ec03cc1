package daily

import (
	"context"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/routing"
)

// guests are the police vehicles of a shift whose tracks were uploaded. Each is
// on duty for the whole shift: where its track is silent nothing is known of it,
// and no presence of the municipality counts as complementary because of it.
func (m *Maker) guests(ctx context.Context, ubigeo string, s fleet.Shift) ([]watch.Guest, error) {
	fixes, err := m.Source.GuestFixes(ctx, ubigeo, s.Start, s.End)
	if err != nil {
		return nil, err
	}
	var out []watch.Guest
	for _, f := range fixes {
		if n := len(out); n == 0 || out[n-1].Unit.ID != f.Unit {
			out = append(out, watch.Guest{Unit: coverage.Unit{ID: f.Unit, Force: coverage.Police, Mode: routing.Car, Duty: coverage.Window{Start: s.Start, End: s.End}}})
		}
		g := &out[len(out)-1]
		g.Fixes = append(g.Fixes, f)
	}
	return out, nil
}
