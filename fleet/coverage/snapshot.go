package coverage

import (
	"time"

	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// Share is a length of street, and its share of all street that counts.
type Share struct {
	Km  float64 `json:"km"`
	Pct float64 `json:"pct"`
}

// Totals are the figures of joint coverage; the package comment has each
// formula.
type Totals struct {
	StreetKm   float64 `json:"street_km"`
	Segments   int     `json:"segments"`
	Serenazgo  Share   `json:"serenazgo"`
	PNP        Share   `json:"pnp"`
	Both       Share   `json:"both"`
	Integrated Share   `json:"integrated"`
	Joint      Share   `json:"joint"`
	None       Share   `json:"none"`
	Unknown    Share   `json:"unknown"`
	Probable   Share   `json:"probable"` // not certain; a match of at least Config.Probable
	Estimate   Share   `json:"estimate"` // best single estimate: joint + Σ posterior × length of probable
	Transit    Share   `json:"transit"`  // driven too fast to count
}

// Heard says how many units stand behind the figures.
type Heard struct {
	OnDuty int `json:"on_duty"` // on the roster, their duty has begun
	Heard  int `json:"heard"`   // of them, heard at least once
	// Silent lists those that are or were silent for longer than
	// Config.Silence while on duty; SilentSeconds is the time, summed.
	Silent        []string `json:"silent"`
	SilentSeconds float64  `json:"silent_s"`
}

// CellReport is a cell's presence so far.
type CellReport struct {
	Cell   hotspots.Cell `json:"cell"`
	Res    int           `json:"res"`
	State  State         `json:"state"`
	DwellS Dwell         `json:"dwell_s"`
	Visits int           `json:"visits"`
	Last   time.Time     `json:"last,omitzero"` // end of the last visit
	// MaxGapS is the longest time without anybody, from the start of the shift
	// until now, in seconds.
	MaxGapS float64 `json:"max_gap_s"`
}

// Dwell is unit-seconds in a cell.
type Dwell struct {
	Municipal  float64 `json:"municipal"`
	Police     float64 `json:"police"`
	Integrated float64 `json:"integrated"`
}

// CellTotals counts cells of one resolution.
type CellTotals struct {
	Res       int     `json:"res"`
	Cells     int     `json:"cells"` // with a street that counts
	Serenazgo int     `json:"serenazgo"`
	PNP       int     `json:"pnp"`
	Joint     int     `json:"joint"`
	Unknown   int     `json:"unknown"`
	JointPct  float64 `json:"joint_pct"`
}

// Snapshot is the state at an instant, whole.
type Snapshot struct {
	Version    uint64       `json:"version"`
	At         time.Time    `json:"at"`
	Profile    string       `json:"profile"`
	Totals     Totals       `json:"totals"`
	Units      Heard        `json:"units"`
	CellTotals []CellTotals `json:"cell_totals"`
	States     States       `json:"states"` // by segment of the graph
	Cells      []CellReport `json:"cells"`  // that count
}

// StreetChange is a segment's new state.
type StreetChange struct {
	Segment routing.SegmentID `json:"segment"`
	State   State             `json:"state"`
}

// Delta is what changed after a version.
type Delta struct {
	Since      uint64         `json:"since"`
	Version    uint64         `json:"version"`
	At         time.Time      `json:"at"`
	Totals     Totals         `json:"totals"`
	Units      Heard          `json:"units"`
	CellTotals []CellTotals   `json:"cell_totals"`
	Streets    []StreetChange `json:"streets"`
	Cells      []CellReport   `json:"cells"`
}

// Snapshot gives everything at the instant now.
func (c *Coverage) Snapshot(now time.Time) Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	silent := c.refresh(now)
	out := Snapshot{
		Version: c.version, At: now, Profile: c.cfg.Profile,
		Totals: c.totals(), Units: c.heard(now, silent), CellTotals: c.cellTotals(),
		States: make(States, len(c.streets)), Cells: []CellReport{},
	}
	for i := range c.streets {
		out.States[i] = c.streets[i].shown
	}
	for i := range c.cells {
		if c.inCell[i] {
			out.Cells = append(out.Cells, c.cellReport(int32(i), now))
		}
	}
	return out
}

// Changed gives what changed after a version of this coverage, at the instant
// now. Delta.Version equal to since means that nothing on the map did.
func (c *Coverage) Changed(since uint64, now time.Time) Delta {
	c.mu.Lock()
	defer c.mu.Unlock()
	silent := c.refresh(now)
	out := Delta{
		Since: since, Version: c.version, At: now,
		Totals: c.totals(), Units: c.heard(now, silent), CellTotals: c.cellTotals(),
		Streets: []StreetChange{}, Cells: []CellReport{},
	}
	for i := range c.streets {
		if c.streets[i].stamp > since {
			out.Streets = append(out.Streets, StreetChange{routing.SegmentID(i), c.streets[i].shown})
		}
	}
	for i := range c.cells {
		if c.inCell[i] && c.cells[i].stamp > since {
			out.Cells = append(out.Cells, c.cellReport(int32(i), now))
		}
	}
	return out
}

func (c *Coverage) totals() Totals {
	t := Totals{StreetKm: c.metres / 1000, Segments: c.segments}
	estimate := 0.0
	for i := range c.streets {
		if !c.counts[i] {
			continue
		}
		st, l := &c.streets[i], c.g.Segments[i].Length
		add := func(s *Share, when bool) {
			if when {
				s.Km += l / 1000
			}
		}
		add(&t.Serenazgo, st.covered.serenazgo())
		add(&t.PNP, st.covered.pnp())
		add(&t.Both, st.covered.has(Municipal) && st.covered.has(Police))
		add(&t.Integrated, st.covered.has(Integrated))
		add(&t.Joint, st.covered != 0)
		add(&t.None, st.shown == None)
		add(&t.Unknown, st.shown == Unknown)
		add(&t.Transit, st.transit)
		likely := st.covered == 0 && st.probable != 0
		add(&t.Probable, likely)
		if likely {
			estimate += st.posterior * l / 1000
		}
	}
	t.Estimate.Km = t.Joint.Km + estimate
	for _, s := range []*Share{&t.Serenazgo, &t.PNP, &t.Both, &t.Integrated, &t.Joint, &t.None, &t.Unknown, &t.Probable, &t.Estimate, &t.Transit} {
		s.Pct = pct(s.Km, t.StreetKm)
	}
	return t
}

func (c *Coverage) heard(now time.Time, silent map[string][]Window) Heard {
	h := Heard{Silent: []string{}}
	for _, name := range c.names() {
		u := c.units[name]
		if !u.duty.Start.Before(u.duty.End) || now.Before(u.duty.Start) {
			continue
		}
		h.OnDuty++
		if !u.signal.First.IsZero() {
			h.Heard++
		}
		if ws := silent[name]; len(ws) > 0 {
			h.Silent = append(h.Silent, name)
			for _, w := range ws {
				h.SilentSeconds += w.End.Sub(w.Start).Seconds()
			}
		}
	}
	return h
}

func (c *Coverage) cellTotals() []CellTotals {
	out := make([]CellTotals, len(c.cfg.Resolutions))
	for r, res := range c.cfg.Resolutions {
		out[r].Res = res
	}
	for i := range c.cells {
		if !c.inCell[i] {
			continue
		}
		t := &out[c.index.level[i]]
		sum := &c.cells[i]
		t.Cells++
		if sum.by.serenazgo() {
			t.Serenazgo++
		}
		if sum.by.pnp() {
			t.PNP++
		}
		if sum.by != 0 {
			t.Joint++
		}
		if sum.shown == Unknown {
			t.Unknown++
		}
	}
	for r := range out {
		out[r].JointPct = pct(float64(out[r].Joint), float64(out[r].Cells))
	}
	return out
}

func (c *Coverage) cellReport(i int32, now time.Time) CellReport {
	sum := &c.cells[i]
	r := CellReport{
		Cell: c.index.cells[i], Res: c.cfg.Resolutions[c.index.level[i]], State: sum.shown, Visits: len(sum.visits),
		DwellS: Dwell{sum.dwell[Municipal].Seconds(), sum.dwell[Police].Seconds(), sum.dwell[Integrated].Seconds()},
	}
	for _, g := range gapsOf(sum.visits, Window{c.shift.Start, earlier(now, c.shift.End)}) {
		r.MaxGapS = max(r.MaxGapS, g.End.Sub(g.Start).Seconds())
	}
	if n := len(sum.visits); n > 0 {
		r.Last = sum.visits[n-1].End
	}
	return r
}

// gapsOf gives the time in a window that no visit fills; visits ascend.
func gapsOf(visits []Window, in Window) []Window {
	var out []Window
	from := in.Start
	for _, v := range visits {
		if until := earlier(v.Start, in.End); from.Before(until) {
			out = append(out, Window{from, until})
		}
		from = later(from, v.End)
	}
	if from.Before(in.End) {
		out = append(out, Window{from, in.End})
	}
	return out
}

func pct(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return 100 * part / whole
}
