package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/fleet"
)

// file is an answer that is written as it is made.
type file struct {
	ctx   context.Context
	s     *server
	query export.Query
	form  export.Format
}

// VisitExportResponse writes the file. Once it has begun, an error can only
// break the connection off, so that nobody takes half a file for a whole one.
func (f file) VisitExportResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", f.form.Mime())
	w.Header().Set("Content-Disposition", `attachment; filename="`+export.FileName(f.query, f.form)+`"`)
	err := export.Write(f.ctx, w, f.s.cfg.Store, f.query, f.form)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			f.s.log.Error("export", "ubigeo", f.query.Ubigeo, "what", f.query.What, "format", f.form, "err", err)
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}

// Export gives a file of what units did.
func (s *server) Export(ctx context.Context, r ExportRequestObject) (ExportResponseObject, error) {
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	q := export.Query{Ubigeo: r.Ubigeo, What: export.Trail}
	if q.Loc, err = d.Location(); err != nil {
		return nil, err
	}
	f := export.CSV
	if r.Params.What != nil {
		q.What = export.What(*r.Params.What)
	}
	if r.Params.Format != nil {
		f = export.Format(*r.Params.Format)
	}
	if q.From, q.To, err = s.period(r.Params.From, r.Params.To, 24*time.Hour, maxTracksSpan); err != nil {
		return nil, err
	}
	if q.Units, err = s.chosenUnits(ctx, r.Ubigeo, r.Params.Unit); err != nil {
		return nil, err
	}
	q.Doubtful = r.Params.Doubtful != nil && *r.Params.Doubtful
	if err := q.Check(f); errors.Is(err, fleet.ErrInvalid) {
		return nil, invalid("doubtful", "Las posiciones que no cuentan solo se exportan en tablas (CSV, XLSX) de recorridos.")
	}
	if err := s.lookedAt(ctx, r.Ubigeo, strings.Join([]string{"export", string(q.What), string(f)}, "."), q.Units, r.Params.Unit == nil, q.From, q.To); err != nil {
		return nil, err
	}
	return file{ctx, s, q, f}, nil
}
