package patrol

import (
	"math"
	"time"

	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// problem puts the scene in the planner's terms.
func (sc *scene) problem() *rounds.Problem {
	n, t := len(sc.g.Segments), sc.in.Terms
	p := &rounds.Problem{
		Graph: sc.g, Units: sc.units(), Seed: uint64(sc.in.Seed),
		StopMin: t.StopMin.Seconds(), StopMax: t.StopMax.Seconds(), GapGoal: t.HotGap.Seconds(), StopShare: t.StopShare, PoolWorse: t.PoolWorse,
		Value: make([]float64, n), Again: make([]float64, n),
	}
	need, left := sc.need(), sc.passes(p)
	for i := range sc.g.Segments {
		p.Value[i] = need[i] * (1 - t.PoliceShare*(1-left[i])) * sc.g.Segments[i].Length
		p.Again[i] = min(need[i], t.RiskCap)
	}
	for _, h := range sc.hot {
		hot := rounds.Hot{Nodes: h.nodes}
		for _, v := range h.posts {
			hot.Visits = append(hot.Visits, rounds.Span{Start: sc.seconds(v.Start), End: sc.seconds(v.End)})
		}
		p.Hot = append(p.Hot, hot)
	}
	p.Posts = sc.posts()
	sc.zones(p)
	return p
}

// need is what a visit of each segment is worth per metre, 1 on the mean: the
// floor and the forecast, more for each shift since the last visit and in
// priority areas.
func (sc *scene) need() []float64 {
	out, t := make([]float64, len(sc.g.Segments)), sc.in.Terms
	risk := sc.riskOf()
	mean := 0.0
	if risk != nil {
		total, length := 0.0, 0.0
		for i := range sc.g.Segments {
			if s := &sc.g.Segments[i]; s.Belongs {
				total += risk[i]
				length += s.Length
			}
		}
		if length > 0 {
			mean = total / length
		}
	}
	for i := range sc.g.Segments {
		s := &sc.g.Segments[i]
		if !s.Belongs {
			continue
		}
		out[i] = 1
		if mean > 0 && s.Length > 0 {
			out[i] = 1 - t.RiskShare + t.RiskShare*min(t.RiskCap, risk[i]/s.Length/mean)
		}
	}
	for i := range out {
		if sc.in.Ages != nil {
			out[i] *= 1 + t.staleStep()*float64(min(max(sc.in.Ages[i], 0), t.StaleShifts))
		}
		out[i] *= sc.preferred(routing.SegmentID(i))
	}
	return out
}

// passes puts what the police are expected to do among the visits of the
// planner's streets, and gives for each how likely it is that they do not come.
func (sc *scene) passes(p *rounds.Problem) (left []float64) {
	left = make([]float64, len(sc.g.Segments))
	for i := range left {
		left[i] = 1
	}
	visits := ExpectedVisits(sc.g, sc.in.Presence, sc.in.Shift, sc.in.Loc)
	if len(visits) > 0 {
		p.Others = make([][]rounds.Pass, len(left))
	}
	for _, v := range visits {
		if !v.End.After(v.Start) {
			continue
		}
		left[v.Segment] *= 1 - v.Trust*(1-math.Exp(-v.Expected))
		p.Others[v.Segment] = append(p.Others[v.Segment], rounds.Pass{Start: sc.seconds(v.Start), End: sc.seconds(v.End), Expected: v.Expected, Trust: v.Trust})
	}
	return left
}

// riskOf spreads the forecast of each cell over the metres of belonging street
// in it; nil without a forecast.
func (sc *scene) riskOf() []float64 {
	f := sc.in.Surface
	if f == nil || f.Total <= 0 {
		return nil
	}
	if sc.risk != nil {
		return sc.risk
	}
	type part struct {
		segment, cell int
		metres        float64
	}
	var parts []part
	inCell := make([]float64, f.Grid.Len())
	for i := range sc.g.Segments {
		s := &sc.g.Segments[i]
		if !s.Belongs || s.Length == 0 {
			continue
		}
		cells, err := hotspots.CellsOnLine(s.Line, f.Grid.Res())
		if err != nil {
			continue
		}
		var in []int
		for _, c := range cells {
			if k, ok := f.Grid.Index(c); ok {
				in = append(in, k)
			}
		}
		for _, k := range in {
			parts = append(parts, part{i, k, s.Length / float64(len(in))})
			inCell[k] += s.Length / float64(len(in))
		}
	}
	sc.risk = make([]float64, len(sc.g.Segments))
	for _, pt := range parts {
		sc.risk[pt.segment] += f.Expected[pt.cell] * pt.metres / inCell[pt.cell]
	}
	return sc.risk
}

// zones tells the planner where police rounds and posts are, and when.
func (sc *scene) zones(p *rounds.Problem) {
	if len(sc.present) == 0 {
		return
	}
	first := HalfHour(sc.in.Shift.Start, sc.in.Loc)
	p.SlotLength = 1800
	p.SlotZero = sc.seconds(first)
	slots := int(math.Ceil(sc.in.Shift.End.Sub(first).Seconds() / p.SlotLength))
	zone := map[hotspots.Cell]int32{}
	for k := range sc.present {
		at := int(time.Unix(k.Half, 0).Sub(first).Seconds() / p.SlotLength)
		z, ok := zone[k.Cell]
		if !ok {
			z = int32(len(p.Present))
			zone[k.Cell] = z
			p.Present = append(p.Present, make([]bool, slots))
		}
		if at >= 0 && at < slots {
			p.Present[z][at] = true
		}
	}
	p.Zones = make([][]rounds.Piece, len(sc.g.Segments))
	for i := range sc.g.Segments {
		parts, err := sc.along(routing.SegmentID(i))
		if err != nil {
			continue
		}
		for _, pt := range parts {
			if z, ok := zone[pt.cell]; ok && pt.hot < 0 {
				p.Zones[i] = append(p.Zones[i], rounds.Piece{Zone: z, Metres: pt.metres})
			}
		}
	}
}
