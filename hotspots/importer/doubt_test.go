package importer

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
)

// forcedFile writes n rows at points of their own, some busy places among them,
// and as many as share tells at three points. Rows name an address if asked.
func forcedFile(n int, share float64, addresses bool, seed uint64) (file []byte, forced map[int]bool) {
	r := rand.New(rand.NewPCG(seed, 1))
	stations := [][2]float64{{-8.071, -79.011}, {-8.0833, -79.0027}, {-8.0655, -78.9912}}
	busy := make([][2]float64, 40)
	for i := range busy {
		busy[i] = [2]float64{-8.05 - 0.05*r.Float64(), -79.03 + 0.05*r.Float64()}
	}
	var b bytes.Buffer
	b.WriteString("id,date,lat,lon,tipo,direccion\n")
	forced = map[int]bool{}
	for i := range n {
		p := [2]float64{-8.05 - 0.05*r.Float64(), -79.03 + 0.05*r.Float64()}
		where := fmt.Sprintf("Jr. %d cdra. %d", r.IntN(300), r.IntN(9)+1)
		if k := r.IntN(400); k < len(busy) {
			p, where = busy[k], fmt.Sprintf("Mercado %d", k)
		}
		if r.Float64() < share {
			p = stations[r.IntN(3)]
			forced[i+2] = true
		}
		if !addresses {
			where = ""
		}
		fmt.Fprintf(&b, "%d,2026-%02d-%02d %02d:%02d,%.6f,%.6f,%s,%s\n", i, i%12+1, i%28+1, i%24, i%60, p[0], p[1], []string{"ROBO", "HURTO", "RUIDO"}[i%3], where)
	}
	return b.Bytes(), forced
}

func TestForcedPoints(t *testing.T) {
	for _, tc := range []struct {
		name      string
		rows      int
		share     float64
		addresses bool
	}{
		{"half of many", 8000, .5, false}, {"half of a few", 250, .5, false}, {"a tenth", 4000, .1, false}, {"with addresses", 4000, .5, true}, {"none", 6000, 0, true}, {"none of a few", 60, 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file, forced := forcedFile(tc.rows, tc.share, tc.addresses, 7)
			res, err := Read(bytes.NewReader(file), "f", Options{})
			if err != nil {
				t.Fatal(err)
			}
			checkAccounts(t, res)
			found := 0
			for _, r := range res.Rejected {
				if r.Code != string(ForcedPoint) || !forced[r.Row] {
					t.Fatalf("rejected %+v", r)
				}
				found++
			}
			if float64(found) < 0.95*float64(len(forced)) {
				t.Errorf("%d of %d found", found, len(forced))
			}
			if trusting, err := Read(bytes.NewReader(file), "f", Options{Trust: true}); err != nil || len(trusting.Rejected) > 0 {
				t.Errorf("%d rejected where points are trusted, %v", len(trusting.Rejected), err)
			}
		})
	}
}

// Half of the rows of a real file forced to three points are found, and no others.
func TestForcedPointsInChicago(t *testing.T) {
	b, err := unpacked(bufio.NewReader(dataFile(t, "incidents", "chicago_aggravated_assaults_2010_2018.csv.gz")), "chicago")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 3))
	var file bytes.Buffer
	forced := 0
	for s, n := bufio.NewScanner(b), 0; s.Scan(); n++ {
		if n%3 != 0 { // a third of it is enough, and quicker
			continue
		}
		f := strings.Split(s.Text(), ",")
		if n > 0 && r.IntN(2) == 0 {
			k := r.IntN(3)
			f[2], f[3] = []string{"-87.6277", "-87.7013", "-87.6644"}[k], []string{"41.7922", "41.8811", "41.9651"}[k]
			forced++
		}
		fmt.Fprintln(&file, strings.Join(f, ","))
	}
	res, err := Read(&file, "chicago", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(res.Rejected); float64(n) < .95*float64(forced) || n > forced+50 { // some true rows lie at the same points
		t.Errorf("%d quarantined of %d forced", n, forced)
	}
}

// One true place may be busier than all others: a market with an address, or a
// shop where the same thing happens again and again.
func TestTruePlacesStay(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, tc := range []struct {
		name                  string
		kind, address, origin string
		stays                 bool
	}{{"one address", "", "Mercado Central", "", true}, {"one type", "HURTO EN TIENDA", "", "", true}, {"seen by a camera", "", "", "CAMARA", true},
		{"anything, anywhere", "", "", "", false}} {
		var b strings.Builder
		b.WriteString("id,date,lat,lon,tipo,direccion,origen\n")
		for i := range 2000 {
			lat, lon, kind, address, origin := -8-r.Float64()/10, -79-r.Float64()/10, []string{"ROBO", "HURTO", "RUIDO"}[i%3], fmt.Sprint("Calle ", i), "LLAMADA"
			if i%10 == 0 {
				lat, lon = -8.05, -79.05
				if tc.kind != "" {
					kind = tc.kind
				}
				if tc.address != "" {
					address = tc.address
				}
				origin = cmp.Or(tc.origin, origin)
			}
			fmt.Fprintf(&b, "%d,2026-01-%02d %02d:10,%.6f,%.6f,%s,%s,%s\n", i, i%28+1, i%24, lat, lon, kind, address, origin)
		}
		res, err := Read(strings.NewReader(b.String()), "f", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(res.Rejected) == 0; got != tc.stays {
			t.Errorf("%s: %d rejected", tc.name, len(res.Rejected))
		}
	}
}

func TestMidnightAndQuietHours(t *testing.T) {
	loc := lima(t)
	// By night there is a fifth of what there is by day.
	file := func(write func(at time.Time, i int) string) string {
		var b strings.Builder
		b.WriteString("id,date,lat,lon\n")
		at, n := time.Date(2026, 1, 1, 0, 7, 0, 0, time.UTC), 0
		for i := 0; n < 1500; i++ {
			at = at.Add(37 * time.Minute)
			if h := at.Hour(); h >= 2 && h < 7 && i%5 != 0 {
				continue
			}
			fmt.Fprintf(&b, "%d,%s,-8.%04d,-79\n", n, write(at, n), n)
			n++
		}
		return b.String()
	}
	plainTimes := func(at time.Time, _ int) string { return at.Format("2006-01-02 15:04") }
	for _, tc := range []struct {
		name  string
		write func(at time.Time, i int) string
		clock Clock
		notes []Code
		whole int // incidents that count for a whole day
	}{
		{"as they should be", plainTimes, ClockLocal, nil, 0},
		{"a tenth at midnight", func(at time.Time, i int) string {
			if i%10 == 0 {
				return at.Format("2006-01-02 00:00")
			}
			return plainTimes(at, i)
		}, ClockLocal, []Code{MidnightTimes}, 151}, // one of them truly then

		{"a tenth without time", func(at time.Time, i int) string {
			if i%10 == 0 {
				return at.Format("2006-01-02")
			}
			return plainTimes(at, i)
		}, ClockLocal, []Code{NoTimeOfDay}, 150},
		{"local times stored as UTC", func(at time.Time, _ int) string { return at.Format("2006-01-02T15:04:00Z") }, ClockLocal, []Code{QuietAsUTC}, 0},
		{"true instants", func(at time.Time, _ int) string { return at.Add(5 * time.Hour).Format("2006-01-02T15:04:00Z") }, ClockInstant, nil, 0},
		{"UTC without saying so", func(at time.Time, _ int) string { return at.Add(5 * time.Hour).Format("2006-01-02 15:04") }, ClockLocal, []Code{OddHours}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res, err := Read(strings.NewReader(file(tc.write)), "f", Options{Loc: loc})
			if err != nil {
				t.Fatal(err)
			}
			checkAccounts(t, res)
			whole := 0
			for _, in := range res.Incidents {
				if !in.Until.IsZero() {
					whole++
				}
			}
			var notes []Code
			for _, r := range res.Remarks {
				notes = append(notes, r.Code)
			}
			if res.Clock != tc.clock || whole != tc.whole || fmt.Sprint(notes) != fmt.Sprint(tc.notes) {
				t.Errorf("clock %s, %d of a whole day, %q", res.Clock, whole, res.Notes)
			}
		})
	}
}

// Rows without coordinates are placed by their address, those of other districts
// are not.
func TestAddresses(t *testing.T) {
	locate := func(s string) (Located, bool) {
		switch s {
		case "Jr. Unión cuadra 5":
			return Located{orb.Point{-79.01, -8.07}, hotspots.GradeBlock}, true
		case "Av. A con Jr. B":
			return Located{orb.Point{-79.02, -8.08}, hotspots.GradeCrossing}, true
		case "Jr. Lejos":
			return Located{orb.Point{-70, -8.08}, hotspots.GradeStreet}, true
		}
		return Located{}, false
	}
	file := `id,date,lat,lon,direccion,cuadra,cruce,observacion,ubigeo
1,2026-01-05 08:00,,,Jr. Unión,5,,,130102
2,2026-01-05 08:00,,,Av. A,,Jr. B,,
3,2026-01-05 08:00,-8.05,-79.05,Jr. Unión,5,,,
4,2026-01-05 08:00,,,Jr. Nadie,,,,
5,2026-01-05 08:00,-8.05,-79.05,Jr. Unión,5,,GEO FORZADA AL CENTROIDE DE UBIC COMISARIA,
6,2026-01-05 08:00,,,Jr. Unión,5,,,130101
7,2026-01-05 08:00,,,Jr. Lejos,,,,
8,2026-01-05 08:00,,,,,,,
9,2026-01-05 08:00,,,Jr. Unión,5,,,30101
`
	res, err := Read(strings.NewReader(file), "f", Options{Locate: locate, Ubigeo: "130102", Bound: orb.Bound{Min: orb.Point{-79.1, -8.2}, Max: orb.Point{-78.9, -8}}})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	var got []string
	for _, in := range res.Incidents {
		got = append(got, fmt.Sprint(in.Row, " ", in.Grade))
	}
	for _, r := range res.Rejected {
		got = append(got, fmt.Sprint(r.Row, " ", r.Code))
	}
	want := "2 block;3 crossing;4 ;6 block;5 not_found;7 elsewhere;8 outside;9 no_place;10 elsewhere"
	if s := strings.Join(got, ";"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	// A table with addresses and no coordinates at all will do, if streets are there.
	bare := "fecha_hora,direccion\n2026-01-05 08:00,Av. A con Jr. B\n"
	if res, err := Read(strings.NewReader(bare), "f", Options{Locate: locate}); err != nil || len(res.Incidents) != 1 || len(res.Notes) != 1 {
		t.Errorf("%v %+v", err, res)
	}
	if _, err := Read(strings.NewReader(bare), "f", Options{}); err == nil {
		t.Error("addresses without streets were taken")
	}
}
