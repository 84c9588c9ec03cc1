package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/risk"
)

// GetPriorityAreas gives the areas agreed on, and what the joint map of a shift
// puts forward beside them.
func (s *server) GetPriorityAreas(ctx context.Context, r GetPriorityAreasRequestObject) (GetPriorityAreasResponseObject, error) {
	shift, m, _, err := s.jointMap(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	date, code, err := shift.ID.Split()
	if err != nil {
		return nil, err
	}
	fences, err := s.cfg.Store.Fences(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	refusals, err := s.cfg.Store.Refusals(ctx, r.Ubigeo, code, date)
	if err != nil {
		return nil, err
	}
	out := GetPriorityAreas200JSONResponse{Shift: string(shift.ID), Areas: []PriorityArea{}, Proposed: []PriorityProposal{}, Refused: []RefusedArea{}}
	refused := map[hotspots.Cell]bool{}
	for _, x := range refusals {
		refused[x.Cell] = true
		out.Refused = append(out.Refused, RefusedArea{Id: x.Cell.String(), Until: x.Until, Reason: some(x.Reason), By: x.By})
	}
	for _, f := range fences {
		if f.Kind != journal.Priority {
			continue
		}
		a := PriorityArea{Id: f.ID, InForce: f.Term.Holds(shift.ID), Ring: []LonLat{}, Term: PriorityTerm{Name: f.Name, Level: PriorityTermLevel(f.Term.Preferred()),
			From: some(f.Term.From), Until: some(f.Term.Until)}}
		if len(f.Term.Shifts) > 0 {
			a.Term.Shifts = &f.Term.Shifts
		}
		for _, p := range f.Geometry[0][0] {
			a.Ring = append(a.Ring, p)
		}
		out.Areas = append(out.Areas, a)
	}
	g, _ := s.cfg.Watch.Graph(r.Ubigeo)
	inForce := journal.InForce(fences, shift.ID)
	control := inControlRoom(ctx, r.Ubigeo)
	proposed := m.Propose()
	if !control {
		slices.SortFunc(proposed, func(a, b risk.Proposal) int {
			return cmp.Or(cmp.Compare(roughly(false, b.Times), roughly(false, a.Times)), cmp.Compare(a.Cell.Cell, b.Cell.Cell))
		})
	}
	for i, p := range proposed {
		centre := m.Grid.Centre(p.Cell.Index)
		taken := refused[p.Cell.Cell]
		for _, f := range inForce {
			taken = taken || f.ID == p.Cell.Cell.String() || planar.MultiPolygonContains(f.Geometry, centre)
		}
		if !taken {
			out.Proposed = append(out.Proposed, PriorityProposal{Id: p.Cell.Cell.String(), Level: PriorityProposalLevel(p.Level), Rank: i + 1, Times: roughly(control, p.Times),
				Place: some(place(g, centre)), Ring: ringOf(m.Grid, p.Cell.Index)})
		}
	}
	return out, nil
}

// SavePriorityArea accepts a cell as a priority area, or changes one.
func (s *server) SavePriorityArea(ctx context.Context, r SavePriorityAreaRequestObject) (SavePriorityAreaResponseObject, error) {
	f, err := s.priorityArea(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	b := r.Body
	f.Name, f.Term = b.Name, journal.Term{Level: risk.Level(b.Level)}
	if b.From != nil {
		f.Term.From = *b.From
	}
	if b.Until != nil {
		f.Term.Until = *b.Until
	}
	if b.Shifts != nil {
		f.Term.Shifts = *b.Shifts
	}
	if b.Ring != nil {
		if f.Geometry, err = s.outline(ctx, r.Ubigeo, *b.Ring); err != nil {
			return nil, err
		}
	}
	if n := len([]rune(f.Name)); n == 0 || n > 80 {
		return nil, invalid("name", "Escriba un nombre de hasta 80 letras.")
	}
	for _, code := range f.Term.Shifts {
		if err := s.knownShift(ctx, r.Ubigeo, "shifts", code); err != nil {
			return nil, err
		}
	}
	if (journal.Term{From: f.Term.From}).Check() != nil {
		return nil, invalid("from", "Escriba la primera fecha como AAAA-MM-DD.")
	}
	if err := journal.CheckFence(f); err != nil {
		return nil, invalid("until", "Escriba la última fecha como AAAA-MM-DD, no antes de la primera.")
	}
	if err := s.cfg.Store.SaveFence(ctx, r.Ubigeo, f); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "priority.save", f.ID, fmt.Sprintf("%s %s", f.Name, f.Term.Level)); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return SavePriorityArea204Response{}, nil
}

// outline makes an area of its corners, closed or not.
func (s *server) outline(ctx context.Context, ubigeo string, corners []LonLat) (orb.MultiPolygon, error) {
	d, err := s.cfg.Store.District(ctx, ubigeo)
	if err != nil {
		return nil, err
	}
	ring := orb.Ring(slices.Clone(corners))
	if !ring.Closed() {
		ring = append(ring, ring[0])
	}
	if len(ring) < 4 || planar.Area(ring) == 0 {
		return nil, invalid("ring", "Dibuje el área con tres esquinas o más.")
	}
	if !within(d, corners) {
		return nil, invalid("ring", "El área queda fuera del distrito: dibújela dentro.")
	}
	return orb.MultiPolygon{{ring}}, nil
}

// knownShift refuses a code that is none of the district's shifts.
func (s *server) knownShift(ctx context.Context, ubigeo, field, code string) error {
	defs, err := s.cfg.Store.Shifts(ctx, ubigeo)
	if err == nil && !slices.ContainsFunc(defs, func(d fleet.ShiftDef) bool { return d.Code == code }) {
		err = invalid(field, fmt.Sprintf("El distrito no tiene un turno «%s».", code))
	}
	return err
}

// priorityArea finds an area by its id, or makes one of the cell that it names.
func (s *server) priorityArea(ctx context.Context, ubigeo, id string) (journal.Fence, error) {
	fences, err := s.cfg.Store.Fences(ctx, ubigeo)
	if err != nil {
		return journal.Fence{}, err
	}
	for _, f := range fences {
		if f.ID == id && f.Kind == journal.Priority {
			return f, nil
		}
	}
	cell, poly, err := s.jointCell(ctx, ubigeo, id)
	if err != nil {
		return journal.Fence{}, err
	}
	return journal.Fence{ID: cell.String(), Kind: journal.Priority, Geometry: orb.MultiPolygon{poly}}, nil
}

// jointCell finds a cell of the district's joint map.
func (s *server) jointCell(ctx context.Context, ubigeo, id string) (hotspots.Cell, orb.Polygon, error) {
	d, err := s.cfg.Store.District(ctx, ubigeo)
	if err != nil {
		return 0, nil, err
	}
	cell, err := hotspots.ParseCell(id)
	if err != nil || cell.Res() != risk.Res {
		return 0, nil, fmt.Errorf("%w: priority area %q", fleet.ErrNotFound, id)
	}
	grid, err := hotspots.NewGrid(d.Boundary, risk.Res)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
	}
	i, ok := grid.Index(cell)
	if !ok {
		return 0, nil, fmt.Errorf("%w: cell %q is not in district %s", fleet.ErrNotFound, id, ubigeo)
	}
	return cell, grid.Polygon(i), nil
}

// DeletePriorityArea takes a priority area away; other fences it does not know.
func (s *server) DeletePriorityArea(ctx context.Context, r DeletePriorityAreaRequestObject) (DeletePriorityAreaResponseObject, error) {
	fences, err := s.cfg.Store.Fences(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	for _, f := range fences {
		if f.ID == r.Id && f.Kind == journal.Priority {
			if err := s.cfg.Store.DeleteFence(ctx, r.Ubigeo, r.Id); err != nil {
				return nil, err
			}
			if err := s.audit(ctx, r.Ubigeo, "priority.delete", r.Id, f.Name); err != nil {
				return nil, err
			}
			s.cfg.Changed(ctx, r.Ubigeo)
			return DeletePriorityArea204Response{}, nil
		}
	}
	return nil, fmt.Errorf("%w: priority area %q", fleet.ErrNotFound, r.Id)
}

// RefusePriorityArea notes that a cell is not to be put forward for a while.
func (s *server) RefusePriorityArea(ctx context.Context, r RefusePriorityAreaRequestObject) (RefusePriorityAreaResponseObject, error) {
	cell, _, err := s.jointCell(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	x := risk.Refusal{Cell: cell, Shift: r.Body.Shift, Until: r.Body.Until, By: callerOf(ctx).user.Username, At: s.cfg.Now().UTC()}
	if r.Body.Reason != nil {
		x.Reason = *r.Body.Reason
	}
	if x.Check() != nil {
		return nil, invalid("until", "Escriba la fecha como AAAA-MM-DD, y el motivo en pocas palabras.")
	}
	if err := s.knownShift(ctx, r.Ubigeo, "shift", x.Shift); err != nil {
		return nil, err
	}
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	if x.Until < s.cfg.Now().In(loc).Format(time.DateOnly) {
		return nil, invalid("until", "La fecha ya pasó: dé la de hoy o una que venga.")
	}
	return RefusePriorityArea204Response{}, s.cfg.Store.SaveRefusal(ctx, r.Ubigeo, x, auditRow(ctx, r.Ubigeo, "priority.refuse", cell.String(), x.Until))
}
