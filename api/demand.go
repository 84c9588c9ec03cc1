package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// nearStreet in metres: a place within it is called by the street.
const nearStreet = 120

// place names the street at p; empty if none is near.
func place(g *routing.Graph, p orb.Point) string { return g.LabelAt(p, nearStreet) }

// incident is an incident as the caller may see it.
func (s *server) incident(g *routing.Graph, in hotspots.Incident, control bool, sectors sectorNames) Incident {
	out := Incident{Key: in.Key, At: stamp(in.At), Simulated: in.Simulated, Type: []string{}, Hidden: pointHidden(control, in), Origin: some(string(in.Origin)), Source: some(in.Source)}
	if out.Hidden {
		out.Key = s.veiled(in.Key)
		out.Sector = some(sectors.of(in.Point))
	} else {
		p := LonLat(in.Point)
		out.Point, out.Place, out.Note, out.Grade = &p, some(place(g, in.Point)), some(in.Note), some(IncidentGrade(in.Grade))
	}
	if !in.Until.IsZero() {
		out.Until = ptr(stamp(in.Until))
	}
	for _, t := range in.Type {
		if t != "" {
			out.Type = append(out.Type, t)
		}
	}
	return out
}

// GetIncidents lists the newest incidents.
func (s *server) GetIncidents(ctx context.Context, r GetIncidentsRequestObject) (GetIncidentsResponseObject, error) {
	limit := 200
	if r.Params.Limit != nil {
		limit = min(max(*r.Params.Limit, 1), 5000)
	}
	ins, err := s.cfg.Store.RecentIncidents(ctx, r.Ubigeo, limit)
	if err != nil {
		return nil, err
	}
	sectors, err := s.sectorNames(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	g, _ := s.cfg.Watch.Graph(r.Ubigeo)
	control := inControlRoom(ctx, r.Ubigeo)
	out := GetIncidents200JSONResponse{}
	for _, in := range ins {
		out = append(out, s.incident(g, in, control, sectors))
	}
	return out, nil
}

// AddIncident registers an incident live.
func (s *server) AddIncident(ctx context.Context, r AddIncidentRequestObject) (AddIncidentResponseObject, error) {
	b := r.Body
	now := s.cfg.Now().UTC()
	in := hotspots.Incident{At: now, Known: now, Point: b.Point, Source: "live"}
	if len(b.Type) == 0 || strings.TrimSpace(b.Type[0]) == "" {
		return nil, invalid("type", "Elija el tipo de ocurrencia.")
	}
	if len(b.Type) > len(in.Type) {
		return nil, invalid("type", "Un tipo tiene a lo más tres niveles.")
	}
	for i, t := range b.Type {
		if t = strings.TrimSpace(t); len(t) > 120 {
			return nil, invalid("type", "El tipo es demasiado largo.")
		}
		in.Type[i] = strings.TrimSpace(t)
	}
	if b.At != nil {
		in.At = b.At.UTC()
	}
	if in.At.After(now.Add(5*time.Minute)) || in.At.Before(now.AddDate(-20, 0, 0)) {
		return nil, invalid("at", "La hora de la ocurrencia no puede ser futura ni de hace más de 20 años.")
	}
	if err := hotspots.CheckPoint(in.Point); err != nil {
		return nil, invalid("point", "Marque el lugar en el mapa.")
	}
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	if b.Origin != nil {
		in.Origin = hotspots.Origin(*b.Origin)
		if !b.Origin.Valid() {
			return nil, invalid("origin", "No se reconoce el origen.")
		}
	}
	if b.Note != nil {
		if in.Note = strings.TrimSpace(*b.Note); len(in.Note) > 2000 {
			return nil, invalid("note", "La nota es demasiado larga.")
		}
	}
	g, _ := s.cfg.Watch.Graph(r.Ubigeo)
	if g != nil && len(d.Boundary) > 0 && !routing.NewRegion(d.Boundary).Contains(in.Point) && place(g, in.Point) == "" {
		return nil, invalid("point", "El lugar está fuera del distrito y de sus calles.")
	}
	var key [12]byte
	rand.Read(key[:]) // never fails
	in.Key = "live-" + hex.EncodeToString(key[:])
	if _, _, err := s.cfg.Store.SaveIncidents(ctx, r.Ubigeo, []hotspots.Incident{in}); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "incident.add", in.Key, ""); err != nil {
		return nil, err
	}
	sectors, err := s.sectorNames(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	return AddIncident201JSONResponse(s.incident(g, in, inControlRoom(ctx, r.Ubigeo), sectors)), nil
}

// GetPolice gives the police presence as GeoJSON.
func (s *server) GetPolice(ctx context.Context, r GetPoliceRequestObject) (GetPoliceResponseObject, error) {
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	ps, err := s.cfg.Store.Presence(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	var shift *fleet.Shift
	if r.Params.Shift != nil && *r.Params.Shift != "" {
		f, err := s.whichShift(ctx, d, r.Params.Shift)
		if err != nil {
			return nil, err
		}
		shift = &f
	}
	raw, err := presenceGeoJSON(d, ps, shift)
	return geojsonAnswer(raw), err
}
