package review

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/hotspots"
)

// around draws a square of some degrees about a cell.
func around(t testing.TB, c hotspots.Cell, degrees float64) orb.MultiPolygon {
	t.Helper()
	p, err := c.Centre()
	if err != nil {
		t.Fatal(err)
	}
	return orb.MultiPolygon{orb.Bound{Min: orb.Point{p[0] - degrees, p[1] - degrees}, Max: orb.Point{p[0] + degrees, p[1] + degrees}}.ToPolygon()}
}

// TestSectorsSumUp: what units had to do and did in a sector is what lies in its
// places; a sector around everything is the district, and vehicles and days are
// counted as a list of them counts them.
func TestSectorsSumUp(t *testing.T) {
	cells := townCells(t, 3)
	rapid.Check(t, func(rt *rapid.T) {
		var days []Day
		type vehicleDay struct {
			unit  string
			day   int
			force coverage.Force
		}
		seen, km, inFirst := map[vehicleDay]bool{}, [4]float64{}, [5]float64{}
		for k := range 2 {
			d := drawDay(rt, k, cells)
			d.Places = cells
			for i := range d.Shifts {
				s := &d.Shifts[i]
				s.Areas = 1
				for j := range s.Units {
					u := &s.Units[j]
					u.Metres, u.Vehicle, u.HasRound = 1000, rapid.Bool().Draw(rt, "vehicle"), true
					for p := range cells {
						part := Part{Place: uint16(p), Priority: time.Duration(rapid.IntRange(0, 9).Draw(rt, "minutes")) * time.Minute,
							Asked: float32(rapid.IntRange(0, 4).Draw(rt, "asked")), Stops: rapid.IntRange(0, 2).Draw(rt, "stops")}
						part.Done, part.Made = part.Asked/2, part.Stops/2
						u.Parts = append(u.Parts, part)
						u.Priority, u.Asked, u.Done = u.Priority+part.Priority, u.Asked+float64(part.Asked), u.Done+float64(part.Done)
						u.Stops, u.Made = u.Stops+part.Stops, u.Made+part.Made
					}
					first := u.Parts[0]
					inFirst[0] += first.Priority.Minutes()
					inFirst[1], inFirst[2] = inFirst[1]+float64(first.Asked), inFirst[2]+float64(first.Done)
					inFirst[3], inFirst[4] = inFirst[3]+float64(first.Stops), inFirst[4]+float64(first.Made)
					if u.Vehicle {
						seen[vehicleDay{u.ID, k, u.Force}] = true
						km[u.Force]++
						km[together]++
					}
				}
			}
			days = append(days, d)
		}
		review := func(sector orb.MultiPolygon) map[string]Indicator {
			r, err := Compute(Context{Query: Query{Period: Period{days[0].Date, days[1].Date}}, Sector: sector, Profile: Profile{Bands: DefaultBands()}}, Facts{Days: daysOf(days), Previous: daysOf(nil), LastYear: daysOf(nil)})
			if err != nil {
				rt.Fatal(err)
			}
			out := map[string]Indicator{}
			for _, i := range r.Indicators {
				out[i.Key] = i
			}
			return out
		}
		district, all, first := review(nil), review(around(t, cells[0], 1)), review(around(t, cells[0], 1e-4))
		for _, key := range []string{KeyPriority, KeyStops, KeyAdherence, KeyPriorityDay} {
			if a, b := valueOf(district[key].Together), valueOf(all[key].Together); math.Abs(a-b) > 1e-6 {
				rt.Fatalf("%s: %v in the district, %v in a sector around it", key, a, b)
			}
		}
		near := func(what string, f Figure, want float64) {
			if got := max(valueOf(f), 0); math.Abs(got-want) > 1e-6 {
				rt.Fatalf("%s in a sector: %v, want %v", what, got, want)
			}
		}
		near("minutes", first[KeyPriority].Together, inFirst[0])
		near("stops made", first[KeyStops].Together, inFirst[4])
		if inFirst[1] > 0 {
			near("adherence", first[KeyAdherence].Together, 100*inFirst[2]/inFirst[1])
		}
		var n [4]int
		pairs := map[vehicleDay]bool{}
		for v := range seen {
			n[v.force]++
			v.force = 0
			pairs[v] = true
		}
		n[together] = len(pairs)
		row := district[KeyVehicleDay]
		for k, f := range row.figures() {
			if n[k] == 0 && f.Value != nil || n[k] > 0 && (f.N != n[k] || math.Abs(*f.Value-km[k]/float64(n[k])) > 1e-9) {
				rt.Fatalf("km of a vehicle and day, force %d: %+v, want %v of %d", k, f, km[k], n[k])
			}
		}
	})
}
