package trial

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
)

// ends is what is left out of each track at its start and end, in metres.
const ends = 25

// certainly is the posterior from which on coverage takes a traversal as a fact.
const certainly = 0.9

// Score is the outcome over all tracks; shares are fractions.
type Score struct {
	Tracks    int     `json:"tracks"`
	Fixes     int     `json:"fixes"`
	Precision float64 `json:"length_precision"` // correct / matched
	Recall    float64 `json:"length_recall"`    // correct / true
	Mismatch  float64 `json:"route_mismatch"`   // (missed + added) / true
	// SureRight is the calibration of the posterior: of the length matched with at
	// least 0.9, the share that was driven. SureShare is that length / matched.
	SureRight float64 `json:"sure_right"`
	SureShare float64 `json:"sure_share"`
	FixesPerS float64 `json:"fixes_per_s"`
	WaysKept  int64   `json:"ways_kept"` // in the table of ways between near streets
	TrueKm    float64 `json:"true_km"`
	MatchedKm float64 `json:"matched_km"`
	// OffNetworkKm of the truth have no counterpart in the network; they count
	// as true and cannot be matched.
	OffNetworkKm float64 `json:"off_network_km"`
	Refused      int     `json:"refused_fixes"` // not after the one before
}

// Run matches the tracks off line and scores them; clock tells the time for FixesPerS.
func Run(g *routing.Graph, tracks []Track, cfg match.Config, clock func() time.Time, progress func(done int)) (Score, error) {
	var s Score
	var truthLength, matchedLength, found, right, sure, sureRight float64
	// All are matched before any is scored, so that the time is that of matching.
	driven := make([][]match.Traversal, len(tracks))
	begun := clock()
	for i, t := range tracks {
		ts, refused, err := matchTrack(g, cfg, t.Fixes)
		if err != nil {
			return s, err
		}
		driven[i] = ts
		s.Tracks++
		s.Fixes += len(t.Fixes)
		s.Refused += refused
	}
	took := clock().Sub(begun)
	for i, t := range tracks {
		ts := driven[i]
		truth, off := Edges(g, t.Truth)
		s.OffNetworkKm += off / 1000
		matched := match.Edges(g, ts, 0)
		inner, own := clip(truth), clip(matched)
		truthLength += match.Length(inner) + off
		matchedLength += match.Length(own)
		found += match.Correct(inner, matched)
		right += match.Correct(truth, own)
		certain := clip(match.Edges(g, ts, certainly))
		sure += match.Length(certain)
		sureRight += match.Correct(truth, certain)
		if progress != nil {
			progress(i + 1)
		}
	}
	s.TrueKm, s.MatchedKm = truthLength/1000, matchedLength/1000
	if truthLength > 0 {
		s.Recall = found / truthLength
		s.Mismatch = (truthLength - found + matchedLength - right) / truthLength
	}
	if sure > 0 {
		s.SureRight = sureRight / sure
	}
	if matchedLength > 0 {
		s.SureShare = sure / matchedLength
		s.Precision = right / matchedLength
	}
	s.WaysKept = match.Kept(g, cfg)
	if took > 0 {
		s.FixesPerS = float64(s.Fixes) / took.Seconds()
	}
	return s, nil
}

// Differ tells how far what is decided as fixes come differs from whole tracks:
// the lengths found in the whole tracks alone and as fixes come alone, as shares
// of the whole tracks. Streets are compared by how far each was driven.
func Differ(g *routing.Graph, tracks []Track, cfg match.Config) (missing, extra float64, err error) {
	var length float64
	for _, t := range tracks {
		came, _, err := matchTrack(g, cfg, t.Fixes)
		if err != nil {
			return 0, 0, err
		}
		whole, _, err := matchTrack(g, cfg.OffLine(), t.Fixes)
		if err != nil {
			return 0, 0, err
		}
		driven, decided := match.MetresByArc(g, whole), match.MetresByArc(g, came)
		for a, m := range driven {
			length += m
			missing += max(0, m-decided[a])
		}
		for a, m := range decided {
			extra += max(0, m-driven[a])
		}
	}
	if length == 0 {
		return 0, 0, nil
	}
	return missing / length, extra / length, nil
}

// matchTrack matches fixes; one that is not after the one before is left out.
func matchTrack(g *routing.Graph, cfg match.Config, fixes []match.Fix) (ts []match.Traversal, refused int, err error) {
	m, err := match.New(g, cfg)
	if err != nil {
		return nil, 0, err
	}
	ts, refused = m.All(fixes)
	return ts, refused, nil
}

// sameSide is how far a true line may lie from a street's to be on it, in
// metres.
const sameSide = 1

// Edges gives the edges of a network that lines follow side by side, and the
// length in metres of the sides that are in no street.
func Edges(g *routing.Graph, lines []orb.LineString) (out []match.Edge, off float64) {
	side := func(a, b orb.Point) bool {
		e, ok := sideEdge(g, a, b)
		if !ok {
			return false
		}
		if n := len(out); n > 0 && out[n-1].Arc == e.Arc && math.Abs(e.From-out[n-1].To) < 2*sameSide {
			out[n-1].To = max(out[n-1].To, e.To)
		} else {
			out = append(out, e)
		}
		return true
	}
	for _, l := range lines {
		for i := 1; i < len(l); i++ {
			if side(l[i-1], l[i]) {
				continue
			}
			cut := junctionsOn(g, l[i-1], l[i])
			for k := 1; k < len(cut); k++ {
				if !side(cut[k-1], cut[k]) {
					off += geo.Distance(cut[k-1], cut[k])
				}
			}
		}
	}
	return out, off
}

// junctionsOn gives the side from a to b with the network's junctions that lie
// on it.
func junctionsOn(g *routing.Graph, a, b orb.Point) []orb.Point {
	type cut struct {
		t float64
		p orb.Point
	}
	cuts := []cut{{0, a}, {1, b}}
	for _, n := range g.Nodes {
		if !within(n.Point, a, b) {
			continue
		}
		if t, d := project(n.Point, a, b); d < onLine && t > 0 && t < 1 {
			cuts = append(cuts, cut{t, n.Point})
		}
	}
	slices.SortFunc(cuts, func(x, y cut) int { return cmp.Compare(x.t, y.t) })
	out := make([]orb.Point, len(cuts))
	for i, c := range cuts {
		out[i] = c.p
	}
	return out
}

// sideEdge finds the street that runs along a whole side.
func sideEdge(g *routing.Graph, a, b orb.Point) (match.Edge, bool) {
	length := geo.Distance(a, b)
	var best match.Edge
	least := math.Inf(1)
	for _, c := range g.Snap(orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}, sameSide) {
		for _, reverse := range []bool{false, true} {
			arc := routing.ArcOf(c.Segment, reverse)
			mid := c.Along
			if reverse {
				mid = g.Segments[c.Segment].Length - mid
			}
			from, to := mid-length/2, mid+length/2
			p, okFrom := pointOn(g, arc, from)
			q, okTo := pointOn(g, arc, to)
			if !okFrom || !okTo {
				continue
			}
			if miss := max(geo.Distance(p, a), geo.Distance(q, b)); miss < sameSide && miss < least {
				least = miss
				best = match.Edge{Arc: arc, From: max(0, from), To: min(to, g.Segments[c.Segment].Length)}
			}
		}
	}
	return best, best.To > best.From
}

// pointOn gives the place some metres along an arc, a metre beyond its ends at
// most.
func pointOn(g *routing.Graph, a routing.Arc, metres float64) (orb.Point, bool) {
	l := g.Segment(a).Length
	if metres < -sameSide || metres > l+sameSide {
		return orb.Point{}, false
	}
	metres = min(l, max(0, metres))
	line := g.Line(a)
	for i := 1; i < len(line); i++ {
		d := geo.Distance(line[i-1], line[i])
		if metres <= d || i == len(line)-1 {
			f := 0.0
			if d > 0 {
				f = min(1, metres/d)
			}
			return orb.Point{line[i-1][0] + f*(line[i][0]-line[i-1][0]), line[i-1][1] + f*(line[i][1]-line[i-1][1])}, true
		}
		metres -= d
	}
	return line[len(line)-1], true
}

// clip takes the ends off a track.
func clip(es []match.Edge) []match.Edge {
	out := append([]match.Edge(nil), es...)
	for left := float64(ends); len(out) > 0 && left > 0; {
		l := out[0].To - out[0].From
		if l > left {
			out[0].From += left
			break
		}
		left -= l
		out = out[1:]
	}
	for left := float64(ends); len(out) > 0 && left > 0; {
		e := &out[len(out)-1]
		l := e.To - e.From
		if l > left {
			e.To -= left
			break
		}
		left -= l
		out = out[:len(out)-1]
	}
	return out
}
