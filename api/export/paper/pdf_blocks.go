package paper

import "math"

// notice says in a frame what has to be known before the paper is used.
func (p *pages) notice(s string) {
	p.font(8.5, "B")
	lines := p.wrap(clean(s), p.width()-8)
	h := float64(len(lines))*4.2 + 3.4
	p.need(h)
	p.stroke(AmberInk, 0.3)
	p.fill(Color{253, 240, 213})
	p.f.Rect(margin, p.y, p.width(), h, "FD")
	for i, l := range lines {
		p.text(margin+4, p.y+4.8+float64(i)*4.2, l, 8.5, "B", AmberInk)
	}
	p.y += h + gap
}

// heading begins a section, on the page on which the block after it begins.
func (p *pages) heading(s string, next float64) {
	p.need(headingHeight + max(next, 16))
	p.y += 1.5
	p.text(margin, p.y+4, clean(s), 10.5, "B", Ink)
	p.y += 6.2
}

const headingHeight = 7.7

// least is the room that the beginning of a block needs.
func (p *pages) least(b Block) float64 {
	switch b := b.(type) {
	case Map:
		return b.Height + legendHeight(b.Legend, legendIn(b.Legend, 1))
	case Maps:
		return b.height()
	}
	return 0
}

func (p *pages) paragraph(b Paragraph) {
	size, style, step, c := 9.0, "", 4.5, Ink
	switch {
	case b.Strong:
		size, style, step = 13, "B", 6.2
	case b.Hint:
		size, step, c = 7.5, 3.8, Second
	}
	p.font(size, style)
	lines := p.wrap(clean(b.Text), p.width())
	p.need(min(float64(len(lines)), 3) * step)
	for _, l := range lines {
		p.need(step)
		p.text(margin, p.y+step-1.2, l, size, style, c)
		p.y += step
	}
	p.y += gap * 0.6
}

// facts draws labels above values, in columns.
func (p *pages) facts(b Facts) {
	const row, pad = 10.4, 2.0
	cols := max(b.Columns, 1)
	w := p.width() / float64(cols)
	rows := int(math.Ceil(float64(len(b.Items)) / float64(cols)))
	p.need(float64(rows) * row)
	top := p.y
	for i, it := range b.Items {
		x, y := margin+float64(i%cols)*w, top+float64(i/cols)*row
		p.text(x+pad, y+3.6, clean(it.Label), 6.8, "", Hint)
		v := cell(it.Value, Tenths, p.book.Loc)
		size := 9.5
		for p.font(size, "B"); size > 7 && p.f.GetStringWidth(v) > w-2*pad; p.font(size, "B") {
			size -= 0.5
		}
		p.text(x+pad, y+8.4, p.fit(v, w-2*pad), size, "B", Ink)
	}
	p.stroke(Line, 0.2)
	for r := range rows + 1 {
		p.f.Line(margin, top+float64(r)*row, p.w-margin, top+float64(r)*row)
	}
	for c := range cols + 1 {
		p.f.Line(margin+float64(c)*w, top, margin+float64(c)*w, top+float64(rows)*row)
	}
	p.y = top + float64(rows)*row + gap
}

// signatures draws lines to sign on, three side by side at most.
func (p *pages) signatures(b Signatures) {
	const row = 23.0
	cols := min(len(b.Names), 3)
	if cols == 0 {
		return
	}
	rows := (len(b.Names) + cols - 1) / cols
	p.need(float64(rows) * row)
	w := p.width() / float64(cols)
	for i, n := range b.Names {
		x, y := margin+float64(i%cols)*w, p.y+float64(i/cols)*row
		p.font(8, "B")
		p.text(x+4, y+13, p.fit(clean(n.Done), w-8), 8, "B", Ink)
		p.stroke(Second, 0.25)
		p.f.Line(x+4, y+15, x+w-4, y+15)
		p.font(7.5, "")
		p.text(x+4, y+18.6, p.fit(clean(n.Role), w-8), 7.5, "", Second)
	}
	p.y += float64(rows)*row + gap
}
