package hotspots

import (
	"slices"
	"time"

	"github.com/paulmach/orb"
)

// history is a district's incidents in time order, placed on the grid and in
// the slots of a day.
type history struct {
	grid   *Grid
	slots  slotting
	events []event
	days   []float64 // when each happened, in days since 1970 by the local clock
	known  []int     // slot in which each was registered; its own at the earliest

	registered []int // events in the order in which they became known
}

// newHistory places the incidents whose cell belongs to the grid; the others
// are outside and do not count.
func newHistory(g *Grid, slots slotting, incidents []Incident) *history {
	h := &history{grid: g, slots: slots}
	type placed struct {
		event
		day   float64
		known int
	}
	var all []placed
	ks, ls := kinds{}, labels{}
	cells := g.CellsAt(len(incidents), func(i int) orb.Point { return incidents[i].Point })
	for i, in := range incidents {
		if c := cells[i]; c >= 0 {
			at := ks.of(in.Type)
			p := placed{event{slot: slots.at(in.Middle()), cell: int(c), weight: 1, kind: at, label: ls.of(in.Type, at)}, clockDays(in.Middle(), slots.loc), 0}
			p.known = p.slot
			if in.Known.After(in.At) {
				p.known = max(p.slot, slots.at(in.Known))
			}
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		switch {
		case a.day < b.day:
			return -1
		case a.day > b.day:
			return 1
		}
		return 0
	})
	for i, p := range all {
		h.events, h.days, h.known = append(h.events, p.event), append(h.days, p.day), append(h.known, p.known)
		h.registered = append(h.registered, i)
	}
	slices.SortStableFunc(h.registered, func(a, b int) int { return h.known[a] - h.known[b] })
	return h
}

// clockDays gives t in days since 1970 by the clock on the wall.
func clockDays(t time.Time, loc *time.Location) float64 {
	l := t.In(loc)
	y, m, d := l.Date()
	wall := time.Date(y, m, d, l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
	return float64(wall.UnixMilli()) / 86_400_000
}

// before gives the position of the first event of a slot or later.
func (h *history) before(slot int) int {
	i, _ := slices.BinarySearchFunc(h.events, slot, func(e event, s int) int { return e.slot - s })
	return i
}

// between gives the events of the slots from a up to, not including, b.
func (h *history) between(a, b int) []event { return h.events[h.before(a):h.before(b)] }

// past calls yield for the events of the slots from a up to b that were known
// before the slot now.
func (h *history) past(a, b, now int, yield func(e event, day float64)) {
	for i := h.before(a); i < h.before(b); i++ {
		if h.known[i] < now {
			yield(h.events[i], h.days[i])
		}
	}
}

// counts gives the number of events of each cell in the days before slot now,
// as far as they were known.
func (h *history) counts(days, now int) []float64 {
	out := make([]float64, h.grid.Len())
	h.past(now-days*h.slots.perDay(), now, now, func(e event, _ float64) { out[e.cell]++ })
	return out
}

// knownBy gives the events of before a slot that were known by then, in time order.
func (h *history) knownBy(slot int) []event {
	var out []event
	h.past(h.events[0].slot, slot, slot, func(e event, _ float64) { out = append(out, e) })
	return out
}

// news gives the events that became known in a slot.
func (h *history) news(slot int) []event {
	from, _ := slices.BinarySearchFunc(h.registered, slot, func(i, s int) int { return h.known[i] - s })
	var out []event
	for _, i := range h.registered[from:] {
		if h.known[i] != slot {
			break
		}
		out = append(out, h.events[i])
	}
	return out
}

// dayStart gives the slot that begins an operational day.
func (h *history) dayStart(d time.Time) int {
	y, m, day := d.Date()
	return h.slots.at(time.Date(y, m, day, h.slots.anchor/60, h.slots.anchor%60, 0, 0, h.slots.loc))
}
