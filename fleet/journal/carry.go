package journal

import (
	"context"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet/track"
)

// A power cut or a low battery may last longer than a day. The day ends it at its
// own end, and the next one begins with it: so each day has its part, and nobody
// is alarmed twice. It goes on from a day to the next one only: a day on which
// nothing was heard of the unit tells nothing.

// Open is what had not ended when a day did.
type Open struct {
	power  feed
	charge spell
}

// Open gives what has not ended yet.
func (m *Machine) Open() Open { return Open{m.power, m.charge} }

// Begin has the day begin with what had not ended before it. It comes before the
// first Step.
func (m *Machine) Begin(o Open) {
	m.power, m.charge = o.power, o.charge
	m.power.event.Start, m.charge.event.Start = m.window.Start, m.window.Start
	m.charge.event.Value = nil
}

// events are what goes on, as the day of a machine that began with it tells it.
func (o Open) events(unit string, w Window) (out []Event) {
	for _, s := range []spell{o.power.spell, o.charge} {
		if s.on {
			e := s.event
			e.Unit, e.Start = unit, w.Start
			out = append(out, e)
		}
	}
	return out
}

// open ends what goes on with the day, if that is over.
func (m *Machine) open(e Event, now time.Time) Event {
	e.Unit, e.End = m.unit, time.Time{}
	if !now.Before(m.window.End) {
		e.End = m.window.End
	}
	return e
}

func (p *district) before(w Window) Window { return WindowAt(w.Start.Add(-time.Second), p.loc) }

// machine makes a machine for a unit's day that begins with what had not ended
// before it.
func (k *Keeper) machine(ctx context.Context, u unitKey, p *district, w Window) (*Machine, Open, error) {
	m := NewMachine(u.unit, w, p.config(u.unit))
	o, err := k.carried(ctx, u, p, w)
	if err == nil {
		m.Begin(o)
	}
	return m, o, err
}

// carried gives what had not ended when a day began. That the day before has such
// an event is rare, and then its fixes tell the rest; where they were forgotten,
// nothing goes on.
func (k *Keeper) carried(ctx context.Context, u unitKey, p *district, w Window) (o Open, err error) {
	before := p.before(w)
	src := k.cfg.Source
	if last, err := src.LastsOver(ctx, u.ubigeo, u.unit, before.Date, w.Start); err != nil || len(last) == 0 {
		return o, err
	}
	if lost, err := src.AnyForgotten(ctx, u.ubigeo, before.Start, before.End); err != nil || lost {
		return o, err
	}
	fixes, err := src.FixesOfUnit(ctx, u.ubigeo, u.unit, before.Start, before.End)
	if err != nil {
		return o, err
	}
	m, _, err := k.machine(ctx, u, p, before)
	if err != nil {
		return o, err
	}
	slices.SortFunc(fixes, Compare)
	for _, f := range fixes {
		m.Step(f)
	}
	return m.Open(), nil
}

// again computes a day that is over from all its stored fixes, and tells whether
// other things go on after it than before. Where some of the fixes were forgotten,
// what came of them before is better than what the rest tells.
func (k *Keeper) again(ctx context.Context, u unitKey, p *district, w Window) (changed bool, err error) {
	src := k.cfg.Source
	if lost, err := src.AnyForgotten(ctx, u.ubigeo, w.Start, w.End); err != nil || lost {
		return false, err
	}
	fixes, err := src.FixesOfUnit(ctx, u.ubigeo, u.unit, w.Start, w.End)
	if err != nil || len(fixes) == 0 {
		return false, err
	}
	slices.SortFunc(fixes, Compare)
	m, _, err := k.machine(ctx, u, p, w)
	if err != nil {
		return false, err
	}
	for _, f := range fixes {
		m.Step(f)
	}
	was, err := src.LastsOver(ctx, u.ubigeo, u.unit, w.Date, w.End)
	if err != nil {
		return false, err
	}
	if err := src.SaveDay(ctx, u.ubigeo, m.Day(w.End)); err != nil {
		return false, err
	}
	is, err := src.LastsOver(ctx, u.ubigeo, u.unit, w.Date, w.End)
	if err != nil {
		return false, err
	}
	return !slices.Equal(was, is), src.SaveTrail(ctx, u.ubigeo, track.Of(u.unit, w.Start, w.End, fixes))
}

// onward computes a day again and those after it that it changes, up to the
// running one, which begins anew.
func (k *Keeper) onward(ctx context.Context, u unitKey, p *district, w, today Window) error {
	for ; w != today; w = WindowAt(w.End, p.loc) {
		if changed, err := k.again(ctx, u, p, w); err != nil || !changed {
			return err
		}
	}
	return k.anew(ctx, u, p)
}

// anew has a unit's running day begin again, with what was told of it.
func (k *Keeper) anew(ctx context.Context, u unitKey, p *district) error {
	f := p.units[u.unit]
	if f == nil {
		return nil
	}
	m, o, err := k.machine(ctx, u, p, f.w)
	if err != nil {
		return err
	}
	f.m = m
	for _, e := range o.events(u.unit, f.w) {
		f.told[keyOf(e)] = true
	}
	return nil
}
