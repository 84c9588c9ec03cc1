package fleet

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadDevices(t *testing.T) {
	hilux := Device{ID: "hilux", Name: "GPS de la Hilux", Unit: "C01", Interval: 15 * time.Second, Identities: []string{"356307042441013", "juan/moto g"}, ClockFix: 5 * time.Hour, Known: true}
	for _, tt := range []struct {
		name, table string
		rows        []DeviceRow
		bad         []string
	}{
		{"English, commas", "id,name,unit,identities,interval_s,clock_fix_h\nhilux,GPS de la Hilux,C01,356307042441013|juan/moto g,15,5\n", []DeviceRow{{2, hilux}}, nil},
		{"Spanish, semicolons, mark of a sheet, decimal comma", "\ufeffCódigo;Nombre;Unidad;IMEI;Intervalo;Huso_h\r\nhilux;GPS de la Hilux;C01;356307042441013|juan/moto g;15,0;5\r\n\r\n", []DeviceRow{{2, hilux}}, nil},
		{"only IMEIs", "IMEI\n356307042441013\n", []DeviceRow{{2, Device{ID: "356307042441013", Interval: 10 * time.Second, Identities: []string{"356307042441013"}, Known: true}}}, nil},
		{"a gateway", "id,gateway\ngw,Sí\n", []DeviceRow{{2, Device{ID: "gw", Interval: 10 * time.Second, Gateway: true, Known: true}}}, nil},
		{"good and bad", "id,imei,interval_s\na,1,\na,2,\nb,1,\nc d,,\ne,,often\nf,3.56307E+14,\n,,5\ng,,0\n",
			[]DeviceRow{{2, Device{ID: "a", Interval: 10 * time.Second, Identities: []string{"1"}, Known: true}}},
			[]string{"3: device a is in line 2", "4: identity 1 is in line 2", "5: device id \"c d\"", "6: the interval \"often\"", "7: \"3.56307E+14\" is a number rounded", "8: no id", "9: the interval \"0\""}},
		{"short rows", "id,name,unit\na\n", []DeviceRow{{2, Device{ID: "a", Interval: 10 * time.Second, Known: true}}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, bad, err := ReadDevices(strings.NewReader(tt.table))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.rows, rows); d != "" {
				t.Error(d)
			}
			if len(bad) != len(tt.bad) {
				t.Fatalf("bad rows %v", bad)
			}
			for i, b := range bad {
				line, reason, _ := strings.Cut(tt.bad[i], ": ")
				if line != itoa(b.Line) || !strings.Contains(b.Reason, reason) {
					t.Errorf("%d: %s; want %s", b.Line, b.Reason, tt.bad[i])
				}
			}
		})
	}
	for name, table := range map[string]string{"empty": "", "no column": "a,b\n1,2\n", "Latin-1": "id,name\na,\xf1\n"} {
		if _, _, err := ReadDevices(strings.NewReader(table)); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBadRowCodes: pages word a row's mistake by its code and what it is about.
func TestBadRowCodes(t *testing.T) {
	long := strings.Repeat("x", 61)
	_, bad, err := ReadDevices(strings.NewReader("id,name,imei,interval_s,gateway,clock_fix_h\na,,1\na\nb,,1\nc d\ne,,,often\nf,,3.5E+14\n,x\ng,,,,maybe\nh,,,,,99\ni," + long + "\nj,,1|2|3|4|5|6|7|8|9\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range bad {
		got = append(got, b.Code+" "+b.Value+" "+b.Other)
	}
	want := []string{"twice a 2", "identity_twice 1 2", "id c d ", "interval often ", "rounded 3.5E+14 ", "no_id  ", "gateway maybe ", "clock 99 ", "name " + long + " ", "identities  "}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func itoa(n int) string { return string(rune('0' + n)) } // one digit is enough here

func FuzzReadDevices(f *testing.F) {
	f.Add("id,imei\na,1\n\"b,2\n")
	f.Add("código;unidad\nx;y;z\n;;\n")
	f.Fuzz(func(t *testing.T, table string) {
		rows, bad, err := ReadDevices(strings.NewReader(table))
		if err != nil && (rows != nil || bad != nil) {
			t.Fatal("rows along with an error")
		}
		for _, r := range rows {
			d := r.Device
			d.Ubigeo = "130102"
			if err := CheckDevice(d); err != nil {
				t.Fatal(err)
			}
		}
		for _, b := range bad {
			if b.Reason == "" || b.Line < 1 || b.Code == "" {
				t.Fatalf("%+v", b)
			}
		}
	})
}
