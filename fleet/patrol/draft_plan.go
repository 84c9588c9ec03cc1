package patrol

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// plan words a solution: streets, times, kinds and reasons. Segments that are
// served already have their first visit elsewhere.
func (sc *scene) plan(p *rounds.Problem, sol *rounds.Solution, served []bool) Plan {
	out := Plan{Ubigeo: sc.in.District.Ubigeo, Shift: sc.in.Shift.ID, State: Draft, Seed: sc.in.Seed,
		Streets: sc.in.Streets, Simulated: sc.in.District.Simulated}
	kinds := sc.kinds(p, sol, served)
	for i, route := range sol.Routes {
		u := sc.in.Units[route.Unit]
		r := Round{Number: i + 1, Unit: u.ID, CallSign: u.CallSign, Mode: u.Mode, Base: sc.g.Nodes[sc.start[route.Unit].Base].Point}
		for k, st := range route.Steps {
			leg := Leg{Seq: k + 1, Kind: kinds[i][k], Start: sc.instant(st.Start), End: sc.instant(st.End)}
			switch st.Kind {
			case rounds.Drive:
				s := sc.g.Segment(st.Arc)
				leg.Segment, leg.WayIDs, leg.Line = s.ID, s.WayIDs, sc.g.Line(st.Arc)
				leg.Name = nameOf(s)
				r.Metres += s.Length
			case rounds.Stop:
				leg.Point = sc.g.Nodes[st.Node].Point
				leg.Name = sc.placeName(st.Node)
				leg.Reason = fmt.Sprintf("hot:%s", sc.hot[st.Hot].Cell)
				if sc.hot[st.Hot].explored {
					leg.Reason = fmt.Sprintf("explore:%s", sc.hot[st.Hot].Cell)
				}
			case rounds.Stand:
				leg.Point = sc.g.Nodes[st.Node].Point
				leg.Name = sc.times[st.Hot].Name
				leg.Reason = postReason + sc.times[st.Hot].ID
				leg.Due = sc.times[st.Hot].Start
			case rounds.Break:
				leg.Point = sc.g.Nodes[st.Node].Point
				leg.Name = sc.placeName(st.Node)
			}
			r.Legs = append(r.Legs, leg)
		}
		out.Rounds = append(out.Rounds, r)
	}
	return out
}

func nameOf(s *routing.Segment) string { return cmp.Or(s.Label, s.Name) }

// placeName names a junction by the streets that meet there.
func (sc *scene) placeName(n routing.NodeID) string {
	var names []string
	for _, a := range sc.g.Out(n) {
		if s := sc.g.Segment(a); s.Name != "" && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	switch len(names) {
	case 0:
		for _, a := range sc.g.Out(n) {
			return nameOf(sc.g.Segment(a))
		}
		return ""
	case 1:
		return names[0]
	}
	return names[0] + " / " + names[1]
}

// kinds tells for every step what it is: the first visit of a belonging
// segment by anyone in the plan is service, unless it is served already; what comes before a unit's last
// such visit is repeat or deadhead, what comes after it is fill.
func (sc *scene) kinds(p *rounds.Problem, sol *rounds.Solution, served []bool) [][]LegKind {
	wanted, _ := rounds.Reached(sc.g, p.Units)
	type at struct {
		route, step int
		end         float64
	}
	var all []at
	out := make([][]LegKind, len(sol.Routes))
	for i, r := range sol.Routes {
		out[i] = make([]LegKind, len(r.Steps))
		for k, st := range r.Steps {
			if st.Kind == rounds.Drive {
				all = append(all, at{i, k, st.End})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b at) int { return cmp.Compare(a.end, b.end) })
	seen := slices.Clone(served)
	last := make([]int, len(sol.Routes))
	for i := range last {
		last[i] = -1
	}
	for _, v := range all {
		seg := sol.Routes[v.route].Steps[v.step].Arc.Segment()
		if wanted[seg] && !seen[seg] {
			seen[seg] = true
			out[v.route][v.step] = Service
			last[v.route] = max(last[v.route], v.step)
		}
	}
	for i, r := range sol.Routes {
		for k, st := range r.Steps {
			switch {
			case st.Kind == rounds.Stop || st.Kind == rounds.Stand:
				out[i][k] = Stop
			case st.Kind == rounds.Break:
				out[i][k] = Break
			case out[i][k] == Service:
			case k > last[i]:
				out[i][k] = Fill
			case wanted[st.Arc.Segment()]:
				out[i][k] = Repeat
			default:
				out[i][k] = Deadhead
			}
		}
	}
	return out
}
