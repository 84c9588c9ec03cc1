package address

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// town has two crossing streets of four blocks, a short one, and two passages of
// one name far from each other.
func town() *routingtest.Map {
	return routingtest.Draw(`
		a--b--c--d--e
		   |  |
		   f--g     h--i
		   |  |
		   j  k
		   |
		   l
	`,
		routingtest.Named("ab", "Jirón José Faustino Sánchez Carrión"), routingtest.Named("bc", "Jirón José Faustino Sánchez Carrión"),
		routingtest.Named("cd", "Jirón José Faustino Sánchez Carrión"), routingtest.Named("de", "Jirón José Faustino Sánchez Carrión"),
		routingtest.Named("bf", "Avenida Perú"), routingtest.Named("fj", "Avenida Perú"), routingtest.Named("jl", "Avenida Perú"),
		routingtest.Named("cg", "Calle 5"), routingtest.Named("gk", "Prolongación Calle 5"),
		routingtest.Named("fg", "Ortega y Gasset"), routingtest.Named("hi", "Avenida Unión"))
}

func TestParse(t *testing.T) {
	type reading struct {
		Street, Cross string
		Block         int
	}
	for s, want := range map[string][]reading{
		"Jr. Sánchez Carrión cdra. 5":               {{"jr sanchez carrion", "", 5}},
		"JIRON SANCHEZ CARRION CUADRA 05 - CENTRO":  {{"jr sanchez carrion", "", 5}},
		"Jr. Unión 534":                             {{"jr union", "", 5}},
		"Jr Unión N° 87, Urb. Los Pinos":            {{"jr union", "", 1}},
		"Av. Perú #1234 dpto 5":                     {{"av peru", "", 12}},
		"Calle 5":                                   {{"ca 5", "", 0}},
		"Ca. 5 cdra 2":                              {{"ca 5", "", 2}},
		"Av. A con Jr. B":                           {{"av a", "jr b", 0}},
		"Av. Perú c/ Jr. Unión":                     {{"av peru c", "jr union", 0}},
		"Av. Perú esquina con la calle Unión":       {{"av peru", "ca union", 0}},
		"Cruce de Av. Perú y Jr. Unión":             {{"av peru", "jr union", 0}},
		"Ortega y Gasset":                           {{" ortega y gasset", "", 0}, {" ortega", " gasset", 0}},
		"Av. Perú y Jr. Unión, frente al mercado":   {{"av peru y jr union", "", 0}, {"av peru", "jr union", 0}},
		"Prolongación Unión Mz. A Lt. 5":            {{" pr union", "", 0}},
		"Av. 28 de Julio 300":                       {{"av 28 julio", "", 3}},
		"":                                          {{" ", "", 0}},
		"Av. Túpac Amaru cuadra 500 altura mercado": {{"av tupac amaru", "", 500}},
		"Urb. Perú, Jr. Unión 534":                  {{" ", "", 0}},
		"AA.HH. Perú":                               {{" ", "", 0}},
		"Colegio José Olaya":                        {{" ", "", 0}},
		"Av. Perú con parque Unión":                 nil,
		"Calle Parque Unión":                        {{"ca parque union", "", 0}},
	} {
		var got []reading
		for _, a := range parse(s) {
			r := reading{a.street.kind + " " + strings.Join(a.street.core, " "), "", a.block}
			if !a.cross.empty() {
				r.Cross = a.cross.kind + " " + strings.Join(a.cross.core, " ")
			}
			got = append(got, r)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q:\n%s", s, d)
		}
	}
}

func TestFind(t *testing.T) {
	m := town()
	at := func(letter string) routing.NodeID { return m.Node(letter) }
	x := New(m.Graph, m.Nodes[at("a")].Point)
	for _, tc := range []struct {
		address string
		from    string // the place is between these junctions; one: it is there; none: not found
		grade   Grade
	}{
		{"Av. Perú con Jr. José Faustino Sánchez Carrión", "bb", Crossing},
		{"Sanchez Carrion esq. Peru", "bb", Crossing},
		{"Jr. Sanchez Carion cruce con Avenida Peru", "bb", Crossing},
		{"Ortega y Gasset con Perú", "ff", Crossing},
		{"Jr. Sánchez Carrión cdra. 1", "ab", Block},
		{"Jr. Sánchez Carrión 455", "de", Block},
		{"Jr. Sánchez Carrión cdra. 5", "", 0}, // it has four
		{"Av. Peru 120", "bf", Block},
		{"Av. Perú 300", "jl", Block},
		{"Jr. Sánchez Carrión", "", 0}, // which of its 600 m?
		{"Calle 5", "cg", Street},
		{"Prol. Calle 5", "gk", Street},
		{"Ortega y Gasset", "fg", Street},
		{"Av. Unión con Av. Perú", "", 0}, // they do not meet
		{"Jr. Nadie 300", "", 0},
		{"Ortega y Gasset 120", "fg", Block},
		{"Ortega y Gasset 534", "", 0}, // it is short, and has one block
		{"Ortega y Gasset cdra. 500", "", 0},
		{"Jr. Ortega y Gasset", "fg", Street}, // the map does not say its kind
		{"Jr. 5", "", 0},                      // it is a calle
		{"Jr. Perú 120", "", 0},
		{"Psje. Perú con Jr. Sánchez Carrión", "", 0},
		{"Av. Sánchez Carrión 455", "", 0},
		{"Urb. Ortega y Gasset", "", 0},
		{"Colegio Sánchez Carrión 120", "", 0},
		{"Mz. Perú 120", "", 0},
		{"Parque Perú con Sánchez Carrión", "", 0},
		{"Perú con mercado Sánchez Carrión", "", 0},
		{"", "", 0},
		{"con", "", 0},
	} {
		p, ok := x.Find(tc.address)
		if ok != (tc.from != "") {
			t.Errorf("%q: %+v, %v", tc.address, p, ok)
			continue
		}
		if !ok {
			continue
		}
		a, b := m.Nodes[at(tc.from[:1])].Point, m.Nodes[at(tc.from[1:])].Point
		a[0], a[1] = (a[0]+b[0])/2, (a[1]+b[1])/2
		if d := geo.Distance(a, p.Point); d > 5 || p.Grade != tc.grade {
			t.Errorf("%q: %+v, %.0f m away", tc.address, p, d)
		}
	}
}

// Two streets of one name are told apart by what they cross, or not at all.
func TestAmbiguous(t *testing.T) {
	m := routingtest.Draw(`
		a--b      e--f
		   |         |
		   c         g
	`, routingtest.Named("ab", "Jirón Lima"), routingtest.Named("ef", "Jirón Lima"), routingtest.Named("bc", "Jirón Ica"), routingtest.Named("fg", "Jirón Puno"))
	x := New(m.Graph, m.Nodes[m.Node("a")].Point)
	for address, want := range map[string]string{"Jr. Lima 100": "", "Jr. Lima": "", "Jr. Lima con Jr. Ica": "b", "Jr. Puno con Jr. Lima": "f"} {
		p, ok := x.Find(address)
		if ok != (want != "") || ok && geo.Distance(p.Point, m.Nodes[m.Node(want)].Point) > 5 {
			t.Errorf("%s: %+v %v", address, p, ok)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"Jr. Sánchez Carrión cdra. 5", "Av. Perú con Jr. Unión", "Cruce de y y", "Prol. ", "Ca. 5 / 6 & 7 # 8", "n nro num 99999999999999999999"} {
		f.Add(s)
	}
	m := town()
	x := New(m.Graph, m.Nodes[m.Node("a")].Point)
	bound := m.Graph.Nodes[0].Point.Bound()
	for _, n := range m.Graph.Nodes {
		bound = bound.Extend(n.Point)
	}
	bound = bound.Pad(1e-6)
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := x.Find(s); ok && (!bound.Contains(p.Point) || p.Street == "") {
			t.Fatalf("%q: %+v", s, p)
		}
	})
}
