package api

import (
	"context"
	"errors"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// errPeriod: the days asked for make no period.
var errPeriod = problem{fleet.ErrInvalid, "El período no vale: dé dos fechas en orden, de un año como máximo.", "from"}

// GetEvaluation gives the joint review of a period.
func (s *server) GetEvaluation(ctx context.Context, r GetEvaluationRequestObject) (GetEvaluationResponseObject, error) {
	q := review.Query{Period: review.Period{From: r.Params.From.Format(time.DateOnly), To: r.Params.To.Format(time.DateOnly)}}
	if r.Params.Sector != nil {
		q.Sector = *r.Params.Sector
	}
	if r.Params.Shift != nil {
		q.Shift = *r.Params.Shift
	}
	made, err := s.cfg.Reviewed(ctx, r.Ubigeo, q)
	if errors.Is(err, fleet.ErrInvalid) {
		return nil, errPeriod
	}
	if err != nil {
		return nil, err
	}
	return GetEvaluation200JSONResponse{Review: made, Formulas: review.Formulas()}, nil
}
