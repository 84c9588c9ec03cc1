// Package paper draws forms and reports: on A4 for print (PDF) and as workbooks
// with typed cells (XLSX). It knows nothing of what the forms say; a Document is
// made of blocks, which both writers lay out each in its own way.
//
// Lengths on the page are millimetres, places [lon, lat]. The same Book is the
// same file byte by byte: nothing is drawn at random and the date inside is the
// book's own.
package paper

import (
	"time"

	"github.com/paulmach/orb"
)

// Book is a file: one or more documents, each beginning on a page of its own.
type Book struct {
	Title     string
	Made      time.Time // shown in the footer
	Loc       *time.Location
	Documents []Document
}

// Document is a form or a report.
type Document struct {
	Owner     string // whose paper: first line of the header
	OwnerLine string // second line
	Title     string
	Subject   string // right in the header: the unit, the period
	Line      string // below it
	Notice    string // in a frame on the first page; empty: none
	Source    string // footer: what it was made of
	Landscape bool
	Blocks    []Block
}

// Block is a part of a document.
type Block interface{ block() }

// Heading begins a section.
type Heading struct{ Text string }

// Paragraph is running text; Strong: the sentence that the figures prove.
type Paragraph struct {
	Text   string
	Strong bool
	Hint   bool // small
}

// Facts are labels with values side by side. An empty value is a line to write
// on.
type Facts struct {
	Columns int
	Items   []Fact
}

// Fact is a label with its value.
type Fact struct {
	Label string
	Value any // as a cell
}

// Table has typed cells.
type Table struct {
	Sheet   string // in a workbook; tables of equal sheet follow each other there
	Columns []Column
	Rows    [][]any // string, bool, int, float64 (NaN: empty), time.Time (zero: empty), Light, Unknown, nil (empty)
	Row     float64 // least height of a row on paper; 0: as high as its text
	Empty   string  // what stands there instead of rows
	// PaperRows is how many of the rows are printed; 0: all. The workbook has all.
	PaperRows int
	// OnlySheet: too long for paper.
	OnlySheet bool
}

// Unknown is a figure that nobody knows: a dash on paper, an empty cell in a
// workbook.
type Unknown struct{}

// Column of a table.
type Column struct {
	Title string
	Width float64 // share of the page's width
	Kind  Kind
	Only  Medium
}

// Kind is how a column's cells are written.
type Kind int

// Kinds of column.
const (
	Text   Kind = iota
	Strong      // text in bold
	Whole       // whole number
	Tenths      // one decimal
	Hundredths
	Clock  // time of day
	Date   // day
	Moment // day and time of day
	Box    // to be ticked or written in by hand
	Signal // a Light
)

// Medium tells where a column is shown.
type Medium int

// Media.
const (
	Everywhere Medium = iota
	OnPaper
	InWorkbook
)

// Light is a traffic light's state: shape, word and colour.
type Light string

// Lights. NoBand is for a figure that no band is set for.
const (
	Green  Light = "green"
	Amber  Light = "amber"
	Red    Light = "red"
	NoBand Light = ""
)

// Signatures are lines to sign on.
type Signatures struct{ Names []Signer }

// Signer signs; Done is what stands there if it was signed in the program.
type Signer struct {
	Role string
	Done string
}

// Color is red, green, blue.
type Color [3]int

// Colours of the paper: see the design's tokens for a light page.
var (
	Ink      = Color{19, 26, 34}
	Second   = Color{69, 81, 94}
	Hint     = Color{92, 104, 117}
	Line     = Color{201, 208, 216}
	Wash     = Color{244, 246, 248}
	Own      = Color{10, 110, 85} // the municipality
	OwnTint  = Color{140, 205, 186}
	Police   = Color{36, 86, 199}
	PolTint  = Color{220, 230, 251}
	Both     = Color{116, 54, 200}
	BothTint = Color{217, 195, 247}
	Nobody   = Color{168, 78, 11}
	GreenInk = Color{26, 115, 64}
	AmberInk = Color{138, 86, 0}
	RedInk   = Color{190, 30, 45}
	White    = Color{255, 255, 255}
)

// Maps are drawn side by side, each with its own title, scale and legend.
type Maps struct{ Maps []Map }

// Map is drawn from lines and areas.
type Map struct {
	Title  string // above it; empty: none
	Height float64
	View   orb.Bound // what has to be seen
	Areas  []Area
	Lines  []Lines
	Marks  []Mark
	Legend []Key
	Credit string
}

// Area is a polygon.
type Area struct {
	Rings orb.Polygon
	Fill  *Color
	Edge  *Color
	Wide  float64 // of the edge; 0: thin
	Hatch *Color  // lines at 45°
	Cross bool    // and at 135°
}

// Lines are drawn alike.
type Lines struct {
	Lines []orb.LineString
	Wide  float64
	Color Color
	Dash  []float64
}

// Mark is a numbered disc.
type Mark struct {
	At    orb.Point
	Text  string
	Color Color
	Open  bool // white, with a ring
}

// Key explains a colour of the map.
type Key struct {
	Text  string
	Fill  *Color
	Line  *Color
	Hatch *Color
	Cross bool
	Dash  []float64
	Open  bool
	Disc  bool
}

// PageBreak begins a page.
type PageBreak struct{}

func (Heading) block()    {}
func (Paragraph) block()  {}
func (Facts) block()      {}
func (Table) block()      {}
func (Signatures) block() {}
func (Map) block()        {}
func (Maps) block()       {}
func (PageBreak) block()  {}
