package watch

import (
	"math"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/routing"
)

// UnitView is a unit as a control room sees it. What is not known is nil, never
// zero.
type UnitView struct {
	ID          string       `json:"id"` // empty: a device without a unit
	CallSign    string       `json:"call_sign"`
	Mode        routing.Mode `json:"mode"`
	Device      string       `json:"device,omitempty"`
	Integrated  bool         `json:"integrated"`
	Active      bool         `json:"active"`
	Lon         *float64     `json:"lon"`
	Lat         *float64     `json:"lat"`
	SpeedKmh    *float64     `json:"speed_kmh"`
	Course      *float64     `json:"course"`
	AccuracyM   *float64     `json:"accuracy_m"`
	At          *time.Time   `json:"at"` // of the position
	Link        fleet.Link   `json:"link"`
	LinkSince   *time.Time   `json:"link_since"`
	Motion      fleet.Motion `json:"motion"`
	MotionSince *time.Time   `json:"motion_since"`
	Ignition    *bool        `json:"ignition"` // as the newest position says; standing with it on is idling
	Street      *string      `json:"street"`
	Round       *int         `json:"round"` // its number in the plan
	// KmPlanned is the length of the streets that its round visits first;
	// KmMissing of those, what the serenazgo has not covered yet.
	KmPlanned *float64 `json:"km_planned"`
	KmMissing *float64 `json:"km_missing"`
	// StopsPlanned counts the planned stops of its round, StopsDone those made.
	StopsPlanned *int      `json:"stops_planned"`
	StopsDone    *int      `json:"stops_done"`
	Stop         *StopView `json:"stop"` // where it stands now
}

// StopView is a unit that stands: in a planned stop, or elsewhere.
type StopView struct {
	Name      string   `json:"name"`
	Planned   bool     `json:"planned"`
	Minutes   float64  `json:"minutes"`
	OfMinutes *float64 `json:"of_minutes"`
}

func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// view turns a tracked state into what is shown at now.
func (on *onShift) view(s fleet.UnitState, now time.Time) UnitView {
	v := UnitView{ID: s.Unit, CallSign: s.CallSign, Mode: s.Mode, Device: s.Device, Link: s.Link,
		LinkSince: instant(s.LinkSince), Motion: s.Motion, MotionSince: instant(s.MotionSince)}
	if v.CallSign == "" {
		v.CallSign = s.Device
	}
	if u, ok := on.byID[s.Unit]; ok {
		v.Integrated, v.Active = u.Integrated, u.Active
	}
	if s.HasFix {
		v.Lon, v.Lat = known(s.Fix.Point[0]), known(s.Fix.Point[1])
		v.SpeedKmh, v.Course, v.AccuracyM = known(s.Fix.Speed*3.6), known(s.Fix.Course), known(s.Fix.Accuracy)
		v.At, v.Ignition = instant(s.Fix.Time), s.Fix.Ignition
		if name := on.street(s.Fix.Point); name != "" {
			v.Street = &name
		}
	}
	on.viewRound(&v, s, now)
	return v
}

// street names the street at a place, "" if none is near.
func (on *onShift) street(p orb.Point) string {
	if on.graph == nil {
		return ""
	}
	for _, c := range on.graph.Snap(p, snapRadius) {
		return on.graph.Segments[c.Segment].Label
	}
	return ""
}

func (on *onShift) viewRound(v *UnitView, s fleet.UnitState, now time.Time) {
	if s.HasFix && s.Motion == fleet.MotionStopped && s.Link == fleet.LinkOnline {
		v.Stop = &StopView{Minutes: now.Sub(s.MotionSince).Minutes()}
		if v.Street != nil {
			v.Stop.Name = *v.Street
		}
	}
	r := on.rounds[s.Unit]
	if r == nil {
		return
	}
	v.Round = &r.number
	km := r.metres / 1000
	v.KmPlanned = &km
	missing := on.missing(r) / 1000
	v.KmMissing = &missing
	r.mu.Lock()
	defer r.mu.Unlock()
	planned, done := len(r.stops), 0
	for i := range r.stops {
		if r.stops[i].done() {
			done++
		}
	}
	v.StopsPlanned, v.StopsDone = &planned, &done
	if v.Stop != nil && r.any {
		if st := r.nearest(r.last); st != nil {
			of := st.leg.End.Sub(st.leg.Start).Minutes()
			*v.Stop = StopView{Name: st.leg.Name, Planned: true, Minutes: st.dwell.Minutes(), OfMinutes: &of}
		}
	}
}

// Bar is joint coverage now. Serenazgo is driven; PNP is what the police plan
// promises until now, an expectation, unless the police report positions.
//
//	serenazgo = Σ length of streets that the serenazgo covered
//	pnp       = Σ p·length, p = probability that the police passed (coverage.PlannedPolice), 1 where they were seen
//	both      = Σ p·length over the serenazgo's streets
//	joint     = serenazgo + pnp − both;  none = street_km − joint − unknown
type Bar struct {
	StreetKm  float64        `json:"street_km"`
	Serenazgo coverage.Share `json:"serenazgo"`
	PNP       coverage.Share `json:"pnp"`
	Both      coverage.Share `json:"both"`
	Joint     coverage.Share `json:"joint"`
	None      coverage.Share `json:"none"`
	Unknown   coverage.Share `json:"unknown"`
	// PNPSource: "planned", "driven", or "none" when the police told nothing.
	PNPSource string `json:"pnp_source"`
	// ExpectedPct is what the plan expects the serenazgo to have covered by now;
	// nil without a plan.
	ExpectedPct *float64 `json:"expected_pct"`
	PlannedPct  *float64 `json:"planned_pct"` // by the end of the shift
}

// Change is the new presence of one segment (index in the graph): see States.
type Change [2]int

// CoverageEvent is the bar and the streets that changed.
type CoverageEvent struct {
	Bar     Bar      `json:"bar"`
	Changes []Change `json:"changes"`
	Meters  *Meters  `json:"meters,omitempty"`
}

// likely gives for each segment the probability that the police have passed it
// by now if they do as planned; nil if they told nothing.
func (on *onShift) likely(now time.Time) []float64 {
	if on.police == nil {
		return nil
	}
	out := make([]float64, len(on.graph.Segments))
	for i := range out {
		out[i] = on.police.Probability(routing.SegmentID(i), now)
	}
	return out
}

// bar joins what was driven with what the police plan; police is as likely
// gives it.
func (on *onShift) bar(states coverage.States, streetKm float64, police []float64, now time.Time) Bar {
	b := Bar{StreetKm: streetKm, PNPSource: "none"}
	if police != nil {
		b.PNPSource = "planned"
	}
	var ser, pnp, both, none, unknown float64
	for i, st := range states {
		if st == coverage.Outside {
			continue
		}
		m := on.graph.Segments[i].Length / 1000
		p := 0.0
		if police != nil {
			p = police[i]
		}
		ours := false
		switch st {
		case coverage.ByMunicipal:
			ours = true
		case coverage.ByIntegrated, coverage.Both:
			ours, p, b.PNPSource = true, 1, "driven"
		case coverage.ByPolice:
			p, b.PNPSource = 1, "driven"
		}
		pnp += m * p
		switch {
		case ours:
			ser += m
			both += m * p
		case st == coverage.Unknown:
			unknown += m * (1 - p)
		default:
			none += m * (1 - p)
		}
	}
	share := func(km float64) coverage.Share {
		if b.StreetKm <= 0 {
			return coverage.Share{}
		}
		return coverage.Share{Km: km, Pct: 100 * km / b.StreetKm}
	}
	b.Serenazgo, b.PNP, b.Both, b.None, b.Unknown = share(ser), share(pnp), share(both), share(none), share(unknown)
	b.Joint = share(ser + pnp - both)
	if on.planned != nil {
		e, f := on.planned.At(now).Pct, on.byEnd
		b.ExpectedPct, b.PlannedPct = &e, &f
	}
	return b
}

// Presence of a segment, as numbers of the API.
const (
	PresenceNone = iota
	PresenceSerenazgo
	PresencePolice // at least as likely as not
	PresenceBoth
	PresenceUnknown
	PresenceOutside
)

// presences classifies every segment; police is as likely gives it.
func presences(states coverage.States, police []float64) []int {
	out := make([]int, len(states))
	for i, st := range states {
		out[i] = presence(st, police != nil && police[i] >= 0.5)
	}
	return out
}

func presence(st coverage.State, police bool) int {
	switch st {
	case coverage.ByMunicipal:
		if police {
			return PresenceBoth
		}
		return PresenceSerenazgo
	case coverage.ByPolice:
		return PresencePolice
	case coverage.Both, coverage.ByIntegrated:
		return PresenceBoth
	case coverage.Outside:
		return PresenceOutside
	}
	if police {
		return PresencePolice
	}
	if st == coverage.Unknown {
		return PresenceUnknown
	}
	return PresenceNone
}
