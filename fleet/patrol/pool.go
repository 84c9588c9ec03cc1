package patrol

import (
	"fmt"
	"math"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// PastDays is how many days back plans of the same shift count that a new one
// is to be unlike.
const PastDays = 14

// Pool tells which plans were to choose from and which of them was taken: with
// it an audit can follow the choice. The plans themselves follow from the seed,
// which only the district's secret gives.
type Pool struct {
	Days    int          `json:"days"`      // before, that the plans were compared with
	Worse   float64      `json:"worse_pct"` // by which the longest round may be above the best one's, at most
	Chosen  int          `json:"chosen"`    // index into Plans
	Plans   []PoolMember `json:"plans"`     // the first is the one the search ended with
	CostPct float64      `json:"cost_pct"`  // of the choice: its longest round above that of the best
	Alike   float64      `json:"alike"`     // of the choice; 0 without days before
}

// PastShift is what was planned on a day before.
type PastShift struct {
	Span
	Rounds []Round
}

// PoolMember is one of the plans.
type PoolMember struct {
	LongestS float64 `json:"longest_route_s"`
	Alike    float64 `json:"alike"` // mean Jaccard of (street, half-hour) of its cover phase with the days before
	Kept     bool    `json:"kept"`  // near enough to the best
}

// past turns the plans of the days before into what the planner compares with.
func (sc *scene) past() []*rounds.Driven {
	byID := make(map[string]routing.SegmentID, len(sc.g.Segments))
	for i := range sc.g.Segments {
		byID[sc.g.Segments[i].ID] = routing.SegmentID(i)
	}
	length := sc.in.Shift.End.Sub(sc.in.Shift.Start)
	var out []*rounds.Driven
	for _, day := range sc.in.Past {
		if day.End.Sub(day.Start) != length {
			continue
		}
		d := rounds.NewDriven(len(sc.g.Segments), length.Seconds())
		for _, r := range day.Rounds {
			for _, l := range r.Legs {
				if seg, ok := byID[l.Segment]; ok && l.Kind != Stop && l.Kind != Break {
					d.Set(seg, l.End.Sub(day.Start).Seconds())
				}
			}
		}
		out = append(out, d)
	}
	return out
}

// Words says a choice in a sentence, for the command line.
func (p Pool) Words() string {
	good := 0
	for _, m := range p.Plans {
		if m.Kept {
			good++
		}
	}
	if p.Days == 0 {
		return fmt.Sprintf("drawn among %d plans within %g %% of the best", good, p.Worse)
	}
	return fmt.Sprintf("of %d plans within %g %% of the best the one least like the %d days before: %.1f %% of street and half-hour in common", good, p.Worse, p.Days, 100*p.Alike)
}

// poolOf words the pool of a solution; nil without.
func poolOf(p *rounds.Problem, sol *rounds.Solution) *Pool {
	if len(sol.Pool) == 0 {
		return nil
	}
	out := &Pool{Days: len(p.Past), Worse: round3(100 * p.PoolWorse), Chosen: sol.Chosen}
	best := math.Inf(1)
	for _, m := range sol.Pool {
		best = min(best, m.Longest)
		out.Plans = append(out.Plans, PoolMember{LongestS: math.Round(10*m.Longest) / 10, Alike: round3(m.Alike), Kept: m.Kept})
	}
	chosen := sol.Pool[sol.Chosen]
	out.Alike = round3(sol.Alike)
	if best > 0 {
		out.CostPct = round3(100 * (chosen.Longest - best) / best)
	}
	return out
}
