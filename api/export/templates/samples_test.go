package templates

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/session"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/risk"
)

// The samples are small and have every case that a paper words on its own.

// sampleArea is a part of a town of a few cells, with two streets.
var (
	sampleArea    = orb.Polygon{{{-79.005, -8.08}, {-78.995, -8.08}, {-78.995, -8.07}, {-79.005, -8.07}, {-79.005, -8.08}}}
	sampleStreets = Streets{Minor: []orb.LineString{{{-79.004, -8.079}, {-78.996, -8.071}}}, Major: []orb.LineString{{{-79.004, -8.075}, {-78.996, -8.075}}},
		Boundary: orb.MultiPolygon{sampleArea}}
)

func sampleGrid(t *testing.T) *hotspots.Grid {
	t.Helper()
	g, err := hotspots.NewGrid(orb.MultiPolygon{sampleArea}, risk.Res)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func known(v float64) *float64 { return &v }

func sampleReview(t *testing.T) review.Review {
	t.Helper()
	g := sampleGrid(t)
	r := review.Review{Ubigeo: "130102", District: "El Porvenir", TimeZone: "America/Lima", Query: review.Query{Period: review.Period{From: "2026-07-01", To: "2026-09-30"}},
		Profile: review.Profile{ID: "serenazgo-default/1", Bands: review.DefaultBands()}, Simulated: true,
		Verdict: review.Verdict{Light: review.Green, JointPct: known(93.64), SerenazgoPct: known(88.2), PolicePct: known(21.5)},
		Sources: review.Sources{Days: 92, Shifts: 270, Silent: 6, Fixes: 21_874_233, Units: 14, StreetKm: 549.2, Police: review.PoliceDriven, PoliceShifts: 184}}
	for i, f := range r.Profile.Formulas() {
		row := review.Indicator{Key: f.Key, Together: review.Figure{N: 12_000 + i}}
		if i%4 != 3 { // every fourth is not known
			row.Municipal.Value, row.Together.Value, row.Together.Previous = known(float64(i)*1234.56), known(91.25-float64(i)), known(80)
			row.Together.Light = []review.Light{review.Green, review.Amber, review.Red, ""}[i%4]
		}
		if i%5 == 0 {
			row.Police.Value, row.Police.Planned, row.Together.LastYear = known(12.3), true, known(70.04)
		}
		r.Indicators = append(r.Indicators, row)
	}
	for _, s := range []string{"Mañana", "Tarde", "Noche"} {
		r.Shifts = append(r.Shifts, review.ShiftRow{Code: s, Name: s, Shifts: 90, Units: 13.7, Municipal: 345_678.9, Police: 1234.5, JointPct: known(93.6), SerenazgoPct: known(88.2), NobodyHours: known(1.25)})
	}
	r.Streets = &review.Split{N: 180, Municipal: 60.5, Police: 4, Both: 20, Integrated: 5.5, Nobody: 8, Unknown: 2}
	r.Register = review.Readiness{Units: 1260, Operational: 1100, Workshop: 90, NoFuel: 30, Retired: 40}
	r.Occurrences = review.Occurrences{N: 41, Alarms: 30, Answered: 22, Simulated: 41,
		ByType:   []review.CountRow{{Name: "Robo", Count: review.Count{N: 39}, Previous: &review.Count{N: 12}}, {Name: "Violencia familiar", Count: review.Count{Few: true}}},
		ByShift:  []review.CountRow{{Name: "Noche", Count: review.Count{N: 38}}, {Count: review.Count{N: 3}}},
		BySector: []review.CountRow{{Name: "Sector 2", Count: review.Count{N: 41}, LastYear: &review.Count{Few: true}}}}
	at := time.Date(2026, 8, 2, 7, 30, 0, 0, time.UTC)
	for i := range g.Len() {
		c := review.CellRow{Cell: g.Cell(i), Nobody: 1.5, MaxGap: 95}
		switch i % 4 {
		case 0:
			c.Municipal = 50_000
		case 1:
			c.Police = 40_000
		case 2:
			c.Municipal, c.Police, c.Doubled = 50_000, 40_000, 12
		}
		r.Cells = append(r.Cells, c)
		r.Gaps = append(r.Gaps, review.Gap{Cell: g.Cell(i), Streets: []string{"Avenida Víctor Raúl Haya de la Torre", "Jirón José Faustino Sánchez Carrión"}, Start: at, End: at.Add(7 * time.Hour), Minutes: 420 - float64(i)})
		r.Dosage = append(r.Dosage, review.Dose{Cell: g.Cell(i), Streets: []string{"Ca. Tacna"}, Shifts: 90, PlannedMin: 1080, Municipal: 801.5, Integrated: 20, Pct: 76.1, Served: 61})
	}
	for k, s := range r.Shifts {
		by := review.ShiftPresence{Code: s.Code, Name: s.Name, Shifts: 90, PoliceShifts: 60, Police: review.PoliceDriven}
		for i := range r.Cells {
			by.Cells = append(by.Cells, []review.Presence{review.OnlyMunicipal, review.Nobody, review.OnlyPolice, review.BothForces}[(i+k)%4])
		}
		r.ByShift = append(r.ByShift, by)
	}
	r.Absences = []review.Absence{{Cells: g.Len(), Hours: 2150, PoliceKnown: 1400}, {Sector: "s4", Name: "Sector 4", Cells: 11, Hours: 2150, Nobody: 214, Unknown: 9, PoliceKnown: 1400, Longest: 6, Since: at.Truncate(time.Hour)}}
	for i := range r.Absences {
		w := &r.Absences[i].Week
		for d := range 2 { // the other days and hours have no shift
			for h := range 4 {
				w.Hours[d][h], w.CellHours[d][h], w.SeenHours[d][h] = 13, 13*r.Absences[i].Cells, (d+h)*r.Absences[i].Cells/3
			}
		}
		w.Nobody[1][3], w.Unknown[1][2] = 9*i, 2*i
	}
	return r
}

func sampleSession(t *testing.T) session.Session {
	t.Helper()
	r := sampleReview(t)
	r.ByShift, r.Absences = nil, nil // as of a session from before they were counted
	figures, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 10, 5, 15, 0, 0, 0, time.UTC)
	chief := session.Stamp{By: "comisario", Name: "Comisario Ñahui", At: at}
	return session.Session{Ubigeo: "130102", ID: "20260701-20260930~~-v1", Query: review.Query{Period: review.Period{From: "2026-07-01", To: "2026-09-30"}}, Version: 1, State: session.Review,
		Created: session.Stamp{By: "secretaria", Name: "Secretaría técnica", At: at}, Changed: at, Figures: figures, Taken: at,
		Comments: []session.Comment{{Stamp: chief, Side: session.Police, Indicator: review.KeyDouble, Text: "En el Sector 4 coincidimos los viernes."}, {Stamp: chief, Side: session.Police, Text: "De acuerdo con el resto."}},
		Agreements: []session.Agreement{
			{ID: "a1", Text: "GPS en cuatro patrulleros", Who: "Comisaría El Porvenir", Side: session.Police, Due: "2026-08-28", State: session.Done, DoneOn: "2026-08-27", From: "20260401-20260630~~-v1"},
			{ID: "a2", Text: "Cámaras en la avenida Jaime Blanco", Who: "Gerencia de Seguridad Ciudadana", Side: session.Municipality, Due: "2026-09-14", State: session.Open},
			{ID: "a3", Text: "Ronda integrada en el Sector 2", Who: "Ambos", Due: "2026-12-31", State: session.Open, Note: "Empieza en octubre."}},
		Attendance: []session.Attendee{{Name: "Rosa Quispe Ñaupari", Post: "Secretaria técnica", Side: session.Municipality}},
		Signed:     map[session.Side]session.Signature{session.Police: {Stamp: chief}}}
}

func sampleReport() compliance.Report {
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	return compliance.Report{Shift: "2026-11-22/noche", Plan: "2026-11-22-noche-2", Version: 2, At: at(300), Profile: "serenazgo-default/1", StopRadiusM: 60, Units: []compliance.Unit{
		{Unit: "C01", CallSign: "Halcón 1", Round: 1, Complied: true, Tally: compliance.Tally{Planned: 5.5, Done: 5, Late: 0.5, Extra: 1.25}, StopsPlanned: 2, StopsDone: 1, MinutesDone: 27, SilentMin: 4,
			Stops: []compliance.Stop{{Seq: 4, Name: "Plaza de Armas", Start: at(30), Planned: 15, Status: compliance.Done, Arrived: at(29), Left: at(46), Minutes: 17},
				{Seq: 5, Name: "calle entre Avenida Víctor Raúl Haya de la Torre y Jirón José Faustino Sánchez Carrión", Start: at(50), Planned: 10, Status: compliance.Skipped, Reason: compliance.NoSignal},
				{Name: "Jirón Unión", Arrived: at(120), Left: at(130), Minutes: 10}}},
		{Unit: "M01", CallSign: "Cazador 1", Missing: compliance.Missing{Km: 3.2, Minutes: 12}}}}
}

func sampleJoint(t *testing.T) forms.JointMap {
	t.Helper()
	g, s := sampleGrid(t), source(t)
	factors := []risk.Factor{{ID: "f1", Kind: risk.Bar, Geometry: g.Centre(0)}, {ID: "f2", Kind: risk.Camera, Geometry: g.Centre(1), Simulated: true}}
	surface := &hotspots.Surface{Grid: g, Model: "mixture", Sample: 6343, Expected: make([]float64, g.Len())}
	for i := range surface.Expected {
		surface.Expected[i] = float64(i*i) / 10
	}
	m := risk.Joint(g, surface, factors, risk.Settings{Share: 0.3})
	return forms.NewJointMap(s.District, s.Shift, s.Loc, m, surface, factors, func(orb.Point) string { return "Calle Tacna" })
}
