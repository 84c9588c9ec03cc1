package review

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/hotspots"
)

// townCells are cells of resolution 9 side by side.
func townCells(t testing.TB, n int) []hotspots.Cell {
	t.Helper()
	c, err := hotspots.CellOf(orb.Point{-79.0, -8.07}, CellRes)
	if err != nil {
		t.Fatal(err)
	}
	disk, err := c.Disk(1)
	if err != nil || len(disk) < n {
		t.Fatal(err, len(disk))
	}
	slices.Sort(disk)
	return disk[:n]
}

var dawn = time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)

// minutes is how long the shifts of the drawn world last; two begin on a day, the
// second an hour after the first one's end.
const minutes = 150

// drawDay draws a day of two shifts in which units come and go by the minute.
func drawDay(rt *rapid.T, day int, cells []hotspots.Cell) Day {
	d := Day{Format: Format, Date: dawn.AddDate(0, 0, day).Format(time.DateOnly), Streets: "v1", Cells: cells}
	for k := range 2 {
		start := dawn.AddDate(0, 0, day).Add(time.Duration(k) * (minutes + 60) * time.Minute)
		s := Shift{ID: fleet.ShiftID(d.Date + "/" + fmt.Sprint(k)), Code: fmt.Sprint(k), Name: fmt.Sprint(k), Start: start, End: start.Add(minutes * time.Minute)}
		for u := range rapid.IntRange(0, 3).Draw(rt, "units") {
			unit := Unit{ID: fmt.Sprint("U", u), Force: coverage.Force(rapid.IntRange(0, 2).Draw(rt, "force")), Duty: minutes * time.Minute}
			if rapid.Bool().Draw(rt, "silent") {
				from := rapid.IntRange(0, minutes-1).Draw(rt, "silent from")
				to := rapid.IntRange(from+1, minutes).Draw(rt, "silent to")
				unit.Silences = []Spell{{int32(600 * from), int32(600 * to)}}
				unit.Silent = time.Duration(to-from) * time.Minute
			}
			s.Units = append(s.Units, unit)
			at := 0
			for at < minutes && rapid.Bool().Draw(rt, "stays") {
				from := rapid.IntRange(at, minutes-1).Draw(rt, "from")
				to := rapid.IntRange(from+1, minutes).Draw(rt, "to")
				c := rapid.IntRange(0, len(cells)-1).Draw(rt, "cell")
				s.Stays = append(s.Stays, Stay{uint16(u), uint16(c), Spell{int32(600 * from), int32(600 * to)}})
				at = to
			}
		}
		d.Shifts = append(d.Shifts, s)
	}
	drawStreets(rt, &d)
	return d
}

// drawStreets draws who covered which of the ten streets of 100 m in the only tile: crews of
// the shift.
func drawStreets(rt *rapid.T, d *Day) {
	d.Tiles, d.Metres = d.Cells[:1], []uint32{1000}
	var whole [10]int
	put := func(s *Streets, masks [10]int) {
		for k := range s.By {
			s.By[k] = []uint32{0}
		}
		for _, m := range masks {
			s.By[m][0] += 100
		}
		s.By[0][0] = 0
		s.Unknown = []uint32{0}
	}
	for i := range d.Shifts {
		var masks [10]int
		for _, u := range d.Shifts[i].Units {
			for k := range masks {
				if rapid.Bool().Draw(rt, "covered") {
					masks[k] |= 1 << u.Force
				}
			}
		}
		put(&d.Shifts[i].Streets, masks)
		for k, m := range masks {
			whole[k] |= m
		}
	}
	put(&d.Whole, whole)
}

func valueOf(f Figure) float64 {
	if f.Value == nil {
		return -1
	}
	return *f.Value
}

func TestAgreesWithCountingEveryMinute(t *testing.T) {
	cells := townCells(t, 3)
	rapid.Check(t, func(rt *rapid.T) {
		days := []Day{drawDay(rt, 0, cells), drawDay(rt, 1, cells)}
		for i := range days { // what is kept is what counts
			b, err := days[i].Encode()
			if err != nil {
				rt.Fatal(err)
			}
			if days[i], err = DecodeDay(b); err != nil {
				rt.Fatal(err)
			}
		}
		shift := rapid.SampledFrom([]string{"", "0", "1"}).Draw(rt, "shift")
		r, err := Compute(Context{Query: Query{Period: Period{days[0].Date, days[1].Date}, Shift: shift}, Profile: Profile{Bands: DefaultBands()}}, Facts{Days: daysOf(days), Previous: daysOf(nil), LastYear: daysOf(nil)})
		if err != nil {
			rt.Fatal(err)
		}
		got := counted{Nobody: -1, Serenazgo: -1, Map: map[hotspots.Cell]Presence{}}
		if v := r.Verdict; v.NobodyHours != nil {
			got.Nobody = *v.NobodyHours
		}
		if v := r.Verdict; v.SerenazgoPct != nil {
			got.Serenazgo = *v.SerenazgoPct
		}
		for _, c := range r.Cells {
			got.Map[c.Cell] = r.PresenceOf(c)
		}
		for _, row := range r.Indicators {
			switch row.Key {
			case KeyAlone:
				got.Alone = valueOf(row.Together)
			case KeyDouble:
				got.Double = valueOf(row.Together)
			case KeyCells:
				got.Cells, got.CellsPolice = valueOf(row.Together), valueOf(row.Police)
			case KeyStreets, KeyStreetsDay:
				to := &got.PerShift
				if row.Key == KeyStreetsDay {
					to = &got.PerDay
				}
				for k, f := range row.figures() {
					to[k] = valueOf(*f)
				}
			case KeyGap:
				got.MaxGap = valueOf(row.Together)
			case KeyPatrol:
				got.Patrol = max(valueOf(row.Together), 0)
			case KeyUptime:
				got.Uptime = valueOf(row.Together)
			}
		}
		if diff := cmp.Diff(countOut(days, shift), got, cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-3 })); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// daysOf gives days one after another.
func daysOf(days []Day) Days {
	return func(yield func(*Day, error) bool) {
		for i := range days {
			if !yield(&days[i], nil) {
				return
			}
		}
	}
}

func TestPeriods(t *testing.T) {
	q := Period{"2026-07-01", "2026-09-30"}
	if diff := cmp.Diff(Period{"2026-03-31", "2026-06-30"}, q.Before()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Period{"2025-07-01", "2025-09-30"}, q.YearBefore()); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []Period{{"2026-09-30", "2026-07-01"}, {"1/7/2026", "2026-07-02"}, {"2024-01-01", "2026-01-01"}, {"2026-07-01", ""}} {
		if bad.Check() == nil {
			t.Error(bad)
		}
	}
	if err := q.Check(); err != nil {
		t.Error(err)
	}
}

func TestFormulasAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range (Profile{Bands: DefaultBands()}).Formulas() {
		if seen[f.Key] || f.Name == "" || f.Text == "" || f.Of == "" {
			t.Errorf("%+v", f)
		}
		seen[f.Key] = true
	}
	for _, key := range judged {
		if !seen[key] {
			t.Error(key, "has a band and no formula")
		}
	}
}

func TestLights(t *testing.T) {
	b := DefaultBands()
	b.Of = map[string][2]float64{KeyAlone: {60, 40}}
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key  string
		pct  float64
		want Light
	}{{KeyStreets, 90, Green}, {KeyStreets, 89.9, Amber}, {KeyStreets, 69.9, Red}, {KeyAlone, 50, Amber}, {KeyDouble, 5, ""}} {
		if got := b.light(c.key, c.pct); got != c.want {
			t.Errorf("%s at %v: %q, want %q", c.key, c.pct, got, c.want)
		}
	}
	for _, bad := range []Bands{{}, {Green: 70, Amber: 90, HotMinutes: 1, HotGap: 1}, {Green: 90, Amber: 70, HotMinutes: 10, HotGap: 120, Of: map[string][2]float64{KeyGap: {90, 70}}}} {
		if bad.Check() == nil {
			t.Error(bad)
		}
	}
}
