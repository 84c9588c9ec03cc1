package paper

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// The frame of a page, in millimetres.
const (
	margin    = 14.0
	headFirst = 27.0 // where the blocks begin on a document's first page
	headNext  = 20.0 // and on the others
	foot      = 10.8 // left free at the bottom beside the lines of the footer
	footStep  = 3.2  // from line to line of the footer
	footSize  = 7.0  // its letters, in points
	footPage  = 26.0 // room for the page's number
	gap       = 3.2  // between blocks
)

// pages is a PDF that is being drawn.
type pages struct {
	f    *fpdf.Fpdf
	book Book
	doc  *Document
	w, h float64  // of the page
	y    float64  // where the next block begins
	nth  int      // page within the document
	feet []string // lines of the document's footer
}

// WritePDF draws a book on A4.
func WritePDF(w io.Writer, b Book) error { return writePDF(w, b, true) }

func writePDF(w io.Writer, b Book, compress bool) error {
	if len(b.Documents) == 0 {
		return errors.New("a book without documents")
	}
	if b.Loc == nil {
		b.Loc = time.UTC
	}
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCompression(compress)
	f.SetCatalogSort(true)
	f.SetCreationDate(b.Made.UTC())
	f.SetModificationDate(b.Made.UTC())
	f.SetTitle(clean(b.Title), true)
	f.SetCreator("Serenazgo", true)
	f.SetProducer("Serenazgo", true)
	f.SetLang("es-PE")
	f.SetAutoPageBreak(false, 0)
	f.SetCellMargin(0)
	f.AddUTF8FontFromBytes(family, "", regular)
	f.AddUTF8FontFromBytes(family, "B", bold)
	p := &pages{f: f, book: b}
	for i := range b.Documents {
		p.doc, p.nth = &b.Documents[i], 0
		p.newPage()
		p.feet = p.footLines()
		if p.doc.Notice != "" {
			p.notice(p.doc.Notice)
		}
		for k, block := range p.doc.Blocks {
			if h, ok := block.(Heading); ok && k+1 < len(p.doc.Blocks) {
				p.heading(h.Text, p.least(p.doc.Blocks[k+1]))
				continue
			}
			if err := p.block(block); err != nil {
				return err
			}
		}
		p.footers()
	}
	if err := f.Error(); err != nil {
		return fmt.Errorf("draw %q: %w", b.Title, err)
	}
	return f.Output(w)
}

func (p *pages) block(b Block) error {
	switch b := b.(type) {
	case Heading:
		p.heading(b.Text, 0)
	case Paragraph:
		p.paragraph(b)
	case Facts:
		p.facts(b)
	case Table:
		return p.table(b)
	case Signatures:
		p.signatures(b)
	case Map:
		p.maps([]Map{b})
	case Maps:
		p.maps(b.Maps)
	case PageBreak:
		p.newPage()
	default:
		return fmt.Errorf("nobody knows how to draw a %T", b)
	}
	return nil
}

// width is the room between the margins.
func (p *pages) width() float64 { return p.w - 2*margin }

// bottom is the end of the room for blocks.
func (p *pages) bottom() float64 { return p.h - foot - footStep*float64(max(len(p.feet), 1)) }

// need begins a page if there is no room for so much.
func (p *pages) need(mm float64) {
	if p.y+mm > p.bottom() && p.y > headFirst+1 {
		p.newPage()
	}
}

// newPage begins a page with its header and footer.
func (p *pages) newPage() {
	orientation := "P"
	p.w, p.h = 210, 297
	if p.doc.Landscape {
		orientation, p.w, p.h = "L", 297, 210
	}
	p.f.AddPageFormat(orientation, fpdf.SizeType{Wd: 210, Ht: 297})
	p.nth++
	p.emblem(margin, 9.2)
	if p.nth == 1 {
		p.text(margin+11, 12.2, clean(p.doc.Owner), 8, "", Second)
		p.text(margin+11, 19, clean(p.doc.Title), 15, "B", Ink)
		title := p.f.GetStringWidth(clean(p.doc.Title))
		p.right(p.w-margin, 12.2, clean(p.doc.OwnerLine), 8, "", Second)
		p.shrunk(p.w-margin, 19, clean(p.doc.Subject), p.width()-11-title-6, 11.5)
		p.right(p.w-margin, 23.4, clean(p.doc.Line), 8, "", Second)
		p.rule(25, Ink, 0.4)
		p.y = headFirst + 1
	} else {
		p.text(margin+11, 14.6, clean(p.doc.Title), 9.5, "B", Ink)
		over := []string{clean(p.doc.Subject), clean(p.doc.Line)}
		p.right(p.w-margin, 14.6, strings.Join(slices.DeleteFunc(over, func(s string) bool { return s == "" }), " · "), 8, "", Second)
		p.rule(17.6, Line, 0.2)
		p.y = headNext + 1
	}
}

// footers writes the foot of each page of the document, whose number of pages
// is known now.
func (p *pages) footers() {
	last := p.f.PageNo()
	for n := 1; n <= p.nth; n++ {
		p.f.SetPage(last - p.nth + n)
		p.font(1, "") // the page has another letter in force than the one drawn last
		p.footer(n)
	}
}

// footLines breaks what the document was made of into as many lines as it needs.
func (p *pages) footLines() []string {
	source := clean(p.doc.Source)
	if !p.book.Made.IsZero() {
		if source != "" {
			source += " · "
		}
		source += "Generado " + MomentOf(p.book.Made, p.book.Loc)
	}
	p.font(footSize, "")
	return p.wrap(source, p.width()-footPage)
}

func (p *pages) footer(n int) {
	p.dashed(nil)
	p.rule(p.bottom()+3.6, Line, 0.2)
	y := p.bottom() + 4.4 + footStep
	for i, l := range p.feet {
		p.text(margin, y+float64(i)*footStep, l, footSize, "", Hint)
	}
	p.right(p.w-margin, y, fmt.Sprintf("Página %d de %d", n, p.nth), footSize, "", Second)
}

// emblem is a hexagon with a route in it.
func (p *pages) emblem(x, y float64) {
	p.stroke(Own, 0.6)
	hex := []fpdf.PointType{{X: x + 4, Y: y}, {X: x + 7.5, Y: y + 2}, {X: x + 7.5, Y: y + 6}, {X: x + 4, Y: y + 8}, {X: x + 0.5, Y: y + 6}, {X: x + 0.5, Y: y + 2}}
	p.f.Polygon(hex, "D")
	p.f.MoveTo(x+2.6, y+5.4)
	p.f.LineTo(x+2.6, y+3.2)
	p.f.LineTo(x+5.4, y+4.8)
	p.f.LineTo(x+5.4, y+2.6)
	p.f.DrawPath("D")
}

// font chooses the letter.
func (p *pages) font(size float64, style string) { p.f.SetFont(family, style, size) }

func (p *pages) ink(c Color)  { p.f.SetTextColor(c[0], c[1], c[2]) }
func (p *pages) fill(c Color) { p.f.SetFillColor(c[0], c[1], c[2]) }
func (p *pages) dashed(d []float64) {
	if d == nil {
		d = []float64{}
	}
	p.f.SetDashPattern(d, 0)
}

// stroke chooses the pen.
func (p *pages) stroke(c Color, wide float64) {
	p.f.SetDrawColor(c[0], c[1], c[2])
	p.f.SetLineWidth(wide)
}

// text writes a line; y is its base line.
func (p *pages) text(x, y float64, s string, size float64, style string, c Color) {
	if s == "" {
		return
	}
	p.font(size, style)
	p.ink(c)
	p.f.Text(x, y, s)
}

// right writes a line that ends at x.
func (p *pages) right(x, y float64, s string, size float64, style string, c Color) {
	p.font(size, style)
	p.text(x-p.f.GetStringWidth(s), y, s, size, style, c)
}

// shrunk writes a bold line that ends at x in letters small enough for the room,
// and cuts what is too long even then.
func (p *pages) shrunk(x, y float64, s string, room, size float64) {
	const least = 8
	for p.font(size, "B"); size > least && p.f.GetStringWidth(s) > room; p.font(size, "B") {
		size -= 0.5
	}
	p.right(x, y, p.fit(s, room), size, "B", Ink)
}

// rule draws a line over the page's width.
func (p *pages) rule(y float64, c Color, wide float64) {
	p.stroke(c, wide)
	p.f.Line(margin, y, p.w-margin, y)
}

// fit shortens a line to a width in the font chosen.
func (p *pages) fit(s string, w float64) string {
	if p.f.GetStringWidth(s) <= w {
		return s
	}
	r := []rune(s)
	for len(r) > 0 && p.f.GetStringWidth(string(r)+"…") > w {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

// wrap breaks a text into lines of a width in the font chosen.
func (p *pages) wrap(s string, w float64) []string {
	if s == "" {
		return nil
	}
	return p.f.SplitText(s, w)
}
