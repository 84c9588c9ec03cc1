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
	return GetEvaluation200JSONResponse{Review: made, Formulas: review.Formulas()}, nil
}
