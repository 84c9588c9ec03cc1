package forms

import (
	"context"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// Store is what the forms of a shift are read from.
type Store interface {
	Shifts(ctx context.Context, ubigeo string) ([]fleet.ShiftDef, error)
	Units(ctx context.Context, ubigeo string) ([]fleet.Unit, error)
	Fences(ctx context.Context, ubigeo string) ([]journal.Fence, error)
}

// Read gives what the forms of a shift are made of; streets gives the graph of
// the shift, and nil for none.
func Read(ctx context.Context, st Store, d fleet.District, id fleet.ShiftID, plan *patrol.Plan, streets func(from, to time.Time) (*routing.Graph, error)) (s Source, err error) {
	s.District, s.Plan = d, plan
	if s.Loc, err = d.Location(); err != nil {
		return s, err
	}
	defs, err := st.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return s, err
	}
	if s.Shift, err = fleet.ResolveShift(id, defs, s.Loc); err != nil {
		return s, err
	}
	if s.Units, err = st.Units(ctx, d.Ubigeo); err != nil {
		return s, err
	}
	fences, err := st.Fences(ctx, d.Ubigeo)
	if err != nil {
		return s, err
	}
	s.Sectors = map[string]string{}
	for _, f := range fences {
		if f.Kind == journal.Sector {
			s.Sectors[f.ID] = f.Name
		}
	}
	s.Graph, err = streets(s.Shift.Start, s.Shift.End)
	return s, err
}
