package patrol

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"math"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
)

// Size of a picture, in the pixels of its own scale.
const (
	pictureWidth = 1000
	pictureEdge  = 16
	captionRows  = 52
)

// pictureHues are those that the page gives to rounds on white, in its order.
var pictureHues = [...]string{"#0A6E55", "#C2410C", "#6D28D9", "#0369A1", "#8A6100", "#C8105C", "#4D7C0F", "#1E2A9E",
	"#7F1D2D", "#007C8A", "#6B4226", "#4F6BD8", "#B12BC4", "#277E38", "#4A5A6A", "#111827"}

// Draw writes a picture of a plan as SVG: every street of the district in the
// colour of the unit that drives it first, up to an instant (zero: to the end),
// and thin and grey what nobody has driven by then.
func Draw(w io.Writer, plan Plan, g *routing.Graph, until time.Time, caption string) error {
	legs, err := placeLegs(g, plan)
	if err != nil {
		return err
	}
	by := firstBy(plan, legs, len(g.Segments), until)
	pic := newPicture(g)
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif"><rect width="100%%" height="100%%" fill="#fff"/>`+"\n",
		pictureWidth, pic.height+captionRows)
	fmt.Fprint(b, `<g fill="none" stroke-linecap="round">`+"\n")
	for u := -1; u < len(plan.Rounds); u++ {
		style := `stroke="#B4BDC5" stroke-width="1"`
		if u >= 0 {
			style = fmt.Sprintf(`stroke="%s" stroke-width="2.5"`, pictureHues[u%len(pictureHues)])
		}
		fmt.Fprintf(b, `<path %s d="`, style)
		for i := range g.Segments {
			if g.Segments[i].Belongs && by[i] == u {
				pic.line(b, g.Segments[i].Line)
			}
		}
		fmt.Fprint(b, "\"/>\n")
	}
	fmt.Fprint(b, `<path stroke="#4F5B68" stroke-width="1.5" stroke-dasharray="8 3 2 3" d="`)
	for _, poly := range g.Boundary {
		for _, ring := range poly {
			pic.line(b, orb.LineString(ring))
		}
	}
	fmt.Fprintf(b, "\"/>\n</g>\n"+`<text x="%d" y="%d" font-size="18" fill="#131A22">%s</text>`+"\n", pictureEdge, pic.height+22, html.EscapeString(caption))
	fmt.Fprintf(b, `<text x="%d" y="%d" font-size="13" fill="#45515E">© OpenStreetMap contributors (ODbL)</text></svg>`+"\n", pictureEdge, pic.height+42)
	return b.Flush()
}

// firstBy gives for every segment the index of the round that first drives it
// to the end by an instant, or −1.
func firstBy(plan Plan, legs [][]routing.Arc, segments int, until time.Time) []int {
	by, at := make([]int, segments), make([]time.Time, segments)
	for i := range by {
		by[i] = -1
	}
	for i, r := range plan.Rounds {
		for k, a := range legs[i] {
			end := r.Legs[k].End
			if a == routing.NoArc || !until.IsZero() && end.After(until) {
				continue
			}
			if s := a.Segment(); by[s] < 0 || end.Before(at[s]) {
				by[s], at[s] = i, end
			}
		}
	}
	return by
}

// picture maps places to pixels.
type picture struct {
	west, north float64
	x, y        float64 // pixels per degree
	height      int
}

// newPicture fits the district's streets into the width.
func newPicture(g *routing.Graph) picture {
	var box orb.Bound
	first := true
	for i := range g.Segments {
		if s := &g.Segments[i]; s.Belongs {
			if b := s.Line.Bound(); first {
				box, first = b, false
			} else {
				box = box.Union(b)
			}
		}
	}
	p := picture{west: box.Min[0], north: box.Max[1]}
	p.x = (pictureWidth - 2*pictureEdge) / max(box.Max[0]-box.Min[0], 1e-6)
	p.y = p.x / math.Cos(box.Center()[1]*math.Pi/180)
	p.height = 2*pictureEdge + int(math.Ceil((box.Max[1]-box.Min[1])*p.y))
	return p
}

// line writes a line as path data, in whole pixels, the first point absolute
// and the others as steps.
func (p picture) line(w io.Writer, line orb.LineString) {
	var at [2]int
	for i, pt := range line {
		q := [2]int{pictureEdge + int(math.Round((pt[0]-p.west)*p.x)), pictureEdge + int(math.Round((p.north-pt[1])*p.y))}
		switch d := [2]int{q[0] - at[0], q[1] - at[1]}; {
		case i == 0:
			fmt.Fprintf(w, "M%d %dl", q[0], q[1])
		case d == [2]int{} && i < len(line)-1:
			continue
		default:
			fmt.Fprintf(w, "%d %d ", d[0], d[1])
		}
		at = q
	}
}
