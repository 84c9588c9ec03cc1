package api

import (
	"encoding/json"
	"net/http"

	"github.com/paulmach/orb/geojson"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// presenceGeoJSON writes police presence in the form of the file it came from,
// with the instants of its windows in a shift, if one is given; what is not
// there in that shift is left out.
func presenceGeoJSON(d fleet.District, ps []patrol.Presence, shift *fleet.Shift) (json.RawMessage, error) {
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	fc := geojson.NewFeatureCollection()
	for _, p := range ps {
		f := geojson.NewFeature(p.Geometry)
		f.Properties = geojson.Properties{"kind": p.Kind, "name": p.Name, "shift": p.Shift, "start": p.Start, "end": p.End,
			"mode": p.Mode, "units": p.Units, "trust": p.Trust, "simulated": p.Simulated}
		if shift != nil {
			start, end, ok := p.Window(*shift, loc)
			if !ok {
				continue
			}
			f.Properties["from"], f.Properties["until"] = stamp(start), stamp(end)
		}
		fc.Append(f)
	}
	return fc.MarshalJSON()
}

// geojsonAnswer is an answer that is GeoJSON already.
type geojsonAnswer json.RawMessage

func (g geojsonAnswer) write(w http.ResponseWriter) error {
	return writeJSON(w, http.StatusOK, json.RawMessage(g))
}

// VisitGetPoliceResponse writes the answer.
func (g geojsonAnswer) VisitGetPoliceResponse(w http.ResponseWriter) error { return g.write(w) }

// VisitGetPlanGeoJSONResponse writes the answer.
func (g geojsonAnswer) VisitGetPlanGeoJSONResponse(w http.ResponseWriter) error { return g.write(w) }
