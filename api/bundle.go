package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/serenazgo/serenazgo/api/export/evidence"
	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// maxFormDays is how many days a bundle may have that holds the forms of its
// shifts: a month takes a minute to make. The command line has no such bound.
const maxFormDays = 31

// bundleFile is a bundle that is written as it is made.
type bundleFile struct {
	ctx    context.Context
	s      *server
	source evidence.Source
}

// VisitGetEvaluationBundleResponse writes the file. Once it has begun, an error
// can only break the connection off.
func (f bundleFile) VisitGetEvaluationBundleResponse(w http.ResponseWriter) error {
	q := f.source.Query
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+evidence.Name(f.source.District, q)+`.zip"`)
	w.Header().Set("Cache-Control", "no-store")
	zip := evidence.NewZip(w, f.source.Made)
	sum, err := evidence.Write(f.ctx, zip, f.source)
	if err == nil {
		// Before the file is whole: nobody has a bundle that is not on record.
		err = f.s.audit(f.ctx, f.source.District.Ubigeo, "bundle.made", q.From+"/"+q.To, "SHA256SUMS "+sum)
	}
	if err = errors.Join(err, closed(zip, err)); err != nil {
		if !errors.Is(err, context.Canceled) {
			f.s.log.Error("bundle", "ubigeo", f.source.District.Ubigeo, "from", q.From, "to", q.To, "err", err)
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}

// closed ends a file that nothing went wrong with.
func closed(z *evidence.Zip, err error) error {
	if err != nil {
		return nil
	}
	return z.Close()
}

// GetEvaluationBundle gives the evidence of a period. Papers in it are those that
// the caller may have one by one.
func (s *server) GetEvaluationBundle(ctx context.Context, r GetEvaluationBundleRequestObject) (GetEvaluationBundleResponseObject, error) {
	q := queryOf(r.Params.From.Time, r.Params.To.Time, r.Params.Sector, r.Params.Shift)
	if err := q.Check(); err != nil {
		return nil, errPeriod
	}
	made, err := s.reviewed(ctx, r.Ubigeo, q)
	if err != nil {
		return nil, err
	}
	src, err := s.evidenceOf(ctx, r.Ubigeo, q)
	if err != nil {
		return nil, err
	}
	streets, err := s.backdrop(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	src.Review = func(context.Context) (templates.Paper, error) {
		return templates.OfReview(made, streets, src.Made), nil
	}
	src.Sessions = func(ctx context.Context) ([]templates.Paper, error) {
		return evidence.Sessions(ctx, s.cfg.Store, r.Ubigeo, q, streets, src.Made)
	}
	if err := s.audit(ctx, r.Ubigeo, "bundle.ask", q.From+"/"+q.To, q.Sector+" "+q.Shift); err != nil {
		return nil, err
	}
	return bundleFile{ctx, s, src}, nil
}

// evidenceOf says what of a period the caller may have.
func (s *server) evidenceOf(ctx context.Context, ubigeo string, q review.Query) (evidence.Source, error) {
	d, err := s.cfg.Store.District(ctx, ubigeo)
	if err != nil {
		return evidence.Source{}, err
	}
	loc, err := d.Location()
	if err != nil {
		return evidence.Source{}, err
	}
	defs, err := s.cfg.Store.Shifts(ctx, ubigeo)
	if err != nil {
		return evidence.Source{}, err
	}
	src := evidence.Source{District: d, Query: q, Forms: true, Made: s.cfg.Now()}
	if src.Shifts, err = evidence.ShiftsOf(q, defs, loc); err != nil {
		return src, errPeriod
	}
	src.Joint = func(ctx context.Context, shift fleet.Shift) (templates.Paper, error) {
		return s.jointPaper(ctx, d, shift)
	}
	src.Form = func(ctx context.Context, kind string, shift fleet.Shift) (templates.Paper, error) {
		return s.paperOf(ctx, d, shift, GetPaperRequestObject{Ubigeo: ubigeo, Paper: GetPaperParamsPaper(kind)})
	}
	switch {
	case callerOf(ctx).user.Districts[ubigeo] == fleet.RoleLiaison:
		src.Forms, src.Why = false, "nombran unidades del serenazgo, y el enlace policial ve solo cifras conjuntas."
	case len(q.Dates()) > maxFormDays:
		src.Forms, src.Why = false, "el período tiene más de 31 días. Pida uno más corto, o use «serenazgo review» en el servidor."
	}
	return src, nil
}
