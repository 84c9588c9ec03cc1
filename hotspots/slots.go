package hotspots

import (
	"math"
	"slices"
	"time"
)

const dayMinutes = 24 * 60

// slotting divides local clock time into the slots of an operational day, of
// which one is the target's window: a night of 22–06 gives 06–14, 14–22 and
// 22–06. Clock time is what counts, so a night in which clocks change is one
// slot like any other.
type slotting struct {
	loc    *time.Location
	anchor int   // minute of the civil day at which the operational day begins
	bounds []int // minutes after the anchor at which slots begin; the first is 0
}

// newSlotting makes slots about as long as the window from start to end, which
// becomes one of them. The operational day begins at the bound nearest 06:00.
func newSlotting(start, end time.Time, loc *time.Location) slotting {
	from := clockMinute(start, loc)
	length := clockLength(start, end, loc)
	if length <= 0 || length >= dayMinutes*3/4 {
		return slotting{loc: loc, anchor: from, bounds: []int{0}}
	}
	n := min(6, max(2, int(math.Round(dayMinutes/float64(length)))))
	rest := dayMinutes - length
	bounds := []int{from}
	for i := range n - 1 {
		bounds = append(bounds, (from+length+rest*i/(n-1))%dayMinutes)
	}
	anchor := bounds[0]
	for _, b := range bounds {
		if clockGap(b, 6*60) < clockGap(anchor, 6*60) {
			anchor = b
		}
	}
	for i := range bounds {
		bounds[i] = (bounds[i] - anchor + dayMinutes) % dayMinutes
	}
	slices.Sort(bounds)
	return slotting{loc: loc, anchor: anchor, bounds: slices.Compact(bounds)}
}

func clockMinute(t time.Time, loc *time.Location) int {
	l := t.In(loc)
	return l.Hour()*60 + l.Minute()
}

// clockLength gives the minutes from start to end by the clock on the wall,
// which on the nights when clocks change are not those that pass.
func clockLength(start, end time.Time, loc *time.Location) int {
	passed := end.Sub(start).Minutes()
	length := (clockMinute(end, loc) - clockMinute(start, loc) + dayMinutes) % dayMinutes
	return length + dayMinutes*int(math.Round((passed-float64(length))/dayMinutes))
}

// clockGap is how far apart two minutes of the day are.
func clockGap(a, b int) int {
	d := (a - b + dayMinutes) % dayMinutes
	return min(d, dayMinutes-d)
}

// perDay gives the number of slots in a day.
func (s slotting) perDay() int { return len(s.bounds) }

// at gives the running number of the slot that t falls in; slots of the same
// name are perDay apart.
func (s slotting) at(t time.Time) int {
	l := t.In(s.loc)
	y, m, d := l.Date()
	minutes := int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/60) + l.Hour()*60 + l.Minute() - s.anchor
	day := minutes / dayMinutes
	if minutes%dayMinutes < 0 {
		day--
	}
	in := minutes - day*dayMinutes
	slot, found := slices.BinarySearch(s.bounds, in)
	if !found {
		slot--
	}
	return day*len(s.bounds) + slot
}

// over calls yield for the slots between two moments, with the part of the time
// that lies in each; for the one slot of from, if until is not after it.
func (s slotting) over(from, until time.Time, yield func(slot int, part float64)) {
	first := s.at(from)
	if !until.After(from) {
		yield(first, 1)
		return
	}
	begin, end := clockDays(from, s.loc), clockDays(until, s.loc)
	if end <= begin { // a night in which clocks go back
		yield(first, 1)
		return
	}
	for slot := first; ; slot++ {
		a, b := max(begin, s.days(slot)), min(end, s.days(slot+1))
		if a >= end {
			return
		}
		if b > a+1e-9 { // not what rounding leaves
			yield(slot, (b-a)/(end-begin))
		}
	}
}

// kind gives which slot of the day a running number is, 0..perDay()-1.
func (s slotting) kind(slot int) int {
	n := len(s.bounds)
	return ((slot % n) + n) % n
}

// day gives the operational day of a slot, in days since 1970.
func (s slotting) day(slot int) int { return (slot - s.kind(slot)) / len(s.bounds) }

// weekend tells whether the middle of the slot lies between Friday 20:00 and
// Sunday 20:00.
func (s slotting) weekend(slot int) bool {
	k := s.kind(slot)
	to := dayMinutes
	if k+1 < len(s.bounds) {
		to = s.bounds[k+1]
	}
	const week = 7 * dayMinutes
	const friday = 1 * dayMinutes // 1970-01-02 was a Friday
	mid := s.day(slot)*dayMinutes + s.anchor + (s.bounds[k]+to)/2
	since := (((mid - friday - 20*60) % week) + week) % week
	return since < 2*dayMinutes
}

// days gives the slot's beginning in days since 1970, by the clock.
func (s slotting) days(slot int) float64 {
	return float64(s.day(slot)) + float64(s.anchor+s.bounds[s.kind(slot)])/dayMinutes
}

// slotClass is a kind of slot that is told apart: by its name and by whether it
// lies in the weekend.
type slotClass struct {
	first int // a slot of it
	slots int // how many there are
}

// classes gives the classes of the slots from a up to b.
func (s slotting) classes(a, b int) []slotClass {
	at := map[[2]int]int{}
	var out []slotClass
	for slot := a; slot < b; slot++ {
		k := s.class(slot)
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, slotClass{first: slot})
		}
		out[i].slots++
	}
	return out
}

// class gives the class of a slot.
func (s slotting) class(slot int) [2]int {
	k := [2]int{s.kind(slot), 0}
	if s.weekend(slot) {
		k[1] = 1
	}
	return k
}
