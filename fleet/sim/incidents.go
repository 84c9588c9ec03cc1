package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// IncidentsConfig describes simulated incidents.
type IncidentsConfig struct {
	Seed     int64
	Graph    *routing.Graph
	From, To time.Time
	Loc      *time.Location
	PerDay   float64 // mean number; 10
	Places   int     // hot places; 14
}

// kindOfIncident is a type with its share and the hours at which it happens.
type kindOfIncident struct {
	types [3]string
	share float64
	hours [4]float64 // weight of 00–06, 06–12, 12–18, 18–24
}

var kindsOfIncident = []kindOfIncident{
	{[3]string{"PATRIMONIO", "ROBO", "ARREBATO"}, 0.2, [4]float64{0.6, 0.8, 1.2, 1.8}},
	{[3]string{"PATRIMONIO", "ROBO", "ROBO AGRAVADO A MANO ARMADA"}, 0.14, [4]float64{1.4, 0.4, 0.7, 1.8}},
	{[3]string{"PATRIMONIO", "HURTO", "HURTO DE CELULAR"}, 0.16, [4]float64{0.4, 1.0, 1.4, 1.4}},
	{[3]string{"PATRIMONIO", "HURTO", "HURTO DE AUTOPARTES"}, 0.12, [4]float64{2.2, 0.6, 0.4, 1.2}},
	{[3]string{"PATRIMONIO", "EXTORSION", "EXTORSION A TRANSPORTISTA"}, 0.06, [4]float64{0.3, 1.4, 1.4, 1.0}},
	{[3]string{"VIDA CUERPO Y SALUD", "LESIONES", "GRESCA"}, 0.12, [4]float64{1.8, 0.3, 0.6, 1.8}},
	{[3]string{"VIDA CUERPO Y SALUD", "VIOLENCIA FAMILIAR", "AGRESION FISICA"}, 0.1, [4]float64{1.0, 0.6, 0.8, 1.8}},
	{[3]string{"APOYO CIUDADANO", "BUENAS COSTUMBRES", "CONSUMO DE LICOR EN VIA PUBLICA"}, 0.1, [4]float64{1.8, 0.2, 0.5, 2.0}},
}

var originsOfIncident = []struct {
	origin hotspots.Origin
	share  float64
}{{hotspots.OriginCall, 0.46}, {hotspots.OriginComplaint, 0.2}, {hotspots.OriginCamera, 0.1}, {hotspots.OriginPanic, 0.08}, {hotspots.OriginPatrol, 0.16}}

// Incidents makes up incidents on the streets that belong to the district:
// most cluster around some hot places, each with weekends and hours of its own,
// the rest happen anywhere along the streets; some are soon followed by another
// nearby. All are marked as simulated.
func Incidents(cfg IncidentsConfig) ([]hotspots.Incident, error) {
	if cfg.Loc == nil {
		cfg.Loc = time.UTC
	}
	cfg.PerDay = orDefault(cfg.PerDay, 10)
	if cfg.Places == 0 {
		cfg.Places = 14
	}
	if !cfg.To.After(cfg.From) {
		return nil, fmt.Errorf("%w: simulated incidents end at %s, not after they begin", fleet.ErrInvalid, cfg.To.Format(time.RFC3339))
	}
	streets, err := streetsOf(cfg.Graph)
	if err != nil {
		return nil, err
	}
	m := &maker{rng: rand.New(rand.NewPCG(uint64(cfg.Seed), 0x1c1d)), cfg: cfg, streets: streets}
	m.choosePlaces()
	y, mo, d := cfg.From.In(cfg.Loc).Date()
	for day := time.Date(y, mo, d, 0, 0, 0, 0, cfg.Loc); day.Before(cfg.To); day = day.AddDate(0, 0, 1) {
		factor := 0.9
		if w := day.Weekday(); w == time.Friday || w == time.Saturday || w == time.Sunday {
			factor = 1.13
		}
		for range poisson(m.rng, cfg.PerDay/1.12*factor) { // one in eight or so brings another
			m.happen(day)
		}
	}
	slices.SortStableFunc(m.out, func(a, b hotspots.Incident) int { return a.At.Compare(b.At) })
	for i := range m.out {
		m.out[i].Key = fmt.Sprintf("simulated:%d:%d", cfg.Seed, i+1)
	}
	return m.out, nil
}

// streets are the segments of the district with their running length, to draw
// a place from.
type streets struct {
	g    *routing.Graph
	ids  []routing.SegmentID
	upTo []float64
}

func streetsOf(g *routing.Graph) (*streets, error) {
	s := &streets{g: g}
	total := 0.0
	for i := range g.Segments {
		seg := &g.Segments[i]
		if seg.Belongs && seg.Length > 0 && (seg.Forward | seg.Backward).Has(routing.Car) {
			total += seg.Length
			s.ids = append(s.ids, routing.SegmentID(i))
			s.upTo = append(s.upTo, total)
		}
	}
	if len(s.ids) == 0 {
		return nil, fmt.Errorf("%w: the district has no streets to simulate anything on", fleet.ErrInvalid)
	}
	return s, nil
}

// draw gives a place anywhere along the streets.
func (s *streets) draw(rng *rand.Rand) orb.Point {
	x := rng.Float64() * s.upTo[len(s.upTo)-1]
	i, _ := slices.BinarySearch(s.upTo, x)
	seg := &s.g.Segments[s.ids[i]]
	return onLine(seg.Line, seg.Length-(s.upTo[i]-x))
}

// onLine gives the place so many metres along a line.
func onLine(l orb.LineString, metres float64) orb.Point {
	for i := 1; i < len(l); i++ {
		d := geo.Distance(l[i-1], l[i])
		if metres <= d && d > 0 {
			f := max(0, metres/d)
			return orb.Point{l[i-1][0] + f*(l[i][0]-l[i-1][0]), l[i-1][1] + f*(l[i][1]-l[i-1][1])}
		}
		metres -= d
	}
	return l[len(l)-1]
}

type hotPlace struct {
	centre orb.Point
	weight float64
	spread float64    // metres
	hours  [4]float64 // what it adds to the hours of a kind
}

type maker struct {
	rng     *rand.Rand
	cfg     IncidentsConfig
	streets *streets
	places  []hotPlace
	out     []hotspots.Incident
}

func (m *maker) choosePlaces() {
	for i := range m.cfg.Places {
		p := hotPlace{centre: m.streets.draw(m.rng), weight: math.Pow(0.85, float64(i)), spread: 60 + 120*m.rng.Float64()}
		for h := range p.hours {
			p.hours[h] = 0.4 + 1.2*m.rng.Float64()
		}
		m.places = append(m.places, p)
	}
}

// happen adds an incident of the day, and now and then its echo.
func (m *maker) happen(day time.Time) {
	kind := pick(m.rng, kindsOfIncident, func(k kindOfIncident) float64 { return k.share })
	hours := kind.hours
	where := m.streets.draw(m.rng)
	if m.rng.Float64() < 0.72 {
		p := pick(m.rng, m.places, func(p hotPlace) float64 { return p.weight })
		where = m.near(p.centre, p.spread)
		for h := range hours {
			hours[h] *= p.hours[h]
		}
	}
	quarter := pick(m.rng, []int{0, 1, 2, 3}, func(i int) float64 { return hours[i] })
	minute := quarter*360 + m.rng.IntN(360)
	at := time.Date(day.Year(), day.Month(), day.Day(), minute/60, minute%60, 0, 0, m.cfg.Loc)
	m.add(kind, at, where)
	if m.rng.Float64() < 0.12 {
		again := at.Add(time.Duration(m.rng.ExpFloat64() * 4 * 24 * float64(time.Hour))).Truncate(time.Minute)
		m.add(kind, again, m.near(where, 80))
	}
}

// near gives a place on the streets about so far from another.
func (m *maker) near(centre orb.Point, spread float64) orb.Point {
	bearing, metres := 360*m.rng.Float64(), spread*math.Abs(m.rng.NormFloat64())
	p := geo.PointAtBearingAndDistance(centre, bearing, metres)
	for _, c := range m.streets.g.Snap(p, 150) {
		if m.streets.g.Segments[c.Segment].Belongs {
			return c.Point
		}
	}
	return centre
}

func (m *maker) add(kind kindOfIncident, at time.Time, where orb.Point) {
	origin := pick(m.rng, originsOfIncident, func(o struct {
		origin hotspots.Origin
		share  float64
	}) float64 {
		return o.share
	}).origin
	lag := time.Duration(m.rng.ExpFloat64() * float64(20*time.Minute))
	if origin == hotspots.OriginComplaint {
		lag = time.Duration(m.rng.ExpFloat64() * float64(20*time.Hour))
	}
	off := geo.PointAtBearingAndDistance(where, 360*m.rng.Float64(), 8*m.rng.Float64()) // beside the street's axis
	if at.Before(m.cfg.From) || !at.Before(m.cfg.To) {
		return
	}
	m.out = append(m.out, hotspots.Incident{
		Type: kind.types, At: at.UTC(), Known: at.Add(lag).UTC().Truncate(time.Second), Point: off,
		Origin: origin, Source: "simulated", Simulated: true,
	})
}

// pick draws one of xs by weight.
func pick[T any](rng *rand.Rand, xs []T, weight func(T) float64) T {
	total := 0.0
	for _, x := range xs {
		total += weight(x)
	}
	r := rng.Float64() * total
	for _, x := range xs {
		if r -= weight(x); r < 0 {
			return x
		}
	}
	return xs[len(xs)-1]
}

// poisson draws a number of events by their mean, up to some hundreds.
func poisson(rng *rand.Rand, mean float64) int {
	if mean > 500 { // the normal limit
		return max(0, int(math.Round(mean+math.Sqrt(mean)*rng.NormFloat64())))
	}
	n, p, limit := 0, rng.Float64(), math.Exp(-mean)
	for ; p > limit; n++ {
		p *= rng.Float64()
	}
	return n
}
