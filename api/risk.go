package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/paulmach/orb/geojson"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
	"github.com/serenazgo/serenazgo/hotspots/risk"
)

// jointMap makes the joint map of a shift from what the store knows.
func (s *server) jointMap(ctx context.Context, ubigeo string, id *string) (fleet.Shift, risk.Map, []risk.Factor, error) {
	d, shift, err := s.shiftOf(ctx, ubigeo, id)
	if err != nil {
		return shift, risk.Map{}, nil, err
	}
	surface, err := s.cfg.Planner.Forecast(ctx, d, shift)
	if err != nil {
		return shift, risk.Map{}, nil, err
	}
	grid, err := hotspots.NewGrid(d.Boundary, risk.Res)
	if err != nil {
		return shift, risk.Map{}, nil, fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
	}
	factors, err := s.cfg.Store.Factors(ctx, ubigeo)
	if err != nil {
		return shift, risk.Map{}, nil, err
	}
	settings, err := s.cfg.Store.RiskSettings(ctx, ubigeo)
	return shift, risk.Joint(grid, surface, factors, settings), factors, err
}

// GetRiskMap gives the joint map and what it is made with.
func (s *server) GetRiskMap(ctx context.Context, r GetRiskMapRequestObject) (GetRiskMapResponseObject, error) {
	shift, m, factors, err := s.jointMap(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	out := GetRiskMap200JSONResponse{Shift: string(shift.ID), Share: m.Share, Settings: RiskSettings{Share: m.Settings.Share, Terms: []RiskTerm{}}, Factors: []RiskFactor{}, Cells: []RiskCell{}}
	for _, k := range risk.Kinds() {
		t := m.Settings.Term(k)
		out.Settings.Terms = append(out.Settings.Terms, RiskTerm{Kind: string(k), Weight: t.Weight, ReachM: t.Reach})
	}
	for _, f := range factors {
		shape, err := json.Marshal(geojson.NewGeometry(f.Geometry))
		if err != nil {
			return nil, err
		}
		out.Factors = append(out.Factors, RiskFactor{Id: f.ID, Kind: string(f.Kind), Name: f.Name, Source: f.Source, Simulated: f.Simulated, Geometry: shape})
	}
	g, _ := s.cfg.Watch.Graph(r.Ubigeo)
	control := inControlRoom(ctx, r.Ubigeo)
	for i, c := range rankedFor(control, m) {
		cell := RiskCell{Id: c.Cell.String(), Ring: ringOf(m.Grid, c.Index), Rank: i + 1, Times: roughly(control, m.Times(c)), Crime: roughly(control, c.Crime), Municipal: c.Municipal, Joint: roughly(control, c.Joint), Expected: roughly(control, c.Expected),
			Exposure: map[string]float64{}}
		if i < risk.MaxProposed {
			cell.Place = some(place(g, m.Grid.Centre(c.Index)))
		}
		for k, e := range c.Exposure {
			cell.Exposure[string(k)] = e
		}
		out.Cells = append(out.Cells, cell)
	}
	return out, nil
}

// rankedFor gives the cells of a joint map in order: outside the control room in
// that of their rounded figures, since the order of the exact ones would tell what
// rounding hides.
func rankedFor(control bool, m risk.Map) []risk.Cell {
	cells := m.Ranked(-1)
	if !control {
		slices.SortFunc(cells, func(a, b risk.Cell) int {
			return cmp.Or(cmp.Compare(roughly(false, b.Joint), roughly(false, a.Joint)), cmp.Compare(a.Cell, b.Cell))
		})
	}
	return cells
}

// ringOf gives the outline of a cell.
func ringOf(g *hotspots.Grid, cell int) []LonLat {
	return append([]LonLat{}, g.Polygon(cell)[0]...)
}

// SaveRiskSettings sets how the joint map is made. Kinds that are not named
// count as by default.
func (s *server) SaveRiskSettings(ctx context.Context, r SaveRiskSettingsRequestObject) (SaveRiskSettingsResponseObject, error) {
	set := risk.Settings{Share: r.Body.Share, Terms: map[risk.Kind]risk.Term{}}
	for _, t := range r.Body.Terms {
		set.Terms[risk.Kind(t.Kind)] = risk.Term{Weight: t.Weight, Reach: t.ReachM}
	}
	if err := set.Check(); err != nil {
		return nil, invalid("terms", "Un peso va de −10 a 10, un alcance de 20 a 2000 metros, y la parte municipal de 0 a 100 %.")
	}
	return SaveRiskSettings204Response{}, s.cfg.Store.SaveRiskSettings(ctx, r.Ubigeo, set, auditRow(ctx, r.Ubigeo, "risk.settings", "", fmt.Sprintf("%g", set.Share)))
}

// DeleteRiskFactor takes a factor away.
func (s *server) DeleteRiskFactor(ctx context.Context, r DeleteRiskFactorRequestObject) (DeleteRiskFactorResponseObject, error) {
	return DeleteRiskFactor204Response{}, s.cfg.Store.DeleteFactor(ctx, r.Ubigeo, r.Id, auditRow(ctx, r.Ubigeo, "risk.delete", r.Id, ""))
}

// maxRejectedLines is how many rejected rows a report lists.
const maxRejectedLines = 50

// factorFaults word why a row of a file of factors was rejected.
var factorFaults = map[string]string{
	risk.NoKind:                 "«%s» no nombra ningún tipo de factor.",
	risk.BadShape:               "no tiene un punto, una línea o un polígono cerrado que valga, en grados.",
	risk.Twice:                  "el mismo factor está dos veces en el archivo.",
	string(importer.NoPlace):    "no tiene latitud y longitud.",
	string(importer.NotDegrees): "la latitud o la longitud no es un número de grados.",
	string(importer.UTM):        "las coordenadas parecen metros UTM: conviértalas a grados.",
	string(importer.Swapped):    "la latitud y la longitud parecen cambiadas.",
	string(importer.OffEarth):   "la latitud o la longitud no existe en la Tierra.",
}

// factorFault says it of one.
func factorFault(x hotspots.Rejected) string {
	text := factorFaults[x.Code]
	switch {
	case text == "":
		return "no se puede leer."
	case x.Code == risk.NoKind && len(x.Values) == 1 && x.Values[0] != "":
		return fmt.Sprintf(text, x.Values[0])
	case x.Code == risk.NoKind:
		return "no dice qué tipo de factor es."
	}
	return text
}

// ImportRiskFactors replaces the factors that a file of this name told of.
func (s *server) ImportRiskFactors(ctx context.Context, r ImportRiskFactorsRequestObject) (ImportRiskFactorsResponseObject, error) {
	form, d, err := s.upload(ctx, r.Ubigeo, r.Body, "file")
	if err != nil {
		return nil, err
	}
	defer form.close()
	up := form.files["file"]
	f, err := os.Open(up.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	factors, rejected, err := risk.Read(f, up.Name, risk.Kind(form.fields["kind"]))
	if errors.Is(err, risk.ErrFile) {
		return nil, Refused("file", fmt.Sprintf("El archivo «%s» no se puede leer: se necesita GeoJSON, o una tabla CSV o XLSX con tipo, latitud y longitud.", up.Name))
	}
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, x := range rejected {
		if len(lines) == maxRejectedLines {
			lines = append(lines, fmt.Sprintf("Y %d más.", len(rejected)-maxRejectedLines))
			break
		}
		lines = append(lines, fmt.Sprintf("Fila %d: %s", x.Row, factorFault(x)))
	}
	if len(factors) == 0 {
		return nil, Refused("file", fmt.Sprintf("Ninguna fila de «%s» se puede usar.", up.Name), lines...)
	}
	dry := form.fields["dry_run"] == "true"
	if !dry {
		if err := s.cfg.Store.ReplaceFactors(ctx, r.Ubigeo, up.Name, factors, auditRow(ctx, r.Ubigeo, "risk.import", up.Name, fmt.Sprint(len(factors)))); err != nil {
			return nil, err
		}
	}
	outside := 0
	for _, x := range factors {
		if len(d.Boundary) > 0 && !x.Geometry.Bound().Intersects(d.Boundary.Bound()) {
			outside++
		}
	}
	kinds := map[risk.Kind]int{}
	for _, x := range factors {
		kinds[x.Kind]++
	}
	report, err := json.Marshal(map[string]any{"file": up.Name, "factors": len(factors), "kinds": kinds, "outside": outside, "rejected": len(rejected), "lines": append([]string{}, lines...)})
	message := fmt.Sprintf("%d factores leídos", len(factors))
	if len(rejected) > 0 {
		message += fmt.Sprintf(", %d filas rechazadas", len(rejected))
	}
	if outside > 0 {
		message += fmt.Sprintf(", %d fuera del distrito", outside)
	}
	return ImportRiskFactors200JSONResponse{DryRun: dry, Message: message + ".", Report: report}, err
}
