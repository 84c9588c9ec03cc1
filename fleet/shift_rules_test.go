package fleet

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func def(code, start, end string) ShiftDef {
	return ShiftDef{Code: code, Name: strings.ToUpper(code), Start: start, End: end}
}

func TestCheckShifts(t *testing.T) {
	for _, c := range []struct {
		name string
		defs []ShiftDef
		want ShiftMistake
	}{
		{"the usual ones", DefaultShifts(), ShiftMistake{}},
		{"one of 24 hours", []ShiftDef{def("todo", "07:00", "07:00")}, ShiftMistake{}},
		{"two of 12 hours", []ShiftDef{def("dia", "06:00", "18:00"), def("noche", "18:00", "06:00")}, ShiftMistake{}},
		{"hours without one", []ShiftDef{def("noche", "20:00", "04:00")}, ShiftMistake{}},
		{"none", nil, ShiftMistake{What: "count"}},
		{"too many", make([]ShiftDef, maxShifts+1), ShiftMistake{What: "count"}},
		{"a code with a space", []ShiftDef{def("la noche", "20:00", "04:00")}, ShiftMistake{Code: "la noche", What: "code"}},
		{"a code with a slash", []ShiftDef{def("a/b", "20:00", "04:00")}, ShiftMistake{Code: "a/b", What: "code"}},
		{"no name", []ShiftDef{{Code: "x", Name: "  ", Start: "20:00", End: "04:00"}}, ShiftMistake{Code: "x", What: "name"}},
		{"a long name", []ShiftDef{{Code: "x", Name: strings.Repeat("ñ", 41), Start: "20:00", End: "04:00"}}, ShiftMistake{Code: "x", What: "name"}},
		{"an hour of one digit", []ShiftDef{def("x", "6:00", "14:00")}, ShiftMistake{Code: "x", What: "clock"}},
		{"24 o'clock", []ShiftDef{def("x", "06:00", "24:00")}, ShiftMistake{Code: "x", What: "clock"}},
		{"twice", []ShiftDef{def("x", "06:00", "14:00"), def("x", "14:00", "22:00")}, ShiftMistake{Code: "x", What: "twice"}},
		{"overlap", []ShiftDef{def("a", "06:00", "14:01"), def("b", "14:00", "22:00")}, ShiftMistake{Code: "b", What: "overlap", Other: "a"}},
		{"overlap across midnight", []ShiftDef{def("a", "22:00", "06:00"), def("b", "05:59", "10:00")}, ShiftMistake{Code: "b", What: "overlap", Other: "a"}},
		{"24 hours and another", []ShiftDef{def("a", "22:00", "22:00"), def("b", "05:00", "10:00")}, ShiftMistake{Code: "b", What: "overlap", Other: "a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := CheckShifts(c.defs)
			var got ShiftMistake
			if err != nil && (!errors.As(err, &got) || !errors.Is(err, ErrInvalid)) {
				t.Fatalf("%v is no mistake of a shift", err)
			}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// What CheckShifts accepts never has two shifts on at once, on any day, and the
// next shift is the first that a search by minutes finds.
func TestShiftsAgainstTheClock(t *testing.T) {
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var defs []ShiftDef
		clock := rapid.Custom(func(t *rapid.T) string {
			return time.Date(0, 1, 1, rapid.IntRange(0, 23).Draw(t, "hour"), 30*rapid.IntRange(0, 1).Draw(t, "half"), 0, 0, time.UTC).Format("15:04")
		})
		for i := range rapid.IntRange(1, 3).Draw(t, "shifts") {
			defs = append(defs, def(string(rune('a'+i)), clock.Draw(t, "start"), clock.Draw(t, "end")))
		}
		on := func(at time.Time) (n int, begins bool) {
			for _, d := range defs {
				for _, date := range []string{"2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"} {
					s, err := d.On(date, lima)
					if err != nil {
						t.Fatal(err)
					}
					if s.Contains(at) {
						n++
					}
					begins = begins || s.Start.Equal(at)
				}
			}
			return n, begins
		}
		from := time.Date(2026, 11, 20, 0, 0, 0, 0, lima)
		clash := false
		for at := from; at.Before(from.AddDate(0, 0, 1)); at = at.Add(30 * time.Minute) {
			n, _ := on(at)
			clash = clash || n > 1
		}
		if err := CheckShifts(defs); (err != nil) != clash {
			t.Fatalf("%v: %v, and by the clock two are on at once: %v", defs, err, clash)
		}
		at := from.Add(time.Duration(rapid.IntRange(0, 47).Draw(t, "now")) * 30 * time.Minute)
		next, ok := NextShift(at, defs, lima)
		want := at
		for {
			if _, begins := on(want); begins {
				break
			}
			want = want.Add(30 * time.Minute)
		}
		if !ok || !next.Start.Equal(want) {
			t.Fatalf("after %s comes %s, want %s", at, next.Start, want)
		}
	})
}
