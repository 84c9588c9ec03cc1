package review

import (
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet/coverage"
)

// shift adds the facts of a shift, as far as they are known. Cells that are not
// reviewed are nil.
func (t *tally) shift(s *Shift, h heard, tiles []bool, metres float64, cells []*cellTally) {
	if h.police {
		t.policeShifts++
	}
	code := t.byCode[s.Code]
	if code == nil {
		code = &codeTally{row: ShiftRow{Code: s.Code, Name: s.Name}, index: len(t.codes)}
		t.byCode[s.Code] = code
		t.codes = append(t.codes, s.Code)
	}
	if h.police {
		code.policeShifts++
	}
	if h.own {
		t.shifts++
		t.heardShifts[s.ID] = true
		code.row.Shifts++
		code.units += len(s.Units)
	}

	by, serenazgo, unknown := s.Streets.percents(tiles, metres)
	if metres > 0 {
		for k, v := range by {
			if h.of(k) {
				t.perShift[k].add(v)
			}
		}
		if h.own {
			t.serenazgo.add(serenazgo)
			t.unknown.add(unknown)
			code.joint.add(by[3])
			code.serenazgo.add(serenazgo)
		}
		if h.own && h.police {
			t.splitStreets(&s.Streets, tiles, metres)
		}
		if h.police {
			code.pnp.add(by[coverage.Police])
		}
		if s.PolicePlan.Any {
			sum := 0.0
			for i, m := range s.PolicePlan.Metres {
				if tiles[i] {
					sum += float64(m)
				}
			}
			t.policeStreet.add(100 * sum / metres)
		}
	}
	t.presence(s, cells, h, code)
	t.work(s, cells, h, code)
	if !h.own {
		return
	}
	t.gaps(s, cells, h, code)
	for _, hot := range s.Hot {
		if t.holds(hot.Cell) {
			t.dose(hot)
		}
	}
}

// presence adds who was where in which half-hour.
func (t *tally) presence(s *Shift, cells []*cellTally, h heard, code *codeTally) {
	first, n := s.Slots(t.slot)
	at := make([][3]float32, len(cells)*n) // seconds, by cell and half-hour
	begin := float64(s.Start.Unix())
	begin += float64(s.Start.Nanosecond()) / 1e9
	for _, x := range s.Stays {
		if cells[x.Cell] == nil {
			continue
		}
		f := s.Units[x.Unit].Force
		took := float64(x.To-x.From) / 10
		cells[x.Cell].dwell[f] += took
		cells[x.Cell].in(code.index).dwell[f] += took
		for from, to := begin+float64(x.From)/10, begin+float64(x.To)/10; from < to; {
			k := int64(from) / t.slot
			until := min(to, float64((k+1)*t.slot))
			at[int(x.Cell)*n+int(k-first)][f] += float32(until - from)
			from = until
		}
	}
	silent := s.silentSlots(n, first, t.slot, func(f coverage.Force) bool { return f == coverage.Police })
	anySilent := s.silentSlots(n, first, t.slot, func(coverage.Force) bool { return true })
	chance := make([]float64, len(cells)*n)
	for _, l := range s.PolicePlan.Slots {
		if c := cells[l.Cell]; c != nil {
			p := float64(l.Chance) / 1000
			c.plan += p
			c.in(code.index).plan += p
			chance[int(l.Cell)*n+int(l.Slot)] = p
		}
	}
	for i, c := range cells {
		if c == nil {
			continue
		}
		var met [3]bool
		for k := range n {
			here := at[i*n+k]
			m, p, g := here[coverage.Municipal], here[coverage.Police], here[coverage.Integrated]
			met[0], met[1], met[2] = met[0] || m > 0, met[1] || p > 0, met[2] || g > 0
			known := h.police && (!silent[k] || p > 0 || g > 0) // whether the police were there
			if h.own && h.police {
				t.presenceSplit.meet(m > 0, p > 0, g > 0, known, anySilent[k])
			}
			if h.own {
				c.meet(m > 0, p > 0, g > 0, known)
			}
			c.judge(float64(m), p > 0 || g > 0, known)
			if s.PolicePlan.Any && !h.police {
				t.expect(chance[i*n+k], float64(m), g > 0)
			}
		}
		for f, ok := range met {
			if h.of(f) {
				t.seen[f].count(ok)
			}
		}
		if h.own {
			t.seen[3].count(met[0] || met[1] || met[2])
		}
	}
	if s.PolicePlan.Any && !h.police {
		t.planShifts++
		code.planShifts++
	}
}

// meet counts a half-hour, of which it may be known whether the police were there; an integrated crew never makes it a double one.
func (c *cellTally) meet(municipal, police, integrated, known bool) {
	if municipal || police || integrated {
		c.present++
		if known {
			c.presentSeen++
		}
	}
	if municipal && police {
		c.doubled++
	}
}

func (p *part) count(ok bool) {
	p.whole++
	p.n++
	if ok {
		p.of++
	}
}

// judge counts municipal presence where it is known whether the police were
// there too.
func (c *cellTally) judge(municipal float64, there, known bool) {
	if municipal <= 0 || !known {
		return
	}
	c.withMuni++
	c.judged += municipal
	if !there {
		c.alone += municipal
	}
}

// expect counts what the police plan lets expect of a half-hour in a cell.
func (t *tally) expect(chance, municipal float64, integrated bool) {
	ours := 0.0
	if municipal > 0 {
		ours = 1
		t.expectN++
		t.expected.municipal += municipal
		if !integrated {
			t.expected.alone += municipal * (1 - chance)
		}
	}
	t.expected.doubled += ours * chance
	if integrated {
		t.expected.present++
		return
	}
	t.expected.present += max(ours, chance)
}

// silentSlots marks the parts of the clock, each slot seconds long, in which a
// unit of some forces was silent throughout.
func (s *Shift) silentSlots(n int, first, slot int64, of func(coverage.Force) bool) []bool {
	out := make([]bool, n)
	for i := range s.Units {
		if !of(s.Units[i].Force) {
			continue
		}
		for _, w := range s.Units[i].Silences {
			from, to := s.at(w.From), s.at(w.To)
			for k := range out {
				a, b := time.Unix((first+int64(k))*slot, 0), time.Unix((first+int64(k)+1)*slot, 0)
				if a.Before(s.Start) {
					a = s.Start
				}
				if b.After(s.End) {
					b = s.End
				}
				out[k] = out[k] || !from.After(a) && !to.Before(b)
			}
		}
	}
	return out
}

// at is the instant of a number of tenths of seconds of the shift.
func (s *Shift) at(tenths int32) time.Time {
	return s.Start.Add(time.Duration(tenths) * 100 * time.Millisecond)
}

// gaps follows how long each cell waits for anybody, in shift time. Hours that
// two shifts share count once, here and by the clock.
func (t *tally) gaps(s *Shift, cells []*cellTally, h heard, code *codeTally) {
	from := s.Start
	if from.Before(t.until) {
		from = t.until
	}
	if !from.Before(s.End) {
		return
	}
	t.until = s.End
	t.absences.shift(s, cells, h, from)
	byCell := make([][]Spell, len(cells))
	for _, x := range s.Stays {
		if cells[x.Cell] != nil {
			byCell[x.Cell] = append(byCell[x.Cell], x.Spell)
		}
	}
	for i, c := range cells {
		if c == nil {
			continue
		}
		before := c.nobody
		cursor := from
		slices.SortFunc(byCell[i], func(a, b Spell) int { return int(a.From) - int(b.From) })
		for _, w := range byCell[i] {
			a, b := s.at(w.From), s.at(w.To)
			if a.After(cursor) {
				c.wait(cursor, a)
			}
			if b.After(cursor) {
				cursor = b
				c.waiting = 0
			}
		}
		if cursor.Before(s.End) {
			c.wait(cursor, s.End)
		}
		code.nobody += c.nobody - before
		code.cells++
	}
}

// wait adds time without anybody.
func (c *cellTally) wait(from, to time.Time) {
	if c.waiting == 0 {
		c.since = from
	}
	took := to.Sub(from).Seconds()
	c.waiting += took
	c.nobody += took
	if c.waiting/60 > c.gap.Minutes {
		c.gap.Start, c.gap.End, c.gap.Minutes = c.since, to, c.waiting/60
	}
}

// dose adds a shift of a hot cell.
func (t *tally) dose(h Hot) {
	d := t.doses[h.Cell]
	if d == nil {
		d = &Dose{Cell: h.Cell}
		t.doses[h.Cell] = d
	}
	d.Shifts++
	d.PlannedMin += h.Planned.Minutes()
	d.Municipal += h.Dwell[coverage.Municipal].Minutes()
	d.Police += h.Dwell[coverage.Police].Minutes()
	d.Integrated += h.Dwell[coverage.Integrated].Minutes()
	all := h.Dwell[0] + h.Dwell[1] + h.Dwell[2]
	served := all.Minutes() >= t.bands.HotMinutes && h.MaxGap.Minutes() <= t.bands.HotGap
	t.hot.count(served)
	if served {
		d.Served++
	}
}
