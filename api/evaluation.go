package api

import (
	"context"
	"errors"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// errPeriod: the days asked for make no period.
var errPeriod = problem{fleet.ErrInvalid, "El período no vale: dé dos fechas en orden, de un año como máximo.", "from"}

// GetEvaluation gives the joint review of a period.
func (s *server) GetEvaluation(ctx context.Context, r GetEvaluationRequestObject) (GetEvaluationResponseObject, error) {
	made, err := s.reviewed(ctx, r.Ubigeo, queryOf(r.Params.From.Time, r.Params.To.Time, r.Params.Sector, r.Params.Shift))
	if err != nil {
		return nil, err
	}
	return GetEvaluation200JSONResponse{Review: made, Formulas: made.Profile.Formulas(), Map: presenceMap(made)}, nil
}

// GetEvaluationStreets tells which force covered each street in a period.
func (s *server) GetEvaluationStreets(ctx context.Context, r GetEvaluationStreetsRequestObject) (GetEvaluationStreetsResponseObject, error) {
	all, err := s.cfg.StreetPresence(ctx, r.Ubigeo, queryOf(r.Params.From.Time, r.Params.To.Time, r.Params.Sector, r.Params.Shift))
	if errors.Is(err, fleet.ErrInvalid) {
		return nil, errPeriod
	}
	if err != nil {
		return nil, err
	}
	out := GetEvaluationStreets200JSONResponse{}
	for _, x := range all {
		line := make([]LonLat, len(x.Line))
		for i, p := range x.Line {
			line[i] = LonLat(p)
		}
		out = append(out, StreetPresence{Id: x.ID, Name: x.Name, Metres: x.Metres, Line: line, Presence: StreetPresencePresence(x.Presence),
			Municipal: x.Municipal, Police: x.Police, Both: x.Both, Integrated: x.Integrated, Shifts: x.Shifts, PoliceShifts: x.PoliceOf})
	}
	return out, nil
}

// presenceMap draws which force was in each cell.
func presenceMap(r review.Review) []PresenceCell {
	out := []PresenceCell{}
	for _, c := range r.Cells {
		shape, err := c.Cell.Polygon()
		if err != nil || len(shape) == 0 {
			continue
		}
		ring := make([][]float64, len(shape[0]))
		for i, p := range shape[0] {
			ring[i] = []float64{p[0], p[1]}
		}
		out = append(out, PresenceCell{Cell: c.Cell.String(), Ring: ring, Presence: PresenceCellPresence(r.PresenceOf(c))})
	}
	return out
}
