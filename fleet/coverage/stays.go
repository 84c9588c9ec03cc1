package coverage

import (
	"cmp"
	"slices"

	"github.com/serenazgo/serenazgo/hotspots"
)

// Stay is a unit's time in a cell, at patrol speed.
type Stay struct {
	Unit  string
	Force Force
	Cell  hotspots.Cell
	Window
}

// Stays gives all stays in the cells of one of the resolutions kept that count,
// by unit, start and cell.
func (c *Coverage) Stays(res int) []Stay {
	c.mu.Lock()
	defer c.mu.Unlock()
	level := int8(slices.Index(c.cfg.Resolutions, res))
	var out []Stay
	for _, name := range c.names() {
		u := c.units[name]
		cells := map[int32]bool{}
		for i := range u.cells {
			cells[i] = true
		}
		if len(u.pieces) > 0 {
			for _, s := range u.open.stays {
				cells[s.cell] = true
			}
		}
		first := len(out)
		for i := range cells {
			if c.index.level[i] != level || !c.inCell[i] {
				continue
			}
			for _, w := range u.stays(i) {
				out = append(out, Stay{name, u.force, c.index.cells[i], w})
			}
		}
		slices.SortFunc(out[first:], func(a, b Stay) int {
			return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Cell, b.Cell))
		})
	}
	return out
}

// CellsAt gives the cells of one of the resolutions kept that count, ascending.
func (c *Coverage) CellsAt(res int) []hotspots.Cell {
	level := int8(slices.Index(c.cfg.Resolutions, res))
	var out []hotspots.Cell
	for i, cell := range c.index.cells {
		if c.index.level[i] == level && c.inCell[i] {
			out = append(out, cell)
		}
	}
	slices.Sort(out)
	return out
}

// CellsOf gives the cells of one of the resolutions kept that a segment touches.
func (x *Index) CellsOf(s int, res int) []hotspots.Cell {
	r := slices.Index(x.res, res)
	if r < 0 || s < 0 || s >= len(x.parts[r]) {
		return nil
	}
	var out []hotspots.Cell
	for _, p := range x.parts[r][s] {
		if !slices.Contains(out, x.cells[p.cell]) {
			out = append(out, x.cells[p.cell])
		}
	}
	return out
}
