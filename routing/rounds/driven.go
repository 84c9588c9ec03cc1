package rounds

import (
	"math"
	"math/bits"

	"github.com/serenazgo/serenazgo/routing"
)

// DrivenSlot is how long the slots are, in seconds, by which days are compared.
const DrivenSlot = 1800.0

// Driven tells of one shift which segments were driven in which of its slots.
type Driven struct {
	slots int
	words []uint64 // bit segment·slots + slot
}

// NewDriven is a shift of so many seconds in which nothing was driven.
func NewDriven(segments int, seconds float64) *Driven {
	n := max(1, int(math.Ceil(seconds/DrivenSlot)))
	return &Driven{slots: n, words: make([]uint64, (segments*n+63)/64)}
}

// Set notes that a segment was driven to its end at a second of the shift; one
// outside of it is left out.
func (d *Driven) Set(seg routing.SegmentID, at float64) {
	slot := int(math.Floor(at / DrivenSlot))
	if slot < 0 || slot >= d.slots {
		return
	}
	i := int(seg)*d.slots + slot
	d.words[i/64] |= 1 << (i % 64)
}

// Has tells whether a segment was driven in a slot.
func (d *Driven) Has(seg routing.SegmentID, slot int) bool {
	i := int(seg)*d.slots + slot
	return slot >= 0 && slot < d.slots && d.words[i/64]>>(i%64)&1 == 1
}

// Jaccard is how alike two shifts of the same length on the same streets are:
// the part of what was driven in either that was driven in both, 0..1; 1 if
// nothing was driven in either.
func (d *Driven) Jaccard(o *Driven) float64 {
	both, either := 0, 0
	for i, w := range d.words {
		both += bits.OnesCount64(w & o.words[i])
		either += bits.OnesCount64(w | o.words[i])
	}
	if either == 0 {
		return 1
	}
	return float64(both) / float64(either)
}

// Alike is the mean likeness of a shift to others; 0 if there are none.
func (d *Driven) Alike(past []*Driven) float64 {
	sum := 0.0
	for _, o := range past {
		sum += d.Jaccard(o) / float64(len(past))
	}
	return sum
}

// none is a shift as long as d, on the same streets, in which nothing was driven.
func (d *Driven) none() *Driven { return &Driven{slots: d.slots, words: make([]uint64, len(d.words))} }

// drivenBy is what routes drive in a shift as long as another.
func drivenBy(routes []Route, like *Driven) *Driven {
	d := like.none()
	for _, r := range routes {
		for _, st := range r.Steps {
			if st.Kind == Drive {
				d.Set(st.Arc.Segment(), st.End)
			}
		}
	}
	return d
}

// forget is how much less a day counts than the one after it. If all counted
// alike, two days on end would both turn to the slots that were driven least
// before, and be like each other.
const forget = 0.8

// habit is the part of past shifts in which a segment was driven in a slot, the
// later ones counting more: 1 in all of them.
type habit struct {
	slots int
	share []float32 // segment·slots + slot
}

// newHabit adds up past shifts of equal length, the last one at the end; nil if
// there are none.
func newHabit(past []*Driven, segments int) *habit {
	if len(past) == 0 {
		return nil
	}
	h := &habit{slots: past[0].slots, share: make([]float32, segments*past[0].slots)}
	all := (1 - math.Pow(forget, float64(len(past)))) / (1 - forget)
	for k, d := range past {
		weight := float32(math.Pow(forget, float64(len(past)-1-k)) / all)
		for i := range h.share {
			if d.words[i/64]>>(i%64)&1 == 1 {
				h.share[i] += weight
			}
		}
	}
	return h
}

// at is the share of a segment at a second of the shift; 0 without a habit.
func (h *habit) at(seg int, t float64) float64 {
	if h == nil {
		return 0
	}
	slot := int(t / DrivenSlot)
	if slot < 0 || slot >= h.slots {
		return 0
	}
	return float64(h.share[seg*h.slots+slot])
}
