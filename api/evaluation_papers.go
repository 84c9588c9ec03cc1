package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// VisitGetEvaluationPaperResponse writes the file.
func (f paperFile) VisitGetEvaluationPaperResponse(w http.ResponseWriter) error { return f.write(w) }

// VisitGetMeetingPaperResponse writes the file.
func (f paperFile) VisitGetMeetingPaperResponse(w http.ResponseWriter) error { return f.write(w) }

// queryOf is what of a review is asked for.
func queryOf(from, to time.Time, sector, shift *string) review.Query {
	q := review.Query{Period: review.Period{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)}}
	if sector != nil {
		q.Sector = *sector
	}
	if shift != nil {
		q.Shift = *shift
	}
	return q
}

// reviewed makes the review of a query.
func (s *server) reviewed(ctx context.Context, ubigeo string, q review.Query) (review.Review, error) {
	made, err := s.cfg.Reviewed(ctx, ubigeo, q)
	if errors.Is(err, fleet.ErrInvalid) {
		return made, errPeriod
	}
	return made, err
}

// formatOr reads the format that is asked for; PDF without one.
func formatOr[T ~string](asked *T) export.Format {
	if asked == nil {
		return templates.PDF
	}
	return export.Format(*asked)
}

// GetEvaluationPaper gives the joint review of a period as a file.
func (s *server) GetEvaluationPaper(ctx context.Context, r GetEvaluationPaperRequestObject) (GetEvaluationPaperResponseObject, error) {
	q := queryOf(r.Params.From.Time, r.Params.To.Time, r.Params.Sector, r.Params.Shift)
	made, err := s.reviewed(ctx, r.Ubigeo, q)
	if err != nil {
		return nil, err
	}
	streets, err := s.backdrop(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	p, f := templates.OfReview(made, streets, s.cfg.Now()), formatOr(r.Params.Format)
	if err := s.audit(ctx, r.Ubigeo, "paper.review", q.From+"/"+q.To, p.FileName(f)); err != nil {
		return nil, err
	}
	return paperAs(p, f)
}

// GetMeetingPaper gives a session as a file.
func (s *server) GetMeetingPaper(ctx context.Context, r GetMeetingPaperRequestObject) (GetMeetingPaperResponseObject, error) {
	x, err := s.cfg.Store.ReviewSession(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	streets, err := s.backdrop(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	p, err := templates.OfSession(x, streets, s.cfg.Now())
	if err != nil {
		return nil, err
	}
	f := formatOr(r.Params.Format)
	if err := s.audit(ctx, r.Ubigeo, "paper.session", x.ID, p.FileName(f)); err != nil {
		return nil, err
	}
	return paperAs(p, f)
}

// backdrop gives the streets of today, over which maps of a review are drawn;
// a district without streets has maps without them.
func (s *server) backdrop(ctx context.Context, ubigeo string) (templates.Streets, error) {
	d, err := s.cfg.Store.District(ctx, ubigeo)
	if err != nil {
		return templates.Streets{}, err
	}
	g, err := s.streetsFor(ctx, d)(s.cfg.Now(), s.cfg.Now())
	return templates.StreetsOf(g), err
}
