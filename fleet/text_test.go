package fleet

import (
	"errors"
	"strings"
	"testing"
)

func TestNamesAreOneLine(t *testing.T) {
	for _, s := range []string{"", "Halcón 1", "日本", "a\u00a0b"} {
		if err := CheckLine("the name", s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, bad := range []string{"a\x00b", "a\nb", "a\tb", "\x7f", "\u0085", "\xff"} {
		device := Device{Ubigeo: "130102", ID: "g1", Name: bad}
		for what, err := range map[string]error{
			"a name":    CheckLine("the name", bad),
			"call sign": Unit{ID: "C1", CallSign: bad}.Check(),
			"plate":     Unit{ID: "C1", CallSign: "C1", Plate: bad}.Check(),
			"device":    CheckDevice(device),
			"reason":    CheckReadiness(UnitReadiness{State: Workshop, Reason: bad}),
			"shift":     CheckShifts([]ShiftDef{{Code: "noche", Name: "N" + bad + "e", Start: "22:00", End: "06:00"}}),
		} {
			if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "control character") && !strings.Contains(err.Error(), "UTF-8") {
				t.Errorf("%s %q: %v", what, bad, err)
			}
		}
	}
}
