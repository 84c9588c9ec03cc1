package templates

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/forms"
)

// PDF and JSON are the formats of forms beside export.XLSX.
const (
	PDF  export.Format = "pdf"
	JSON export.Format = "json"
)

// Mime is the media type of a form's file.
func Mime(f export.Format) string {
	switch f {
	case PDF:
		return "application/pdf"
	case JSON:
		return "application/json"
	}
	return f.Mime()
}

// Paper is a form that is ready to be written in any format.
type Paper struct {
	Name    string     // of the file, without its ending
	Book    paper.Book // for paper and workbook
	Content any        // for JSON
}

// Write writes a form as a file of a format.
func (p Paper) Write(w io.Writer, f export.Format) error {
	switch f {
	case PDF:
		return paper.WritePDF(w, p.Book)
	case export.XLSX:
		return paper.WriteXLSX(w, p.Book)
	case JSON:
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(p.Content)
	}
	return fmt.Errorf("%w: format %q is none of pdf, xlsx, json", fleet.ErrInvalid, f)
}

// FileName names a form's file.
func (p Paper) FileName(f export.Format) string { return p.Name + "." + string(f) }

// Kinds of form that are made of a plan.
const (
	KindRoster = "roster"
	KindRoute  = "route"
)

// OfPlan makes a form of a shift's plan: the roster, or the route sheets of the
// units named, of all if none is.
func OfPlan(kind string, s forms.Source, units []string, made time.Time) (Paper, error) {
	shift := strings.ReplaceAll(string(s.Shift.ID), "/", "-")
	switch kind {
	case KindRoster:
		r := forms.NewRoster(s, units)
		return Paper{fmt.Sprintf("rol-%s-%s", s.District.Ubigeo, shift), Roster(r, made), r}, nil
	case KindRoute:
		sheets := forms.NewRouteSheets(s, units...)
		if len(sheets) == 0 {
			return Paper{}, fmt.Errorf("%w: the plan has no round for %s", fleet.ErrNotFound, strings.Join(units, ", "))
		}
		name := fmt.Sprintf("hoja-de-ruta-%s-%s-v%d", s.District.Ubigeo, shift, s.Plan.Version)
		if len(units) == 1 {
			name += "-" + units[0]
		}
		return Paper{name, RouteSheets(sheets, StreetsOf(s.Graph), made), sheets}, nil
	}
	return Paper{}, fmt.Errorf("%w: form %q is none of roster, route", fleet.ErrInvalid, kind)
}
