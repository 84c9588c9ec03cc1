package forms

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/risk"
)

// JointMap is the map on which the crime map of the police and the risk map of
// the municipality are united. It is made to be handed on, so that its figures
// are coarse: none gives a single incident away.
type JointMap struct {
	Head
	Share     float64     `json:"municipal_share"` // of the municipal map: 0 without factors, 1 without incidents
	Incidents int         `json:"incidents"`       // that the crime map rests on; coarse
	Model     string      `json:"model"`           // of the crime map
	Res       int         `json:"h3_resolution"`
	Terms     []JointTerm `json:"terms"`
	Cells     []JointCell `json:"cells"` // the highest first
}

// JointTerm is a kind of factor and how it counts.
type JointTerm struct {
	Kind   risk.Kind `json:"kind"`
	Weight float64   `json:"weight"`
	ReachM float64   `json:"reach_m"`
	Places int       `json:"places"`
}

// JointCell is a cell of the map: shares of the district in percent, and Times
// the mean cell's; the last three by how many times the mean of their own map.
type JointCell struct {
	Rank           int           `json:"rank"`
	Cell           hotspots.Cell `json:"cell"`
	Place          string        `json:"place,omitempty"` // of the highest only
	CrimePct       float64       `json:"crime_pct"`
	MunicipalPct   float64       `json:"municipal_pct"`
	JointPct       float64       `json:"joint_pct"`
	Times          float64       `json:"times"`
	CrimeTimes     float64       `json:"crime_times"`
	MunicipalTimes float64       `json:"municipal_times"`
}

// NewJointMap makes the form of a joint map; surface is the crime map that it
// was made of, nil for none, and named tells the street at a place.
func NewJointMap(d fleet.District, shift fleet.Shift, loc *time.Location, m risk.Map, surface *hotspots.Surface, factors []risk.Factor, named func(orb.Point) string) JointMap {
	out := JointMap{Head: Source{District: d, Shift: shift, Loc: loc}.head(), Share: m.Share, Res: risk.Res, Terms: []JointTerm{}, Cells: []JointCell{}}
	if surface != nil {
		out.Incidents, out.Model = int(risk.Coarse(float64(surface.Sample))), surface.Model
	}
	places := map[risk.Kind]int{}
	for _, f := range factors {
		places[f.Kind]++
		out.District.Simulated = out.District.Simulated || f.Simulated
	}
	for _, k := range risk.Kinds() {
		t := m.Settings.Term(k)
		out.Terms = append(out.Terms, JointTerm{k, t.Weight, t.Reach, places[k]})
	}
	n := float64(len(m.Cells))
	for _, c := range m.Cells {
		out.Cells = append(out.Cells, JointCell{Cell: c.Cell, CrimePct: risk.Coarse(100 * c.Crime), MunicipalPct: 100 * c.Municipal, JointPct: risk.Coarse(100 * c.Joint),
			Times: risk.Coarse(m.Times(c)), CrimeTimes: risk.Coarse(c.Crime * n), MunicipalTimes: c.Municipal * n})
	}
	// By the coarse figures: the order of the exact ones would give them away.
	slices.SortFunc(out.Cells, func(a, b JointCell) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Cell, b.Cell))
	})
	for i := range out.Cells {
		c := &out.Cells[i]
		c.Rank = i + 1
		if k, ok := m.Grid.Index(c.Cell); ok && i < risk.MaxProposed {
			c.Place = named(m.Grid.Centre(k))
		}
	}
	return out
}
