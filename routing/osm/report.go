package osm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/routing"
)

// maxRemarks bounds the lists of a report; the counts stay exact.
const maxRemarks = 100

// Report says what an import found, what it kept and what it left out. Lengths
// are km; shares are percentages, of ways unless said otherwise.
type Report struct {
	File  string   `json:"file"`
	Modes []string `json:"modes"`
	Paths bool     `json:"paths"` // the ways where only people walk are in

	// Ways of the network as mapped, those closed to everybody included.
	Ways          int     `json:"ways"`
	WaysKm        float64 `json:"ways_km"`
	NamedPct      float64 `json:"named_pct"`
	OneWayWays    int     `json:"one_way_ways"`
	OneWayPct     float64 `json:"one_way_pct"`
	DrivableKm    float64 `json:"drivable_km"`     // ways of the drivable classes, those closed by access tags included
	DrivableWays  int     `json:"drivable_ways"`   // their number
	FootOnlyKm    float64 `json:"foot_only_km"`    // paths, steps, pedestrian streets
	ExcludedKm    float64 `json:"excluded_km"`     // closed to cars by access tags, inside the boundary
	ExcludedAllKm float64 `json:"excluded_all_km"` // the same in the whole extract

	// The network after contraction.
	Km           float64            `json:"km"`
	KmByClass    map[string]float64 `json:"km_by_class"`
	Segments     int                `json:"segments"`
	Junctions    int                `json:"junctions"`
	OddJunctions int                `json:"odd_junctions"`
	Components   int                `json:"components"`     // pieces of the network that no street joins
	UnnamedPct   float64            `json:"unnamed_pct"`    // of the segments' length
	OneWayKm     float64            `json:"one_way_km"`     // segments open to vehicles in one direction only
	OneWayShare  float64            `json:"one_way_km_pct"` // of the drivable length

	// Of the district, for a car from the default base.
	BelongingKm       float64        `json:"belonging_km"`
	BelongingSegments int            `json:"belonging_segments"`
	Base              orb.Point      `json:"base"` // [lon, lat]
	Reachable         routing.Stats  `json:"reachable"`
	UnreachableKm     float64        `json:"unreachable_km"`
	UnnamedInsidePct  float64        `json:"unnamed_inside_pct"` // of the belonging segments' length
	ReachMode         string         `json:"reach_mode"`         // whose reach the figures are
	UnreachablePieces int            `json:"unreachable_pieces"` // that hang together
	Unreachable       []UnreachedBit `json:"unreachable,omitempty"`

	// What the extract lacks or words in a way that cannot be used.
	MissingNodes int      `json:"missing_nodes"` // points of streets that the extract lacks
	CutWays      int      `json:"cut_ways"`      // streets that end or break there
	Turns        Turns    `json:"turns"`
	Barriers     int      `json:"barriers"` // that close a street to somebody
	Gates        int      `json:"gates"`    // segments with a gate that opens
	Conditional  int      `json:"conditional_ways"`
	WarningCount int      `json:"warning_count"`
	Warnings     []Remark `json:"warnings,omitempty"`
}

// Turns counts the turn restrictions that concern the network.
type Turns struct {
	Used        int      `json:"used"`
	Idle        int      `json:"idle"` // they forbid what nobody could do anyway
	Refused     int      `json:"unsupported"`
	Unsupported []Remark `json:"unsupported_list,omitempty"`
}

func (t *Turns) count(o outcome) {
	switch o {
	case turnUsed:
		t.Used++
	case turnIdle:
		t.Idle++
	default:
		t.Refused++
	}
}

// Remark is something that a person may want to look at on the map.
type Remark struct {
	Text     string    `json:"text"`
	Place    orb.Point `json:"place"` // [lon, lat]
	Way      int64     `json:"way,omitempty"`
	Relation int64     `json:"relation,omitempty"`
}

// UnreachedBit is a piece of the district that a car cannot reach from the
// base, or not return from.
type UnreachedBit struct {
	Km       float64   `json:"km"`
	Segments int       `json:"segments"`
	Name     string    `json:"name"`
	Place    orb.Point `json:"place"`
}

// wayFigures counts the ways as mapped.
func (r *Report) wayFigures(n *network, c *collector) {
	named, oneway := 0, 0
	for i := range n.ways {
		w := &n.ways[i]
		var length float64
		var last orb.Point
		for k, id := range w.nodes {
			p, ok := c.places.at(id)
			if ok && k > 0 && last != (orb.Point{}) {
				length += geo.Distance(last, p)
			}
			if last = p; !ok {
				last = orb.Point{}
			}
		}
		if !w.class.Drivable() {
			r.FootOnlyKm += length / 1000
			continue
		}
		r.DrivableWays++
		r.DrivableKm += length / 1000
		if w.name != "" {
			named++
		}
		if w.oneway {
			oneway++
		}
	}
	r.Ways, r.WaysKm = len(n.ways), r.DrivableKm+r.FootOnlyKm
	r.OneWayWays = oneway
	r.NamedPct, r.OneWayPct = pct(float64(named), float64(r.DrivableWays)), pct(float64(oneway), float64(r.DrivableWays))
	for _, d := range c.doubts {
		m := Remark{Text: d.text, Way: d.way}
		if i, ok := n.way(d.way); ok {
			m.Place, _ = c.places.at(n.ways[i].nodes[0])
		}
		r.warn(m)
	}
	r.Conditional = c.conditional
	n.overlaps(r)
}

// overlaps warns of stretches that two ways draw: they count twice.
func (n *network) overlaps(r *Report) {
	for p := range n.ids {
		arms := n.arms(place(p))
		for i := 1; i < len(arms); i++ {
			if arms[i].other == arms[i-1].other && arms[i].other > place(p) {
				a, b := n.ways[n.links[arms[i-1].link].way].id, n.ways[n.links[arms[i].link].way].id
				r.warn(Remark{Text: fmt.Sprintf("ways %d and %d draw the same stretch; it counts twice", a, b), Way: b, Place: n.points[p]})
			}
		}
	}
}

func (r *Report) warn(m Remark) {
	r.WarningCount++
	if len(r.Warnings) < maxRemarks {
		r.Warnings = append(r.Warnings, m)
	}
}

// finish fills in what follows from the finished graph.
func (r *Report) finish(g *routing.Graph, c *collector) {
	r.KmByClass = map[string]float64{}
	var unnamed, unnamedIn, drivableKm float64
	for i := range g.Segments {
		s := &g.Segments[i]
		km := s.Length / 1000
		r.Km += km
		r.KmByClass[s.Class.String()] += km
		if s.Name == "" {
			unnamed += km
		}
		if s.Gate {
			r.Gates++
		}
		if (s.Forward|s.Backward)&motor != 0 {
			drivableKm += km
			if s.Forward&motor == 0 || s.Backward&motor == 0 {
				r.OneWayKm += km
			}
		}
		if s.Belongs {
			r.BelongingSegments++
			r.BelongingKm += km
			if s.Name == "" {
				unnamedIn += km
			}
		}
	}
	for k, v := range maps.All(r.KmByClass) {
		r.KmByClass[k] = round3(v)
	}
	r.Segments, r.Junctions = len(g.Segments), len(g.Nodes)
	r.OddJunctions = g.OddJunctions(nil)
	_, r.Components = g.Components(c.modes)
	r.UnnamedPct, r.UnnamedInsidePct = pct(unnamed, r.Km), pct(unnamedIn, r.BelongingKm)
	r.OneWayShare = pct(r.OneWayKm, drivableKm)
	r.reach(g, c.modes)
	for _, f := range [...]*float64{&r.WaysKm, &r.DrivableKm, &r.FootOnlyKm, &r.ExcludedAllKm, &r.Km, &r.OneWayKm, &r.BelongingKm} {
		*f = round3(*f)
	}
}

// reach fills in what a car, or who the network is for, reaches.
func (r *Report) reach(g *routing.Graph, modes routing.ModeSet) {
	mode := routing.Car
	for _, m := range slices.Backward(routing.Modes[:]) {
		if modes.Has(m) {
			mode = m
		}
	}
	for i := range g.Excluded {
		if e := &g.Excluded[i]; e.Modes.Has(mode) && e.Class.Drivable() {
			r.ExcludedAllKm += e.Length / 1000
		}
	}
	base, ok := g.DefaultBase(mode)
	if !ok {
		return
	}
	r.Base, r.ReachMode = g.Nodes[base].Point, mode.String()
	r.Reachable = g.DistrictStats(routing.Start{Mode: mode, Base: base})
	r.UnreachableKm, r.ExcludedKm = r.Reachable.UnreachableKm, r.Reachable.ExcludedKm
	for _, bit := range g.Unreached(routing.Start{Mode: mode, Base: base}) {
		var u UnreachedBit
		for _, s := range bit {
			u.Km += g.Segments[s].Length / 1000
		}
		u.Km, u.Segments = round3(u.Km), len(bit)
		u.Name, u.Place = g.Segments[bit[0]].Label, g.Segments[bit[0]].Line[0]
		r.Unreachable = append(r.Unreachable, u)
	}
	slices.SortStableFunc(r.Unreachable, func(a, b UnreachedBit) int { return cmp.Compare(b.Km, a.Km) })
	r.UnreachablePieces = len(r.Unreachable)
	if len(r.Unreachable) > maxRemarks {
		r.Unreachable = r.Unreachable[:maxRemarks]
	}
}

func pct(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(int(1000*part/whole+0.5)) / 10
}

func round3(v float64) float64 { return float64(int(v*1000+0.5)) / 1000 }
