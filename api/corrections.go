package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// correctionRow is a correction, and whether it has a street on the present map.
type correctionRow struct {
	routing.Correction
	Found bool `json:"found"`
}

// GetCorrections lists the local corrections of the map.
func (s *server) GetCorrections(ctx context.Context, r GetCorrectionsRequestObject) (GetCorrectionsResponseObject, error) {
	cs, err := s.cfg.Store.Corrections(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	out := GetCorrections200JSONResponse{}
	if len(cs) == 0 {
		return out, nil
	}
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	results, err := s.cfg.Planner.Corrected(ctx, d)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, res := range results {
		found[res.ID] = res.By != routing.NotFound
	}
	for _, c := range cs {
		out = append(out, correctionRow{c, found[c.ID]})
	}
	return out, nil
}

// AddCorrection keeps what the municipality knows better than the map. It is
// tried on the present streets first: one that cannot be applied is refused.
func (s *server) AddCorrection(ctx context.Context, r AddCorrectionRequestObject) (AddCorrectionResponseObject, error) {
	c := routing.Correction(*r.Body)
	c.CreatedBy, c.CreatedAt = callerOf(ctx).user.Username, s.cfg.Now().UTC()
	c.Name, c.Note = strings.TrimSpace(c.Name), strings.TrimSpace(c.Note)
	if c.ID == "" {
		var b [8]byte
		rand.Read(b[:]) // never fails
		c.ID = hex.EncodeToString(b[:])
	}
	if len(c.ID) > 64 || len(c.Name) > 240 || len(c.Note) > 2000 || len(c.Line) > 2000 {
		return nil, invalid("", "La corrección es demasiado larga.")
	}
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	g, _ := s.cfg.Watch.Graph(r.Ubigeo)
	if g == nil {
		return nil, invalid("segment", "Primero suba las calles del distrito.")
	}
	if i := segmentOf(g, c.Segment); i >= 0 && len(c.Line) == 0 {
		c.Line = g.Segments[i].Line // to find it again after a new import
	}
	now := s.cfg.Now()
	_, results, err := routing.Apply(g, []routing.Correction{c}, [2]time.Time{now, now.AddDate(0, 0, 1)}, loc)
	if err != nil {
		return nil, invalid("", "No se puede aplicar: "+err.Error())
	}
	if err := s.cfg.Store.SaveCorrection(ctx, r.Ubigeo, c); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "correction.save", c.ID, string(c.Kind)); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return AddCorrection200JSONResponse{Correction: Correction(c), Found: len(results) > 0 && results[0].By != routing.NotFound}, nil
}

func segmentOf(g *routing.Graph, id string) int {
	for i := range g.Segments {
		if g.Segments[i].ID == id {
			return i
		}
	}
	return -1
}

// DeleteCorrection takes a correction back; its history stays.
func (s *server) DeleteCorrection(ctx context.Context, r DeleteCorrectionRequestObject) (DeleteCorrectionResponseObject, error) {
	if err := s.cfg.Store.DeleteCorrection(ctx, r.Ubigeo, r.Id); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "correction.delete", r.Id, ""); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return DeleteCorrection204Response{}, nil
}
