package patrol

import (
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// Sketch is one round of a plan that is still being searched for.
type Sketch struct {
	Number   int      `json:"number"`
	Unit     string   `json:"unit"`
	CallSign string   `json:"call_sign"`
	Segments []string `json:"segments"` // ids of the streets that the unit is the first to drive, in that order
}

// sketcher words what the search has so far; the rounds that are kept are of
// it from the beginning.
func (k *kept) sketcher(p rounds.Progress) func() []Sketch {
	return func() []Sketch {
		var found [][]routing.SegmentID
		if p.Sketch != nil {
			found = p.Sketch()
		}
		if found == nil && len(k.rounds) == 0 {
			return nil
		}
		out := make([]Sketch, len(k.sc.in.Units))
		for u, unit := range k.sc.in.Units {
			out[u] = Sketch{Number: u + 1, Unit: unit.ID, CallSign: unit.CallSign, Segments: []string{}}
			for _, l := range k.rounds[u].Legs {
				if l.Kind == Service {
					out[u].Segments = append(out[u].Segments, l.Segment)
				}
			}
		}
		for i, segments := range found {
			for _, s := range segments {
				out[k.free[i]].Segments = append(out[k.free[i]].Segments, k.sc.g.Segments[s].ID)
			}
		}
		return out
	}
}
