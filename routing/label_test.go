package routing_test

import (
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

func TestLabels(t *testing.T) {
	named := routingtest.Named
	tests := []struct {
		name    string
		drawing string
		options []routingtest.Option
		street  string
		want    string
	}{
		{name: "its own name", drawing: "a-b", options: []routingtest.Option{named("ab", "Jirón Unión")}, street: "ab", want: "Jirón Unión"},
		{name: "between two streets", drawing: "a-b-c\n  |\nd-e-f",
			options: []routingtest.Option{named("ab", "Jirón Unión"), named("bc", "Jirón Unión"), named("de", "Avenida Perú"), named("ef", "Avenida Perú"), named("be", "")},
			street:  "be", want: "calle entre Av. Perú y Jr. Unión"},
		{name: "e before the sound of i", drawing: "a-b-c\n  |\nd-e-f",
			options: []routingtest.Option{named("ab", "Ancash"), named("bc", "Ancash"), named("de", "Ica"), named("ef", "Ica"), named("be", "")},
			street:  "be", want: "calle entre Ancash e Ica"},
		{name: "y before hie", drawing: "a-b-c\n  |\nd-e-f",
			options: []routingtest.Option{named("ab", "Ancash"), named("bc", "Ancash"), named("de", "Hierbabuena"), named("ef", "Hierbabuena"), named("be", "")},
			street:  "be", want: "calle entre Ancash y Hierbabuena"},
		{name: "dead end", drawing: "a-b-c\n  |\n  e", options: []routingtest.Option{named("ab", "Jr. A"), named("bc", "Jr. A"), named("be", "")},
			street: "be", want: "pasaje sin salida de Jr. A"},
		{name: "service road", drawing: "a-b-c\n  |\n  e",
			options: []routingtest.Option{named("ab", "Jr. A"), named("bc", "Jr. A"), named("be", ""), routingtest.Classed("be", routing.Service)},
			street:  "be", want: "vía de servicio sin salida de Jr. A"},
		{name: "near a street it does not meet", drawing: "a-b-c-d\n\nx-y-z-w",
			options: []routingtest.Option{named("xy", ""), named("yz", ""), named("zw", ""), named("ab", "Jr. A"), named("bc", "Jr. A"), named("cd", "Jr. A")},
			street:  "yz", want: "calle sin nombre, 100 m al sur de Jr. A"},
		{name: "nothing near", drawing: "x-y-z-w", options: []routingtest.Option{named("xy", ""), named("yz", ""), named("zw", "")}, street: "yz", want: "calle sin nombre"},
		{name: "the more important name", drawing: "a-b-c\n  |\nd-e-f",
			options: []routingtest.Option{named("ab", "Jr. A"), named("bc", "Av. Z"), routingtest.Classed("bc", routing.Primary), named("de", "Jr. D"), named("ef", "Jr. D"), named("be", "")},
			street:  "be", want: "calle entre Av. Z y Jr. D"},
		{name: "leads away from one street", drawing: "a-b-c\n  |\nd-e-f",
			options: []routingtest.Option{named("ab", "Jr. A"), named("bc", "Jr. A"), named("de", ""), named("ef", ""), named("be", "")},
			street:  "be", want: "calle de Jr. A hacia el sur"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := routingtest.Draw(tt.drawing, tt.options...)
			if got := m.Segment(tt.street).Label; got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
