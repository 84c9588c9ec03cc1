package api

import (
	"context"

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
	return GetEvaluation200JSONResponse{Review: made, Formulas: review.Formulas(), Map: presenceMap(made)}, nil
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
