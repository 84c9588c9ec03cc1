package fleet

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestUnitLogCheck(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	for _, tt := range []struct {
		name  string
		log   UnitLog
		field string // with the mistake; empty: none
	}{
		{"all of it", UnitLog{KmOut: v(81_234.5), KmIn: v(81_310), Fuel: v(20.8), Note: "Grifo El Sol"}, ""},
		{"only out", UnitLog{KmOut: v(0)}, ""},
		{"only fuel", UnitLog{Fuel: v(0)}, ""},
		{"it stood", UnitLog{KmOut: v(5), KmIn: v(5)}, ""},
		{"backwards", UnitLog{KmOut: v(81_310), KmIn: v(81_234)}, "km_in"},
		{"a digit too many", UnitLog{KmOut: v(81_234), KmIn: v(813_100)}, "km_in"},
		{"negative", UnitLog{KmOut: v(-1)}, "km_out"},
		{"no number", UnitLog{KmOut: v(math.NaN())}, "km_out"},
		{"no number in", UnitLog{KmIn: v(math.Inf(1))}, "km_in"},
		{"a tank lorry", UnitLog{Fuel: v(4000)}, "fuel_l"},
		{"two lines", UnitLog{Note: "a\nb"}, "note"},
		{"long", UnitLog{Note: strings.Repeat("ñ", MaxLogNote+1)}, "note"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := tt.log
			l.Unit, l.Shift = "C01", "2026-11-21/noche"
			err := l.Check()
			var m LogMistake
			if errors.As(err, &m); m.Field != tt.field || (err == nil) != (tt.field == "") || err != nil && !errors.Is(err, ErrInvalid) {
				t.Errorf("%v, of %q; want %q", err, m.Field, tt.field)
			}
		})
	}
	if err := (UnitLog{Unit: "C01", Shift: "ayer"}).Check(); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if !(UnitLog{}).Empty() || (UnitLog{Fuel: v(0)}).Empty() {
		t.Error("what is empty")
	}
}
