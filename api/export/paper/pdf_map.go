package paper

import (
	"fmt"
	"math"

	"codeberg.org/go-pdf/fpdf"
	"github.com/paulmach/orb"
)

// finest is the shortest line worth drawing, in millimetres.
const finest = 0.12

// metresPerDegree of latitude.
const metresPerDegree = 111_195.0

// frame puts places on the page: equirectangular about the middle of the view,
// which is off by less than a millimetre over a district.
type frame struct {
	x, y, w, h float64 // on the page
	lon, lat   float64 // of its middle
	east       float64 // millimetres per degree
	north      float64
}

// newFrame fits a view into a rectangle of the page.
func newFrame(view orb.Bound, x, y, w, h float64) frame {
	f := frame{x: x, y: y, w: w, h: h, lon: (view.Min[0] + view.Max[0]) / 2, lat: (view.Min[1] + view.Max[1]) / 2}
	squeeze := math.Cos(f.lat * math.Pi / 180)
	wide := max((view.Max[0]-view.Min[0])*squeeze, 0.002)
	high := max(view.Max[1]-view.Min[1], 0.002)
	f.north = 0.94 * min(w/wide, h/high)
	f.east = f.north * squeeze
	return f
}

func (f frame) at(p orb.Point) fpdf.PointType {
	return fpdf.PointType{X: f.x + f.w/2 + (p[0]-f.lon)*f.east, Y: f.y + f.h/2 - (p[1]-f.lat)*f.north}
}

// sees tells whether any of a line may be in the frame.
func (f frame) sees(b orb.Bound) bool {
	lo, hi := f.at(b.Min), f.at(b.Max)
	return hi.X >= f.x && lo.X <= f.x+f.w && lo.Y >= f.y && hi.Y <= f.y+f.h
}

// path turns a line into points of the page, without those nearer to the last
// one than can be seen.
func (f frame) path(line []orb.Point) []fpdf.PointType {
	out := make([]fpdf.PointType, 0, len(line))
	for i, p := range line {
		q := f.at(p)
		if n := len(out); n > 0 && math.Hypot(q.X-out[n-1].X, q.Y-out[n-1].Y) < finest && i < len(line)-1 {
			continue
		}
		out = append(out, q)
	}
	return out
}

// How legends and titles of maps lie.
const (
	legendStep  = 5.2
	titleHeight = 5.0
	betweenMaps = 5.0
)

// legendHeight is the room of a legend in so many columns.
func legendHeight(keys []Key, cols int) float64 {
	return legendStep * math.Ceil(float64(len(keys))/float64(cols))
}

// legendIn is the number of a legend's columns where n maps are side by side.
func legendIn(keys []Key, n int) int { return (min(max(len(keys), 4), 5) + n - 1) / n }

// height is the room of the highest of the maps.
func (m Maps) height() float64 {
	h := 0.0
	for _, one := range m.Maps {
		h = max(h, one.Height+legendHeight(one.Legend, legendIn(one.Legend, len(m.Maps)))+titleHeight)
	}
	return h
}

// maps draws maps side by side.
func (p *pages) maps(all []Map) {
	if len(all) == 0 {
		return
	}
	h := Maps{all}.height()
	if len(all) == 1 && all[0].Title == "" {
		h -= titleHeight
	}
	p.need(h)
	w := (p.width() - betweenMaps*float64(len(all)-1)) / float64(len(all))
	top, lowest := p.y, p.y
	for i, m := range all {
		p.drawMap(m, margin+float64(i)*(w+betweenMaps), top, w, legendIn(m.Legend, len(all)))
		lowest = max(lowest, p.y)
	}
	p.y = lowest + gap
}

// drawMap draws a map with its scale and legend, w wide at x, y.
func (p *pages) drawMap(m Map, x, y, w float64, cols int) {
	if p.y = y; m.Title != "" {
		p.text(x, y+3.4, clean(m.Title), 8.5, "B", Ink)
		p.y += titleHeight
	}
	f := newFrame(m.View, x, p.y, w, m.Height)
	p.fill(Color{250, 250, 248})
	p.f.Rect(f.x, f.y, f.w, f.h, "F")
	p.f.ClipRect(f.x, f.y, f.w, f.h, false)
	for _, a := range m.Areas {
		p.area(f, a)
	}
	p.f.SetLineCapStyle("round")
	p.f.SetLineJoinStyle("round")
	for _, l := range m.Lines {
		p.lines(f, l)
	}
	p.dashed(nil)
	for _, k := range m.Marks {
		p.mark(f, k)
	}
	p.f.ClipEnd()
	p.f.SetLineCapStyle("butt")
	p.f.SetLineJoinStyle("miter")
	p.scale(f)
	p.font(6.2, "")
	if m.Credit != "" {
		wide := p.f.GetStringWidth(m.Credit)
		p.fill(White)
		p.f.Rect(f.x+f.w-wide-2.4, f.y+f.h-3.6, wide+2.4, 3.6, "F")
		p.text(f.x+f.w-wide-1.2, f.y+f.h-1.1, m.Credit, 6.2, "", Hint)
	}
	p.stroke(Second, 0.25)
	p.f.Rect(f.x, f.y, f.w, f.h, "D")
	p.y += m.Height + 1.6
	p.legend(m.Legend, x, w, cols)
}

func (p *pages) lines(f frame, l Lines) {
	p.stroke(l.Color, l.Wide)
	p.dashed(l.Dash)
	any := false
	for _, line := range l.Lines {
		if len(line) < 2 || !f.sees(line.Bound()) {
			continue
		}
		for i, q := range f.path(line) {
			if i == 0 {
				p.f.MoveTo(q.X, q.Y)
			} else {
				p.f.LineTo(q.X, q.Y)
			}
		}
		any = true
	}
	if any {
		p.f.DrawPath("D")
	}
}

// area fills a polygon, hatches it and draws its edge.
func (p *pages) area(f frame, a Area) {
	if len(a.Rings) == 0 || !f.sees(a.Rings.Bound()) {
		return
	}
	outline := func() {
		for _, ring := range a.Rings {
			for i, q := range f.path(ring) {
				if i == 0 {
					p.f.MoveTo(q.X, q.Y)
				} else {
					p.f.LineTo(q.X, q.Y)
				}
			}
			p.f.ClosePath()
		}
	}
	p.dashed(nil)
	if a.Fill != nil {
		p.fill(*a.Fill)
		outline()
		p.f.DrawPath("f*")
	}
	if a.Hatch != nil {
		p.f.ClipPolygon(f.path(a.Rings[0]), false)
		p.hatch(f, a.Rings[0].Bound(), *a.Hatch, a.Cross)
		p.f.ClipEnd()
	}
	if a.Edge != nil {
		p.stroke(*a.Edge, max(a.Wide, 0.2))
		outline()
		p.f.DrawPath("D")
	}
}

// hatchStep is how far the lines of a hatch lie apart.
const hatchStep = 1.3

func (p *pages) hatch(f frame, b orb.Bound, c Color, cross bool) {
	p.stroke(c, 0.22)
	lo, hi := f.at(orb.Point{b.Min[0], b.Max[1]}), f.at(orb.Point{b.Max[0], b.Min[1]})
	p.hatchBox(lo.X, lo.Y, hi.X-lo.X, hi.Y-lo.Y, cross)
}

// hatchBox draws the lines of a hatch over a rectangle; they continue from one
// rectangle to the next.
func (p *pages) hatchBox(x, y, w, h float64, cross bool) {
	s := hatchStep * math.Sqrt2
	for d := math.Floor((x+y)/s) * s; d <= x+y+w+h; d += s {
		p.f.Line(d-y, y, d-y-h, y+h)
	}
	if cross {
		for d := math.Floor((x-y-h)/s) * s; d <= x-y+w; d += s {
			p.f.Line(d+y, y, d+y+h, y+h)
		}
	}
}

func (p *pages) mark(f frame, k Mark) {
	q := f.at(k.At)
	p.disc(q.X, q.Y, k.Text, k.Color, k.Open)
}

func (p *pages) disc(x, y float64, s string, c Color, open bool) {
	r, size := 2.05, 6.0
	if open {
		r, size = 1.7, 5.2
	}
	p.stroke(White, 0.5)
	p.fill(c)
	ink := White
	if open {
		p.stroke(c, 0.3)
		p.fill(White)
		ink = c
	}
	p.f.Circle(x, y, r, "FD")
	p.font(size, "B")
	p.text(x-p.f.GetStringWidth(s)/2, y+size*0.125, s, size, "B", ink)
}

// scale draws how long a round number of metres is, and where north is.
func (p *pages) scale(f frame) {
	perMetre := f.north / metresPerDegree
	metres := 50.0
	for _, m := range []float64{100, 200, 500, 1000, 2000, 5000, 10_000, 20_000} {
		if m*perMetre <= f.w/5 {
			metres = m
		}
	}
	w := metres * perMetre
	x, y := f.x+3, f.y+f.h-3.4
	p.fill(White)
	p.f.Rect(f.x+1, y-4.2, w+4, 6.4, "F")
	p.stroke(Ink, 0.35)
	p.f.Line(x, y, x+w, y)
	p.f.Line(x, y-1, x, y+1)
	p.f.Line(x+w, y-1, x+w, y+1)
	label := fmt.Sprintf("%.0f m", metres)
	if metres >= 1000 {
		label = fmt.Sprintf("%.0f km", metres/1000)
	}
	p.font(6.2, "")
	p.text(x+w/2-p.f.GetStringWidth(label)/2, y-1.4, label, 6.2, "", Ink)
	nx, ny := f.x+f.w-6, f.y+4
	p.fill(Ink)
	p.f.Polygon([]fpdf.PointType{{X: nx, Y: ny - 2}, {X: nx + 1.6, Y: ny + 2.4}, {X: nx, Y: ny + 1.4}, {X: nx - 1.6, Y: ny + 2.4}}, "F")
	p.text(nx-0.9, ny+5.2, "N", 6.5, "B", Ink)
}

func (p *pages) legend(keys []Key, left, wide float64, cols int) {
	w := wide / float64(cols)
	for i, k := range keys {
		x, y := left+float64(i%cols)*w, p.y+float64(i/cols)*legendStep
		p.key(x, y+0.6, k)
		p.font(7.2, "")
		p.text(x+8.2, y+3.2, p.fit(clean(k.Text), w-9), 7.2, "", Second)
	}
	p.y += legendHeight(keys, cols)
}

// key draws the sample of a legend.
func (p *pages) key(x, y float64, k Key) {
	const w, h = 6.4, 3.4
	if k.Disc {
		c := Ink
		if k.Line != nil {
			c = *k.Line
		}
		p.disc(x+w/2, y+h/2, "n", c, k.Open)
		return
	}
	if k.Fill != nil {
		p.fill(*k.Fill)
		p.f.Rect(x, y, w, h, "F")
	}
	if k.Hatch != nil {
		p.stroke(*k.Hatch, 0.22)
		p.f.ClipRect(x, y, w, h, false)
		p.hatchBox(x, y, w, h, k.Cross)
		p.f.ClipEnd()
	}
	if k.Line == nil {
		return
	}
	p.stroke(*k.Line, 0.5)
	if k.Fill != nil || k.Hatch != nil || k.Open {
		p.f.SetLineWidth(0.3)
		p.f.Rect(x, y, w, h, "D")
		return
	}
	p.dashed(k.Dash)
	p.f.Line(x, y+h/2, x+w, y+h/2)
	p.dashed(nil)
}
