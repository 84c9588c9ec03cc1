package paper

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// maxSheetName is how long the format lets a sheet's name be.
const maxSheetName = 31

// WriteXLSX writes the tables of a book with typed cells and filters: a sheet a
// table, where tables of equal sheet follow each other, after one with the
// facts. Boxes to write in by hand are for paper and are left out.
func WriteXLSX(w io.Writer, b Book) error {
	if len(b.Documents) == 0 {
		return errors.New("a book without documents")
	}
	if b.Loc == nil {
		b.Loc = time.UTC
	}
	x := &workbook{f: excelize.NewFile(), book: b, next: map[string]int{}, styles: map[Kind]int{}}
	defer func() { _ = x.f.Close() }() // it only removes what is in memory
	if err := x.write(); err != nil {
		return fmt.Errorf("workbook %q: %w", b.Title, err)
	}
	at := b.Made.UTC().Format(time.RFC3339)
	if err := x.f.SetDocProps(&excelize.DocProperties{Creator: "Serenazgo", LastModifiedBy: "Serenazgo", Title: plain(b.Title), Language: "es-PE", Created: at, Modified: at}); err != nil {
		return err
	}
	var raw bytes.Buffer
	if _, err := x.f.WriteTo(&raw); err != nil {
		return err
	}
	return inOrder(w, raw.Bytes())
}

// inOrder writes the parts of a workbook by their names: the library has them in
// another order each time.
func inOrder(w io.Writer, raw []byte) error {
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return err
	}
	parts := slices.SortedFunc(slices.Values(in.File), func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range parts {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

type workbook struct {
	f      *excelize.File
	book   Book
	order  []string
	next   map[string]int // row to write next, by sheet
	wide   map[string]int // columns, by sheet
	styles map[Kind]int
	head   int
	facts  int // row of the first sheet
}

const factsSheet = "Datos"

// cellFormats are how workbooks show kinds of cells, in the order in which they
// are numbered.
var cellFormats = []struct {
	kind   Kind
	format string
}{{Whole, "#,##0"}, {Tenths, "#,##0.0"}, {Hundredths, "#,##0.00"}, {Date, "yyyy-mm-dd"}, {Moment, "yyyy-mm-dd hh:mm"}}

func (x *workbook) write() error {
	var err error
	if x.head, err = x.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E9EDF1"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}); err != nil {
		return err
	}
	for _, s := range cellFormats {
		if x.styles[s.kind], err = x.f.NewStyle(&excelize.Style{CustomNumFmt: &s.format}); err != nil {
			return err
		}
	}
	if err := x.f.SetSheetName("Sheet1", factsSheet); err != nil {
		return err
	}
	if err := x.f.SetColWidth(factsSheet, "A", "A", 32); err != nil {
		return err
	}
	if err := x.f.SetColWidth(factsSheet, "B", "B", 70); err != nil {
		return err
	}
	x.wide = map[string]int{}
	for _, d := range x.book.Documents {
		if err := x.document(d); err != nil {
			return err
		}
	}
	for _, name := range x.order {
		last, err := excelize.CoordinatesToCellName(max(x.wide[name], 1), max(x.next[name]-1, 1))
		if err != nil {
			return err
		}
		if err := x.f.AutoFilter(name, "A1:"+last, nil); err != nil {
			return err
		}
	}
	return nil
}

func (x *workbook) document(d Document) error {
	about := []Fact{{d.Title, strings.TrimSpace(d.Subject + " · " + d.Line)}, {"Entidad", strings.TrimSpace(d.Owner + " · " + d.OwnerLine)}}
	if d.Notice != "" {
		about = append(about, Fact{"Aviso", d.Notice})
	}
	about = append(about, Fact{"Fuente", d.Source})
	for _, b := range d.Blocks {
		switch b := b.(type) {
		case Facts:
			about = append(about, b.Items...)
		case Paragraph:
			about = append(about, Fact{"", b.Text})
		case Heading:
			about = append(about, Fact{b.Text, nil})
		case Table:
			if err := x.table(b); err != nil {
				return err
			}
		}
	}
	for _, a := range about {
		x.facts++
		if err := x.set(factsSheet, 1, x.facts, a.Label, Text); err != nil {
			return err
		}
		if err := x.set(factsSheet, 2, x.facts, a.Value, Tenths); err != nil {
			return err
		}
	}
	x.facts++
	return nil
}

// sheetName makes a name that the format allows.
func sheetName(s string) string {
	r := []rune(strings.NewReplacer("[", "(", "]", ")", ":", " ", "*", " ", "?", " ", "/", "-", "\\", "-", "'", " ").Replace(plain(s)))
	return strings.TrimSpace(string(r[:min(len(r), maxSheetName)]))
}

func (x *workbook) table(t Table) error {
	name := sheetName(t.Sheet)
	if name == "" {
		return nil
	}
	var cols []int
	for i, c := range t.Columns {
		if c.Only != OnPaper && c.Kind != Box {
			cols = append(cols, i)
		}
	}
	if !slices.Contains(x.order, name) {
		if err := x.begin(name, t, cols); err != nil {
			return err
		}
	}
	for n, r := range t.Rows {
		if len(r) != len(t.Columns) {
			return fmt.Errorf("table %q: row %d has %d cells, and there are %d columns", t.Sheet, n+1, len(r), len(t.Columns))
		}
		for k, i := range cols {
			if err := x.set(name, k+1, x.next[name], r[i], t.Columns[i].Kind); err != nil {
				return err
			}
		}
		x.next[name]++
	}
	return nil
}

// begin makes a sheet with its heads, which stay in view.
func (x *workbook) begin(name string, t Table, cols []int) error {
	if _, err := x.f.NewSheet(name); err != nil {
		return err
	}
	x.order = append(x.order, name)
	for k, i := range cols {
		c := t.Columns[i]
		if err := x.set(name, k+1, 1, c.Title, Text); err != nil {
			return err
		}
		col, err := excelize.ColumnNumberToName(k + 1)
		if err != nil {
			return err
		}
		if err := x.f.SetColWidth(name, col, col, min(max(c.Width*1.2, 11), 60)); err != nil {
			return err
		}
	}
	x.next[name], x.wide[name] = 2, len(cols)
	if err := x.f.SetRowStyle(name, 1, 1, x.head); err != nil {
		return err
	}
	return x.f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// set writes a cell by its type.
func (x *workbook) set(sheet string, col, row int, v any, k Kind) error {
	ref, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return err
	}
	style := x.styles[k]
	switch t := v.(type) {
	case nil, Unknown:
		return nil
	case string:
		return x.f.SetCellStr(sheet, ref, plain(t)) // text, never a formula
	case Light:
		return x.f.SetCellStr(sheet, ref, lightWord[t])
	case bool:
		return x.f.SetCellStr(sheet, ref, cell(t, k, x.book.Loc))
	case float64:
		if math.IsNaN(t) || math.IsInf(t, 0) {
			return nil
		}
		err = x.f.SetCellFloat(sheet, ref, t, -1, 64)
	case int:
		err = x.f.SetCellInt(sheet, ref, int64(t))
		style = x.styles[Whole]
	case time.Time:
		if t.IsZero() {
			return nil
		}
		l := t.In(x.book.Loc) // a cell holds what the clock on the wall showed
		if k != Date {
			style = x.styles[Moment] // the day counts where a shift crosses midnight
		}
		err = x.f.SetCellValue(sheet, ref, time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), 0, time.UTC))
	default:
		return fmt.Errorf("cell %s of %s holds a %T", ref, sheet, v)
	}
	if err != nil || style == 0 {
		return err
	}
	return x.f.SetCellStyle(sheet, ref, ref, style)
}
