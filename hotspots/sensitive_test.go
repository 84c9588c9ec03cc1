package hotspots

import "testing"

func TestSensitive(t *testing.T) {
	for _, tc := range []struct {
		kind [3]string
		want bool
	}{
		{[3]string{"VIOLENCIA CONTRA LA MUJER E INTEGRANTES DEL GRUPO FAMILIAR"}, true},
		{[3]string{"Faltas", "Violencia familiar", "psicológica"}, true},
		{[3]string{"LIBERTAD (DELITO)", "VIOLACIÓN SEXUAL", "VIOLACION DE MENOR"}, true},
		{[3]string{"Delitos", "Actos contra el pudor"}, true},
		{[3]string{"Tocamientos indebidos"}, true},
		{[3]string{"Violación"}, true},
		{[3]string{"Acoso sexual en espacios públicos"}, true},
		{[3]string{"Feminicidio"}, true},
		{[3]string{"domestic violence"}, true},
		{[3]string{"LIBERTAD (DELITO)", "VIOLACIÓN DE LA LIBERTAD PERSONAL", "VIOLACIÓN DE DOMICILIO"}, false},
		{[3]string{"PATRIMONIO (DELITO)", "HURTO", "HURTO DE VEHICULO"}, false},
		{[3]string{"Faltas", "Pelea callejera"}, false},
		{[3]string{"Emergencias", "Persona extraviada"}, false},
		{[3]string{"Robo agravado con violencia"}, false},
		{[3]string{"Grape", "Drapery"}, false},
		{[3]string{}, false},
	} {
		if got := Sensitive(tc.kind); got != tc.want {
			t.Errorf("%q: %v", tc.kind, got)
		}
	}
}
