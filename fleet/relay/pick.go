package relay

import (
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/track"
)

// Cursor is what came of a unit's fixes so far.
type Cursor struct {
	Last   time.Time  `json:"last,omitzero"`  // of the last point
	Heard  time.Time  `json:"heard,omitzero"` // of the last fix that counts
	Place  orb.Point  `json:"place"`          // its place
	On     bool       `json:"on"`             // its ignition
	Metres float64    `json:"metres"`         // driven since the retransmission began
	Engine float64    `json:"engine_s"`       // seconds with the ignition on
	Told   [2]float64 `json:"told"`           // Metres and Engine at the last point
	// What the device's own odometer and clock of the engine showed last, and
	// which device that was; 0: they tell nothing.
	Odometer float64        `json:"odometer,omitempty"`
	Hours    float64        `json:"hours_s,omitempty"`
	Teller   string         `json:"teller,omitempty"`
	Day      string         `json:"day"`            // local date that Sent counts
	Sent     int            `json:"sent"`           // points of Day
	Late     map[string]int `json:"late,omitempty"` // points of earlier days that came late, by date
}

// Queued is a point on its way.
type Queued struct {
	Unit  string
	At    time.Time
	Point Point
}

// Gap is what the platform did not get.
type Gap struct {
	Unit   string    `json:"unit"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Reason string    `json:"reason"`
	Points int       `json:"points"` // that were not handed on
	Detail string    `json:"detail,omitempty"`
}

// Reasons of gaps.
const (
	Silence = "silence" // the vehicle was not heard
	Refused = "refused" // the platform did not take the points
	Capped  = "cap"     // there were more than it takes in a day
	Off     = "off"     // the retransmission was switched off
)

// Key is a fix of a unit.
type Key struct {
	Device string
	Time   time.Time
	Seq    int64
}

// KeyOf names a fix.
func KeyOf(f fleet.Fix) Key { return Key{f.Device, f.Time.UTC(), f.Seq} }

// pick takes a unit's fixes, in the order of their times, and gives the points
// to hand on of those that are new. The others are there for these to be judged
// by. Fixes older than the last point came late, from a device that had no
// coverage: they become points too, and do not add to the sums. What is older
// than LateFor when it comes, or than the retransmission, is not handed on.
func (s Settings) pick(ubigeo, unit string, c Cursor, fixes []fleet.Fix, news map[Key]bool) (Cursor, []Queued, []Gap) {
	v := s.Vehicles[unit]
	var out []Queued
	var gaps []Gap
	var j track.Judge
	var lateLast time.Time
	for i := range fixes {
		f := &fixes[i]
		if !j.Take(f) {
			continue
		}
		if !news[KeyOf(*f)] {
			lateLast = f.Time // there is a point of it, or of shortly before it
			continue
		}
		if f.Time.Before(s.Since) || f.Received.Sub(f.Time) > LateFor {
			continue
		}
		late := !f.Time.After(c.Heard)
		on := c.On
		if f.Ignition != nil {
			on = *f.Ignition
		} else if late {
			on = true
		}
		last := c.Last
		if late {
			last = lateLast
		} else {
			if dt := f.Time.Sub(c.Heard); !c.Heard.IsZero() {
				if dt > SilentFor {
					why := Silence
					if c.Heard.Before(s.Since) {
						why = Off
					}
					gaps = append(gaps, Gap{Unit: unit, Start: c.Heard, End: f.Time, Reason: why})
				}
				c.Metres += geo.Distance(c.Place, f.Point)
				if c.On && dt <= track.Gap {
					c.Engine += dt.Seconds()
				}
			}
			c.Heard, c.Place, c.On = f.Time, f.Point, on
			c.reads(*f)
		}
		every := Moving
		if !on && !(f.Speed >= movesFrom) {
			every = Parked
		}
		if f.Event == "" && !last.IsZero() && f.Time.Sub(last) < every {
			continue
		}
		if !c.count(f.Time) {
			if n := len(gaps); n > 0 && gaps[n-1].Reason == Capped && sameDay(gaps[n-1].Start, f.Time) {
				gaps[n-1].End = f.Time
				gaps[n-1].Points++
			} else {
				gaps = append(gaps, Gap{Unit: unit, Start: f.Time, End: f.Time, Reason: Capped, Points: 1})
			}
			continue
		}
		out = append(out, Queued{unit, f.Time, s.point(ubigeo, v, *f, c, late)})
		if late {
			lateLast = f.Time
		} else {
			c.Last, c.Told = f.Time, [2]float64{c.Metres, c.Engine}
		}
	}
	return c, out, gaps
}

// reads takes what the device tells of the vehicle. Another device's odometer
// begins anew; fixes that tell nothing leave what was told.
func (c *Cursor) reads(f fleet.Fix) {
	if f.Odometer <= 0 && f.Engine <= 0 {
		return
	}
	if f.Device != c.Teller {
		c.Teller, c.Odometer, c.Hours = f.Device, 0, 0
	}
	if f.Odometer > 0 {
		c.Odometer = f.Odometer
	}
	if f.Engine > 0 {
		c.Hours = f.Engine
	}
}

// totals are the metres driven and the seconds of the engine in all: as the
// device tells, else since the retransmission began.
func (c Cursor) totals() (metres, engine float64) {
	metres, engine = c.Metres, c.Engine
	if c.Odometer > 0 {
		metres = c.Odometer
	}
	if c.Hours > 0 {
		engine = c.Hours
	}
	return metres, engine
}

// count counts a point of a local day, unless the day is full.
func (c *Cursor) count(t time.Time) bool {
	day := t.In(lima).Format(time.DateOnly)
	if day > c.Day {
		c.Late = map[string]int{}
		if c.Day != "" {
			c.Late[c.Day] = c.Sent
		}
		c.Day, c.Sent = day, 0
	}
	if day < c.Day {
		if c.Late == nil {
			c.Late = map[string]int{}
		}
		if c.Late[day] >= PerDay {
			return false
		}
		c.Late[day]++
		return true
	}
	if c.Sent >= PerDay {
		return false
	}
	c.Sent++
	return true
}

func sameDay(a, b time.Time) bool {
	return a.In(lima).Format(time.DateOnly) == b.In(lima).Format(time.DateOnly)
}
