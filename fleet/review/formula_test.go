package review

import (
	"strings"
	"testing"
)

// A formula says by what thresholds it was computed: those of the profile, and no
// others.
func TestFormulasSayTheProfilesThresholds(t *testing.T) {
	own := Profile{Bands: DefaultBands(), Terms: DefaultTerms(), Stops: Stops{RadiusM: 60, Minutes: 10}, Visits: Visits{Share: 0.8, Certain: 0.9, SpeedKmh: 30}}
	other := Profile{Bands: Bands{Green: 80, Amber: 50, HotMinutes: 13, HotGap: 95}, Terms: DefaultTerms(), Stops: Stops{RadiusM: 45, Minutes: 7.5}, Visits: Visits{Share: 0.65, Certain: 0.85, SpeedKmh: 25}}
	other.Terms.SlotMinutes, other.Terms.LateS, other.Terms.ArrivalM, other.Terms.ArrivalMinutes, other.Terms.KnownMinutes = 20, 90, 150, 40, 25
	kept := Profile{Bands: DefaultBands()} // of a review that was kept before it named any
	for _, c := range []struct {
		name     string
		of       Profile
		key      string
		says, no []string
	}{
		{"stops", own, KeyStops, []string{"a 60 m o menos", "10 min, o los planificados"}, nil},
		{"stops of another", other, KeyStops, []string{"a 45 m o menos", "7.5 min"}, []string{"60", "10 min"}},
		{"stops unnamed", kept, KeyStops, []string{"que pide el perfil"}, []string{"60", "0 m"}},
		{"streets", own, KeyStreets, []string{"el 80 % de ella", "hasta 30 km/h", "0.9 o más"}, nil},
		{"streets of another", other, KeyStreets, []string{"el 65 % de ella", "hasta 25 km/h", "0.85 o más"}, []string{"80", "30 km"}},
		{"streets unnamed", kept, KeyStreets, []string{"la parte que pide el perfil", "a velocidad de patrulla y con certeza."}, []string{"km/h"}},
		{"hot cells", other, KeyHot, []string{"13 min de presencia", "más de 95 min"}, []string{"120"}},
		{"half-hours", own, KeyAlone, []string{"medias horas"}, []string{"partes"}},
		{"parts of the clock", other, KeyDouble, []string{"partes del reloj de 20 min"}, []string{"medias horas"}},
		{"late", own, KeyLate, []string{"más de 5 min"}, nil},
		{"late of another", other, KeyLate, []string{"más de 90 s"}, []string{"5 min"}},
		{"answers", own, KeyResponse, []string{"a 100 m o menos", "hasta 60 min después", "más de 60 min después de ocurrir"}, nil},
		{"answers of another", other, KeyResponse, []string{"a 150 m o menos", "hasta 40 min después", "más de 25 min después de ocurrir"}, []string{"100", "60"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var f Formula
			for _, x := range c.of.Formulas() {
				if x.Key == c.key {
					f = x
				}
			}
			said := f.Text + " n: " + f.Of
			for _, s := range c.says {
				if !strings.Contains(said, s) {
					t.Errorf("%q does not say %q", said, s)
				}
			}
			for _, s := range c.no {
				if strings.Contains(said, s) {
					t.Errorf("%q says %q", said, s)
				}
			}
		})
	}
	for _, p := range []Profile{own, other, kept} {
		for _, f := range p.Formulas() {
			if strings.ContainsAny(f.Text+f.Of+f.Name, "{}") {
				t.Errorf("%s leaves a threshold open: %s", f.Key, f.Text)
			}
		}
	}
}
