package export

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/xuri/excelize/v2"
)

// sheetRows is how many rows a sheet takes before the next one begins; the
// format ends at 1,048,576.
const sheetRows = 1_000_000

// xlsxWriter writes a workbook with typed cells. Rows go to temporary files
// until the workbook is closed.
type xlsxWriter struct {
	w       io.Writer
	f       *excelize.File
	s       *excelize.StreamWriter
	title   string
	cols    []column
	loc     *time.Location
	sheets  int
	n       int
	instant int // style
	head    int
}

func newXLSX(w io.Writer, title string, cols []column, loc *time.Location) (writer, error) {
	x := &xlsxWriter{w: w, f: excelize.NewFile(), title: title, cols: cols, loc: loc}
	format := "yyyy-mm-dd hh:mm:ss"
	var err error
	if x.instant, err = x.f.NewStyle(&excelize.Style{CustomNumFmt: &format}); err == nil {
		x.head, err = x.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	}
	if err == nil {
		err = x.sheet()
	}
	if err != nil {
		x.abort()
		return nil, err
	}
	return x, nil
}

// sheet begins the next sheet.
func (x *xlsxWriter) sheet() error {
	if x.s != nil {
		if err := x.s.Flush(); err != nil {
			return err
		}
	}
	x.sheets++
	name := x.title
	if x.sheets == 1 {
		if err := x.f.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else {
		name = fmt.Sprintf("%s %d", x.title, x.sheets)
		if _, err := x.f.NewSheet(name); err != nil {
			return err
		}
	}
	var err error
	if x.s, err = x.f.NewStreamWriter(name); err != nil {
		return err
	}
	if err := x.s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := x.s.SetColWidth(1, len(x.cols), 20); err != nil {
		return err
	}
	heads := make([]any, len(x.cols))
	for i, c := range x.cols {
		heads[i] = excelize.Cell{StyleID: x.head, Value: c.key}
		if c.instant {
			heads[i] = excelize.Cell{StyleID: x.head, Value: c.key + " (" + zone(x.loc) + ")"}
		}
	}
	x.n = 1
	return x.s.SetRow("A1", heads)
}

// zone names a time zone with its offset now.
func zone(loc *time.Location) string {
	return loc.String() + time.Now().In(loc).Format(" -07:00")
}

func (x *xlsxWriter) row(r row) error {
	if x.n >= sheetRows {
		if err := x.sheet(); err != nil {
			return err
		}
	}
	x.n++
	cells := make([]any, len(r.cells))
	for i, v := range r.cells {
		switch v := v.(type) {
		case float64:
			if !math.IsNaN(v) {
				cells[i] = v
			}
		case time.Time:
			if !v.IsZero() {
				l := v.In(x.loc) // a cell holds what the clock on the wall showed
				cells[i] = excelize.Cell{StyleID: x.instant, Value: time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), 0, time.UTC)}
			}
		default:
			cells[i] = v
		}
	}
	return x.s.SetRow(fmt.Sprintf("A%d", x.n), cells)
}

func (x *xlsxWriter) step(r row, _ step, _ bool) error { return x.row(r) }

// abort removes the temporary files.
func (x *xlsxWriter) abort() { _ = x.f.Close() }

func (x *xlsxWriter) close() error {
	if err := x.s.Flush(); err != nil {
		return err
	}
	_, err := x.f.WriteTo(x.w)
	return err
}
