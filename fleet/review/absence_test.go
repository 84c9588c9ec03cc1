package review

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/hotspots"
)

// hoursOf counts the hours without anybody by going through the minutes of all
// shifts: no stretch of time is ever cut.
func hoursOf(t testing.TB, days []Day, cells []hotspots.Cell) Absence {
	t.Helper()
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	type hour struct {
		minutes        int
		seen           map[hotspots.Cell]bool
		silent, police bool
	}
	hours := map[time.Time]*hour{}
	var order []time.Time
	for i := range days {
		for k := range days[i].Shifts {
			s := &days[i].Shifts[k]
			own, police := false, false
			for _, u := range s.Units {
				own, police = own || u.Force != coverage.Police, police || u.Force == coverage.Police
			}
			if !own {
				continue
			}
			in := map[time.Time][]int{} // minutes of the shift, by hour
			for m := range minutes {
				at := s.Start.Add(time.Duration(m) * time.Minute).Truncate(time.Hour)
				in[at] = append(in[at], m)
				if hours[at] == nil {
					hours[at] = &hour{seen: map[hotspots.Cell]bool{}, police: true}
					order = append(order, at)
				}
			}
			for at, ms := range in {
				h := hours[at]
				h.minutes += len(ms)
				h.police = h.police && police
				for _, x := range s.Stays {
					for _, m := range ms {
						if int(x.From) <= 600*m && 600*m < int(x.To) {
							h.seen[days[i].Cells[x.Cell]] = true
						}
					}
				}
				for _, u := range s.Units {
					for _, w := range u.Silences {
						h.silent = h.silent || int(w.From) <= 600*ms[0] && 600*(ms[len(ms)-1]+1) <= int(w.To)
					}
				}
			}
		}
	}
	out := Absence{Cells: len(cells)}
	run, last := 0, time.Time{}
	for _, at := range order {
		h := hours[at]
		if h.minutes < 30 {
			continue
		}
		local := at.In(lima)
		day := (int(local.Weekday()) + 6) % 7
		out.Hours++
		out.Week.Hours[day][local.Hour()]++
		out.Week.CellHours[day][local.Hour()] += len(cells)
		met := 0
		for _, c := range cells {
			if h.seen[c] {
				met++
			}
		}
		out.Week.SeenHours[day][local.Hour()] += met
		if h.police {
			out.PoliceKnown++
		}
		switch {
		case met > 0:
		case h.silent:
			out.Unknown++
			out.Week.Unknown[day][local.Hour()]++
		default:
			out.Nobody++
			out.Week.Nobody[day][local.Hour()]++
			if run == 0 || !at.Equal(last.Add(time.Hour)) {
				run = 0
			}
			run++
			last = at
			if run > out.Longest {
				out.Longest, out.Since = run, at.Add(-time.Duration(run-1)*time.Hour)
			}
		}
	}
	return out
}

func TestAbsencesAgreeWithCountingEveryMinute(t *testing.T) {
	cells := townCells(t, 3)
	rapid.Check(t, func(rt *rapid.T) {
		days := []Day{drawDay(rt, 0, cells), drawDay(rt, 1, cells)}
		if rapid.Bool().Draw(rt, "the second shift follows at once") {
			for i := range days {
				s := &days[i].Shifts[1]
				s.Start = days[i].Shifts[0].End
				s.End = s.Start.Add(minutes * time.Minute)
			}
		}
		c := Context{Query: Query{Period: Period{days[0].Date, days[1].Date}}, Profile: Profile{Bands: DefaultBands()},
			Sectors: []Area{{ID: "norte", Name: "Norte", Shape: around(t, cells[0], 1e-5)}, {ID: "far", Name: "Lejos"}}}
		r, err := Compute(c, Facts{Days: daysOf(days), Previous: daysOf(nil), LastYear: daysOf(nil)})
		if err != nil {
			rt.Fatal(err)
		}
		whole, north := hoursOf(t, days, cells), hoursOf(t, days, cells[:1])
		north.Sector, north.Name = "norte", "Norte"
		if len(days[0].Shifts[0].Units)+len(days[0].Shifts[1].Units)+len(days[1].Shifts[0].Units)+len(days[1].Shifts[1].Units) == 0 {
			whole, north = Absence{}, Absence{}
		}
		want := []Absence{whole, north}
		if whole.Cells == 0 {
			want = []Absence{}
		}
		if diff := cmp.Diff(want, r.Absences); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// Presence by the shifts' names is what a review of each of them shows.
func TestPresenceByShiftIsThatOfEach(t *testing.T) {
	cells := townCells(t, 3)
	rapid.Check(t, func(rt *rapid.T) {
		days := []Day{drawDay(rt, 0, cells), drawDay(rt, 1, cells)}
		of := func(shift string) Review {
			r, err := Compute(Context{Query: Query{Period: Period{days[0].Date, days[1].Date}, Shift: shift}, Profile: Profile{Bands: DefaultBands()}},
				Facts{Days: daysOf(days), Previous: daysOf(nil), LastYear: daysOf(nil)})
			if err != nil {
				rt.Fatal(err)
			}
			return r
		}
		all := of("")
		for _, x := range all.ByShift {
			one := of(x.Code)
			if len(x.Cells) != len(all.Cells) || len(one.Cells) != len(all.Cells) {
				rt.Fatalf("%d cells of %d and %d", len(x.Cells), len(all.Cells), len(one.Cells))
			}
			for i, c := range one.Cells {
				if got := one.PresenceOf(c); all.Cells[i].Cell != c.Cell || x.Cells[i] != got {
					rt.Fatalf("shift %s, cell %v: %s, alone %s", x.Code, c.Cell, x.Cells[i], got)
				}
			}
			if x.Shifts != one.Sources.Shifts || x.PoliceShifts != one.Sources.PoliceShifts || x.Police != one.Sources.Police {
				rt.Fatalf("shift %s: %d, %d, %s; alone %+v", x.Code, x.Shifts, x.PoliceShifts, x.Police, one.Sources)
			}
		}
	})
}

// A clock hour counts from half of it known on, however many shifts it was known
// in.
func TestHoursHardlyKnownDoNotCount(t *testing.T) {
	cells := townCells(t, 1)
	stay := []Stay{{0, 0, Spell{0, 600}}} // the cell was seen in the first minute
	on := func(code string, start, end time.Duration, stays []Stay) Shift {
		return Shift{ID: fleet.ShiftID(code), Code: code, Name: code, Start: dawn.Add(start), End: dawn.Add(end), Stays: stays,
			Units: []Unit{{ID: "U", Force: coverage.Municipal, Duty: end - start}}}
	}
	for _, c := range []struct {
		name                   string
		shifts                 []Shift
		hours, nobody, longest int
	}{
		{"29 minutes and 59 seconds", []Shift{on("a", 0, 30*time.Minute-time.Second, stay)}, 0, 0, 0},
		{"half an hour", []Shift{on("a", 0, 30*time.Minute, stay)}, 1, 0, 0},
		{"a short hour at each end", []Shift{on("a", 31*time.Minute, 2*time.Hour+29*time.Minute, stay)}, 1, 1, 1},
		{"two shifts make the half hour", []Shift{on("a", 0, 20*time.Minute, stay), on("b", 20*time.Minute, 40*time.Minute, nil)}, 1, 0, 0},
		{"a short hour ends the run", []Shift{on("a", 0, 80*time.Minute, stay), on("b", 2*time.Hour, 4*time.Hour, nil)}, 3, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			day := Day{Format: Format, Date: dawn.Format(time.DateOnly), Streets: "v1", Cells: cells, Shifts: c.shifts}
			r, err := Compute(Context{Query: Query{Period: Period{day.Date, day.Date}}, Profile: Profile{Bands: DefaultBands()}},
				Facts{Days: daysOf([]Day{day}), Previous: daysOf(nil), LastYear: daysOf(nil)})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Absences) != 1 {
				t.Fatalf("%d areas", len(r.Absences))
			}
			if a := r.Absences[0]; a.Hours != c.hours || a.Nobody != c.nobody || a.Longest != c.longest {
				t.Errorf("%d hours, %d without anybody, longest %d; want %d, %d, %d", a.Hours, a.Nobody, a.Longest, c.hours, c.nobody, c.longest)
			}
		})
	}
}
