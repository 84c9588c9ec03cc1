package api

import (
	"context"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

func tilesURL(ubigeo, version string) string {
	return "/tiles/" + ubigeo + "/" + version + "/{z}/{x}/{y}"
}

// boundsOf gives the box of the district: of its boundary, else of its streets.
func boundsOf(d fleet.District, g *routing.Graph) Bounds {
	b := d.Boundary.Bound()
	if len(d.Boundary) == 0 {
		b = orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
		for i := range g.Segments {
			if g.Segments[i].Belongs {
				b = b.Union(g.Segments[i].Line.Bound())
			}
		}
	}
	return Bounds{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
}

// GetDistrict tells what the page begins with.
func (s *server) GetDistrict(ctx context.Context, r GetDistrictRequestObject) (GetDistrictResponseObject, error) {
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	units, err := s.cfg.Store.Units(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	defs, err := s.cfg.Store.Shifts(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	kinds := []DistrictSimulatedKinds{}
	if d.Simulated {
		made, err := s.cfg.Store.SimulatedKinds(ctx, r.Ubigeo)
		if err != nil {
			return nil, err
		}
		for _, k := range made {
			kinds = append(kinds, DistrictSimulatedKinds(k))
		}
	}
	now := s.cfg.Now()
	out := GetDistrict200JSONResponse{Ubigeo: d.Ubigeo, Name: d.Name, Province: d.Province, TimeZone: loc.String(),
		Simulated: d.Simulated, SimulatedKinds: kinds, Demo: d.Demo, Role: callerOf(ctx).user.Districts[r.Ubigeo],
		ServerTime: stamp(now), ClockRate: s.cfg.ClockRate, Bases: []orb.Point{}}
	cur, ok := s.cfg.Watch.Shift(r.Ubigeo)
	if !ok {
		cur, _ = fleet.ShiftAt(now, defs, loc)
	}
	out.Shift = s.shift(cur, now)
	next, _ := fleet.NextShift(cur.End, defs, loc)
	out.NextShift = s.shift(next, now)
	seen := map[orb.Point]bool{}
	for _, u := range units {
		if u.Active {
			out.Units++
			if u.Base != (orb.Point{}) && !seen[u.Base] {
				seen[u.Base] = true
				out.Bases = append(out.Bases, u.Base)
			}
		}
	}
	if g, version := s.cfg.Watch.Graph(r.Ubigeo); g != nil {
		b := boundsOf(d, g)
		km := 0.0
		for i := range g.Segments {
			if g.Segments[i].Belongs {
				km += g.Segments[i].Length / 1000
			}
		}
		out.Bounds, out.Streets, out.Tiles, out.StreetKm = &b, &version, ptr(tilesURL(d.Ubigeo, version)), ptr(km)
	}
	if len(d.Boundary) > 0 {
		fc := geojson.NewFeatureCollection().Append(geojson.NewFeature(d.Boundary))
		raw, err := fc.MarshalJSON()
		if err != nil {
			return nil, err
		}
		out.Boundary = ptr(FeatureCollection(raw))
	}
	return out, nil
}

// shiftOf gives a district and the shift that a request names.
func (s *server) shiftOf(ctx context.Context, ubigeo string, id *string) (fleet.District, fleet.Shift, error) {
	d, err := s.cfg.Store.District(ctx, ubigeo)
	if err != nil {
		return d, fleet.Shift{}, err
	}
	shift, err := s.whichShift(ctx, d, id)
	return d, shift, err
}

// whichShift finds the shift that a request names, the current one by default.
func (s *server) whichShift(ctx context.Context, d fleet.District, id *string) (fleet.Shift, error) {
	if id == nil || *id == "" {
		if f, ok := s.cfg.Watch.Shift(d.Ubigeo); ok {
			return f, nil
		}
	}
	loc, err := d.Location()
	if err != nil {
		return fleet.Shift{}, err
	}
	defs, err := s.cfg.Store.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return fleet.Shift{}, err
	}
	if id == nil || *id == "" {
		if f, ok := fleet.ShiftAt(s.cfg.Now(), defs, loc); ok {
			return f, nil
		}
		return fleet.Shift{}, problem{fleet.ErrNotFound, "A esta hora no hay turno; elija uno.", "shift"}
	}
	if f, ok := s.cfg.Watch.Shift(d.Ubigeo); ok && string(f.ID) == *id {
		return f, nil
	}
	f, err := fleet.ResolveShift(fleet.ShiftID(*id), defs, loc)
	if err != nil {
		return f, problem{fleet.ErrInvalid, "No se reconoce el turno; use la forma AAAA-MM-DD/turno con un turno del distrito.", "shift"}
	}
	return f, nil
}

// GetSegments lists the segments in the order that presence arrays use.
func (s *server) GetSegments(_ context.Context, r GetSegmentsRequestObject) (GetSegmentsResponseObject, error) {
	out := GetSegments200JSONResponse{Segments: []StreetSegment{}}
	g, version := s.cfg.Watch.Graph(r.Ubigeo)
	out.Version = version
	if g == nil {
		return out, nil
	}
	for i := range g.Segments {
		sg := &g.Segments[i]
		out.Segments = append(out.Segments, StreetSegment{Id: sg.ID, Label: sg.Label, Name: some(sg.Name), Class: sg.Class.String(),
			Metres: math.Round(sg.Length*10) / 10, Belongs: sg.Belongs, Line: flat(sg.Line)})
	}
	return out, nil
}

// flat writes a line as lon, lat, lon, lat with six decimals (0.1 m).
func flat(l orb.LineString) []float64 {
	out := make([]float64, 0, 2*len(l))
	for _, p := range l {
		out = append(out, math.Round(p[0]*1e6)/1e6, math.Round(p[1]*1e6)/1e6)
	}
	return out
}

// GetStreetReport gives the report of the last import.
func (s *server) GetStreetReport(ctx context.Context, r GetStreetReportRequestObject) (GetStreetReportResponseObject, error) {
	rep, err := s.cfg.Planner.StreetReport(ctx, r.Ubigeo)
	if g, _ := s.cfg.Watch.Graph(r.Ubigeo); err == nil && g != nil {
		rep.Junctions = ptr(g.Crossings())
	}
	return GetStreetReport200JSONResponse(rep), err
}
