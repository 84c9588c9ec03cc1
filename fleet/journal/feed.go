package journal

import "github.com/serenazgo/serenazgo/fleet"

// feed follows whether the vehicle feeds a device. Some devices tell a cut with
// every fix while it lasts, some tell it once and tell when power is back, some
// tell it once and nothing more. So a cut lasts until the device tells that power
// is back; until a fix without it, if it was told by two in a row; or else until
// the ignition is switched on.
type feed struct {
	spell
	told    int  // fixes in a row that told the cut
	ignited bool // the ignition was on at the last word of it
}

func (p *feed) take(at Event, f fleet.Fix, over func(Event)) {
	cut := f.Event == "power_cut" || f.Power != nil && !*f.Power
	back := f.Event == "power_restored" || f.Power != nil && *f.Power
	switch {
	case cut && p.on && f.Device != p.event.Device:
		return
	case cut:
		if !p.on {
			p.told, p.ignited = 0, true
		}
		p.begin(at)
		p.told++
	case !p.on || f.Device != p.event.Device:
		return
	case back, p.told > 1, !p.ignited && f.Ignition != nil && *f.Ignition:
		p.end(f.Time, over)
		return
	default:
		p.told = 0
	}
	if f.Ignition != nil {
		p.ignited = *f.Ignition
	}
}
