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
		{[3]string{"DELITO CONTRA LA LIBERTAD", "VIOLACIÓN"}, true},
		{[3]string{"Delitos contra la libertad", "Tentativa de violación", "Otros"}, true},
		{[3]string{"LIBERTAD (DELITO)", "VIOLACIÓN DE LA LIBERTAD PERSONAL", "VIOLACIÓN"}, true},
		{[3]string{"Violencia física"}, true},
		{[3]string{"Faltas", "Violencia psicológica"}, true},
		{[3]string{"Violencia conyugal"}, true},
		{[3]string{"Violencia contra adulto mayor"}, true},
		{[3]string{"Violencia económica o patrimonial"}, true},
		{[3]string{"Violencia"}, true},
		{[3]string{"Robo", "Violencia familiar"}, true},
		{[3]string{"Maltrato a menor de edad"}, true},
		{[3]string{"Maltrato psicológico"}, true},
		{[3]string{"Agresión a menor"}, true},
		{[3]string{"Emergencias", "Agresión", "a su pareja"}, true},
		{[3]string{"Conflicto familiar"}, true},
		{[3]string{"Ley N° 30364"}, true},
		{[3]string{"Abuso infantil"}, true},
		{[3]string{"Actos libidinosos"}, true},
		{[3]string{"SEX OFFENSE"}, true},
		{[3]string{"Domestic battery simple"}, true},
		{[3]string{"Violación de domicilio"}, false},
		{[3]string{"Violación de propiedad"}, false},
		{[3]string{"Tránsito", "Violación de las normas de tránsito"}, false},
		{[3]string{"Violación de propiedad privada", "Mala señal"}, false},
		{[3]string{"PATRIMONIO (DELITO)", "ROBO", "CON VIOLENCIA"}, false},
		{[3]string{"Asalto", "con violencia", "NINGUNO"}, false},
		{[3]string{"Violencia y resistencia a la autoridad"}, false},
		{[3]string{"Conflicto vecinal"}, false},
		{[3]string{"Agresión", "Ninguna"}, false},
		{[3]string{"Abuso de autoridad"}, false},
		{[3]string{}, false},
	} {
		if got := Sensitive(tc.kind); got != tc.want {
			t.Errorf("%q: %v", tc.kind, got)
		}
	}
}
