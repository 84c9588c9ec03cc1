package paper

import (
	"fmt"
	"math"

	"codeberg.org/go-pdf/fpdf"
)

// Letters and spaces of tables.
const (
	cellSize = 7.6
	cellStep = 3.5 // from line to line
	cellPad  = 1.2
	headSize = 6.8
)

// onPaper gives the columns that are printed, as indices, and their widths.
func (p *pages) onPaper(t Table) (idx []int, wide []float64) {
	sum := 0.0
	for i, c := range t.Columns {
		if c.Only != InWorkbook {
			idx = append(idx, i)
			sum += c.Width
		}
	}
	for _, i := range idx {
		wide = append(wide, t.Columns[i].Width/sum*p.width())
	}
	return idx, wide
}

// table draws rows that are as high as their text; its head stands on every
// page.
func (p *pages) table(t Table) error {
	idx, wide := p.onPaper(t)
	for n, r := range t.Rows {
		if len(r) != len(t.Columns) {
			return fmt.Errorf("table %q: row %d has %d cells, and there are %d columns", t.Sheet, n+1, len(r), len(t.Columns))
		}
	}
	if t.OnlySheet {
		return nil
	}
	if len(t.Rows) == 0 {
		p.paragraph(Paragraph{Text: t.Empty, Hint: true})
		return nil
	}
	p.need(18)
	p.tableHead(t, idx, wide)
	for _, r := range t.Rows {
		lines := make([][]string, len(idx))
		most := 1
		for k, i := range idx {
			c := t.Columns[i]
			p.font(cellSize, styleOf(c.Kind))
			lines[k] = p.wrap(cell(r[i], c.Kind, p.book.Loc), wide[k]-2*cellPad+0.4)
			most = max(most, len(lines[k]))
		}
		h := max(float64(most)*cellStep+1.5, t.Row)
		if p.y+h > p.bottom() {
			p.newPage()
			p.tableHead(t, idx, wide)
		}
		p.tableRow(t, idx, wide, r, lines, h)
	}
	p.y += gap
	return nil
}

func styleOf(k Kind) string {
	if k == Strong {
		return "B"
	}
	return ""
}

// numeric tells whether a column is written at its right end.
func numeric(k Kind) bool { return k == Whole || k == Tenths || k == Hundredths }

func (p *pages) tableHead(t Table, idx []int, wide []float64) {
	p.font(headSize, "B")
	most := 1
	lines := make([][]string, len(idx))
	for k, i := range idx {
		lines[k] = p.wrap(clean(t.Columns[i].Title), wide[k]-2*cellPad+0.4)
		most = max(most, len(lines[k]))
	}
	h := float64(most)*3.1 + 2
	p.fill(Wash)
	p.f.Rect(margin, p.y, p.width(), h, "F")
	x := margin
	for k, i := range idx {
		for n, l := range lines[k] {
			y := p.y + h - 1.5 - float64(len(lines[k])-1-n)*3.1
			if numeric(t.Columns[i].Kind) {
				p.right(x+wide[k]-cellPad, y, l, headSize, "B", Second)
			} else {
				p.text(x+cellPad, y, l, headSize, "B", Second)
			}
		}
		x += wide[k]
	}
	p.y += h
	p.rule(p.y, Second, 0.3)
}

func (p *pages) tableRow(t Table, idx []int, wide []float64, r []any, lines [][]string, h float64) {
	x := margin
	for k, i := range idx {
		c := t.Columns[i]
		switch {
		case c.Kind == Box:
			p.stroke(Line, 0.2)
			p.f.Line(x, p.y, x, p.y+h)
		case c.Kind == Signal:
			if l, ok := r[i].(Light); ok {
				p.light(x+cellPad, p.y+1, l)
			}
		default:
			for n, s := range lines[k] {
				y := p.y + cellStep - 0.1 + float64(n)*cellStep
				if numeric(c.Kind) {
					p.right(x+wide[k]-cellPad, y, s, cellSize, styleOf(c.Kind), Ink)
				} else {
					p.text(x+cellPad, y, s, cellSize, styleOf(c.Kind), Ink)
				}
			}
		}
		x += wide[k]
	}
	p.y += h
	p.rule(p.y, Line, 0.2)
}

// light draws a traffic light's state: each has a shape of its own.
func (p *pages) light(x, y float64, l Light) {
	const r = 1.2
	c := map[Light]Color{Green: GreenInk, Amber: AmberInk, Red: RedInk, NoBand: Hint}[l]
	p.fill(c)
	cx, cy := x+r, y+r+0.15
	switch l {
	case Green:
		p.f.Circle(cx, cy, r, "F")
	case Amber:
		p.f.Polygon([]fpdf.PointType{{X: cx, Y: cy - r}, {X: cx + r*math.Sqrt(4.0/3), Y: cy + r}, {X: cx - r*math.Sqrt(4.0/3), Y: cy + r}}, "F")
	case Red:
		p.f.Rect(cx-r, cy-r, 2*r, 2*r, "F")
	default:
		p.f.Rect(cx-r, cy-0.2, 2*r, 0.4, "F")
	}
	p.text(x+2*r+1.2, y+cellStep-1.1, lightWord[l], cellSize, "", c)
}
