package daily

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/routing"
)

// scope is what a query asks for.
func (m *Maker) scope(ctx context.Context, ubigeo string, q review.Query) (c review.Context, err error) {
	if err := q.Check(); err != nil {
		return c, err
	}
	c = review.Context{Query: q, Profile: m.Profile}
	if c.District, err = m.Source.District(ctx, ubigeo); err != nil {
		return c, err
	}
	own, err := m.Source.ReviewBands(ctx, ubigeo)
	if err != nil {
		return c, err
	}
	c.Profile = c.Profile.With(own)
	fences, err := m.Source.Fences(ctx, ubigeo)
	if err != nil {
		return c, err
	}
	if q.Sector == "" {
		for _, f := range fences {
			if f.Kind == journal.Sector {
				c.Sectors = append(c.Sectors, review.Area{ID: f.ID, Name: f.Name, Shape: f.Geometry})
			}
		}
	} else {
		i := slices.IndexFunc(fences, func(f journal.Fence) bool { return f.ID == q.Sector })
		if i < 0 {
			return c, fmt.Errorf("area %q: %w", q.Sector, fleet.ErrNotFound)
		}
		c.Sector, c.Name = fences[i].Geometry, fences[i].Name
	}
	if q.Shift != "" {
		defs, err := m.Source.Shifts(ctx, ubigeo)
		if err != nil {
			return c, err
		}
		if !slices.ContainsFunc(defs, func(d fleet.ShiftDef) bool { return d.Code == q.Shift }) {
			return c, fmt.Errorf("shift %q: %w", q.Shift, fleet.ErrNotFound)
		}
	}
	return c, nil
}

// Review makes the review that a query asks for, from the facts that are kept.
func (m *Maker) Review(ctx context.Context, ubigeo string, q review.Query) (review.Review, error) {
	c, err := m.scope(ctx, ubigeo, q)
	if err != nil {
		return review.Review{}, err
	}
	f := review.Facts{Days: m.Days(ctx, ubigeo, q.Period), Previous: m.Days(ctx, ubigeo, q.Before()), LastYear: m.Days(ctx, ubigeo, q.YearBefore())}
	for p, to := range map[review.Period]*[]review.Occurrence{q.Period: &f.Calls, q.Before(): &f.PreviousCalls, q.YearBefore(): &f.LastYearCalls} {
		if *to, err = m.occurrences(ctx, c.District, p); err != nil {
			return review.Review{}, err
		}
	}
	r, err := review.Compute(c, f)
	if err != nil {
		return r, err
	}
	return r, m.name(ctx, c.District, &r)
}

// StreetPresence tells which force covered which street of the whole district in
// a period, with the streets' lines; a sector leaves only those whose middle lies
// in it. Streets that are no longer on the map are left out.
func (m *Maker) StreetPresence(ctx context.Context, ubigeo string, q review.Query) (out []Street, err error) {
	c, err := m.scope(ctx, ubigeo, q)
	if err != nil || m.Streets == nil {
		return nil, err
	}
	rows, err := c.Streets(m.Days(ctx, ubigeo, q.Period), func(name string) ([]string, error) { return m.Source.StreetSet(ctx, ubigeo, name) })
	if err != nil {
		return nil, err
	}
	now := m.Now()
	g, _, err := m.Streets(ctx, c.District, [2]time.Time{now, now})
	if err != nil {
		return nil, err
	}
	at := make(map[string]*routing.Segment, len(g.Segments))
	for i := range g.Segments {
		at[g.Segments[i].ID] = &g.Segments[i]
	}
	for _, r := range rows {
		s := at[r.ID]
		if s == nil {
			continue
		}
		middle, _ := geo.PointAtDistanceAlongLine(s.Line, geo.Length(s.Line)/2)
		if len(c.Sector) == 0 || planar.MultiPolygonContains(c.Sector, middle) {
			out = append(out, Street{r, s.Label, s.Length, s.Line})
		}
	}
	return out, nil
}

// Street is one with who covered it.
type Street struct {
	review.StreetRow
	Name   string
	Metres float64
	Line   orb.LineString
}
