package paper

import (
	"fmt"
	"math"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// Letters and spaces of tables.
const (
	cellSize = 7.6
	cellStep = 3.5 // from line to line
	cellPad  = 1.2
	headSize = 6.8
)

// longestWord is how much of a column's width a word may ask for, in
// millimetres; a longer one is broken.
const longestWord = 34.0

// onPaper gives the columns that are printed, as indices, and their widths: as
// they were asked for, but none so narrow that a word of it has to be broken.
func (p *pages) onPaper(t Table) (idx []int, wide []float64) {
	var asked, least []float64
	for i, c := range t.Columns {
		if c.Only == InWorkbook {
			continue
		}
		idx = append(idx, i)
		asked = append(asked, c.Width)
		p.font(headSize, "B")
		need := p.widest(strings.Fields(clean(c.Title)))
		p.font(cellSize, styleOf(c.Kind))
		for _, r := range t.Rows {
			if i >= len(r) {
				continue
			}
			s := cell(r[i], c.Kind, p.book.Loc)
			words := strings.Fields(s)
			switch {
			case c.Kind == Box:
				continue
			case c.Kind == Signal:
				need = max(need, p.f.GetStringWidth(s)+3.6)
				continue
			case c.Kind != Text && c.Kind != Strong:
				words = []string{s} // a number or a time stays on one line
			}
			need = max(need, min(p.widest(words), longestWord))
		}
		least = append(least, need+2*cellPad)
	}
	return idx, share(p.width(), asked, least)
}

// widest is the width of the widest of some words in the font chosen.
func (p *pages) widest(words []string) float64 {
	w := 0.0
	for _, s := range words {
		w = max(w, p.f.GetStringWidth(s))
	}
	return w
}

// share divides a width as asked for, and gives nobody less than the least that
// it needs as long as there is room for the least of all.
func share(whole float64, asked, least []float64) []float64 {
	out := make([]float64, len(asked))
	fixed := make([]bool, len(asked))
	for {
		left, sum := whole, 0.0
		for i := range asked {
			if fixed[i] {
				left -= least[i]
			} else {
				sum += asked[i]
			}
		}
		again := false
		for i := range asked {
			if fixed[i] {
				out[i] = least[i]
				continue
			}
			if out[i] = max(left, 0) * asked[i] / sum; out[i] < least[i] {
				fixed[i], again = true, true
			}
		}
		if !again {
			break
		}
	}
	total := 0.0
	for _, w := range out {
		total += w
	}
	if total > 0 && math.Abs(total-whole) > 1e-9 { // too little room, or nobody left who may have more
		for i := range out {
			out[i] *= whole / total
		}
	}
	return out
}

// table draws rows that are as high as their text; its head stands on every
// page.
func (p *pages) table(t Table) error {
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
	whole := len(t.Rows)
	if t.PaperRows > 0 && t.PaperRows < whole {
		t.Rows = t.Rows[:t.PaperRows]
	}
	idx, wide := p.onPaper(t)
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
	if whole > len(t.Rows) {
		p.need(6)
		p.text(margin, p.y+4, fmt.Sprintf("%d de %d filas; todas están en el archivo XLSX.", len(t.Rows), whole), 7.5, "", Second)
		p.y += 5
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
