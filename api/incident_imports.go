package api

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/retain"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
)

// maxImports is how many imports are listed.
const maxImports = 200

// ImportIncidents adds the incidents of a file. What it did is audited with it.
func (s *server) ImportIncidents(ctx context.Context, r ImportIncidentsRequestObject) (ImportIncidentsResponseObject, error) {
	f, d, err := s.upload(ctx, r.Ubigeo, r.Body, "file")
	if err != nil {
		return nil, err
	}
	defer f.close()
	rep, err := s.cfg.Importer.ImportIncidents(ctx, d, IncidentFile{Upload: f.files["file"], Mapping: f.fields["mapping"], DryRun: f.fields["dry_run"] == "true",
		Trust: f.fields["trust"] == "true", Token: f.fields["token"], By: auditRow(ctx, r.Ubigeo, "import.incidents", "", "")})
	if err != nil {
		return nil, err
	}
	if !rep.DryRun {
		s.cfg.Changed(ctx, r.Ubigeo)
	}
	return ImportIncidents200JSONResponse(rep), nil
}

// GetImportProgress tells how far an import is.
func (s *server) GetImportProgress(_ context.Context, r GetImportProgressRequestObject) (GetImportProgressResponseObject, error) {
	var token string
	if r.Params.Token != nil {
		token = *r.Params.Token
	}
	p, ok := s.cfg.Importer.ImportProgress(r.Ubigeo, token)
	if !ok {
		p.Stage = ImportNone
	}
	return GetImportProgress200JSONResponse(p), nil
}

// GetIncidentImports lists the files that were imported.
func (s *server) GetIncidentImports(ctx context.Context, r GetIncidentImportsRequestObject) (GetIncidentImportsResponseObject, error) {
	ims, err := s.cfg.Store.Imports(ctx, r.Ubigeo, maxImports)
	if err != nil {
		return nil, err
	}
	days, err := s.cfg.Store.RejectedRetention(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	out := GetIncidentImports200JSONResponse{}
	for _, im := range ims {
		row := IncidentImport{Id: im.ID, File: im.File, At: stamp(im.At), By: im.By, Rows: im.Rows, Inserted: im.Inserted, Known: im.Known, Duplicates: im.Duplicates,
			Rejected: im.Rejected, Simulated: im.Simulated, First: ptr(stamp(im.First)), Last: ptr(stamp(im.Last)), UndoneBy: some(im.UndoneBy)}
		switch {
		case !im.UndoneAt.IsZero():
			row.UndoneAt = ptr(stamp(im.UndoneAt))
		case !im.ForgottenAt.IsZero():
			row.ForgottenAt = ptr(stamp(im.ForgottenAt))
		case im.Rejected > 0:
			row.RejectedUntil = ptr(stamp(retain.RejectedUntil(im.At, days)))
		}
		out = append(out, row)
	}
	return out, nil
}

// UndoIncidentImport takes the incidents of an import away again.
func (s *server) UndoIncidentImport(ctx context.Context, r UndoIncidentImportRequestObject) (UndoIncidentImportResponseObject, error) {
	n, err := s.cfg.Store.UndoImport(ctx, r.Ubigeo, r.Id, callerOf(ctx).user.Username, s.cfg.Now(), auditRow(ctx, r.Ubigeo, "import.undo", r.Id, ""))
	if err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return UndoIncidentImport200JSONResponse{Deleted: n}, nil
}

// rejectedFile is the table of an import's rejected rows.
type rejectedFile struct {
	im   hotspots.Import
	rows []hotspots.Rejected
}

// VisitGetRejectedRowsResponse writes the table.
func (f rejectedFile) VisitGetRejectedRowsResponse(w http.ResponseWriter) error {
	name := safeName(strings.TrimSuffix(f.im.File, filepath.Ext(f.im.File)))
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`-rechazadas.csv"`)
	return importer.WriteRejected(w, f.im.Header, f.im.Comma, f.rows, func(r hotspots.Rejected) string { return r.Reason })
}

// GetRejectedRows gives the rejected rows of an import. They are as the source
// wrote them, with names and addresses it may be, so the look is audited.
func (s *server) GetRejectedRows(ctx context.Context, r GetRejectedRowsRequestObject) (GetRejectedRowsResponseObject, error) {
	ims, err := s.cfg.Store.Imports(ctx, r.Ubigeo, maxImports)
	if err != nil {
		return nil, err
	}
	for _, im := range ims {
		if im.ID == r.Id && !im.ForgottenAt.IsZero() {
			return nil, fmt.Errorf("%w: the rejected rows of %q were forgotten at %s", fleet.ErrNotFound, im.ID, im.ForgottenAt.Format(time.RFC3339))
		}
		if im.ID == r.Id {
			rows, err := s.cfg.Store.Rejected(ctx, r.Ubigeo, im.ID)
			if err != nil {
				return nil, err
			}
			return rejectedFile{im, rows}, s.audit(ctx, r.Ubigeo, "import.rejected", im.ID, im.File)
		}
	}
	return nil, fmt.Errorf("%w: no import is called %q", fleet.ErrNotFound, r.Id)
}
