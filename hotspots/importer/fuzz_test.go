package importer

import (
	"bytes"
	"testing"
)

func FuzzRead(f *testing.F) {
	f.Add([]byte("id,fecha_hora_hecho,lat,lon,tipo\n1,2026-01-01 10:00,-8,-79,\"RO\"\"BO\"\n"))
	f.Add([]byte("sep=;\nfecha;hora;latitud;longitud\n21/11/26;10:30 p. m.;-8,07;-79,01\n"))
	f.Add([]byte("\xff\xfed\x00a\x00t\x00e\x00"))
	f.Add([]byte("date,lat,lon\n\"\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		res, err := Read(bytes.NewReader(data), "fuzz", Options{MaxRows: 1000})
		if err != nil {
			return
		}
		checkAccounts(t, res)
	})
}

func FuzzParseMoment(f *testing.F) {
	for _, s := range []string{"2026-11-21T22:30:15.123-05:00", "21/11/2026 10:30 p. m.", "1795318200000", "46347.9375", "21 de setiembre de 2026", "20261121223015"} {
		f.Add(s, "dmy")
	}
	f.Fuzz(func(t *testing.T, s, order string) {
		m, err := parseMoment(s, order)
		if err == nil && (m.wall.IsZero() || m.wall.Year() < 1800 || m.wall.Year() > 9999) {
			t.Fatalf("%q gave %v", s, m.wall)
		}
	})
}
