package journal

import (
	"context"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet/track"
)

// UnitDay is a day (UTC) on which a unit was heard.
type UnitDay struct {
	Unit string
	Day  time.Time
}

// backlogPace is how long one look at all may work on trails of old days, so that
// the running day does not wait for them.
const backlogPace = time.Second

// backlog keeps the trails of days that ended while nobody kept any, newest
// first: those of an older version, or of a service that was off. A look at a
// month is quick only where they are kept. What there is to do is asked for once
// in the life of a process.
func (k *Keeper) backlog(ctx context.Context, ubigeo string, p *district) error {
	if !p.asked {
		days, err := k.cfg.Source.DaysWithoutTrail(ctx, ubigeo, WindowAt(k.cfg.Now(), p.loc).Start.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		p.asked, p.old = true, days
	}
	for begun := time.Now(); len(p.old) > 0 && time.Since(begun) < backlogPace; p.old = p.old[1:] {
		d := p.old[0]
		first := WindowAt(d.Day, p.loc)
		for _, w := range []Window{first, WindowAt(first.End, p.loc)} { // a day here is a part of two there
			if err := k.keepTrail(ctx, ubigeo, d.Unit, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepTrail keeps the trail of a day that is over, also one of which there is
// nothing to tell. Where fixes of the day were forgotten it leaves what is kept.
func (k *Keeper) keepTrail(ctx context.Context, ubigeo, unit string, w Window) error {
	if w.End.After(k.cfg.Now()) {
		return nil
	}
	if lost, err := k.cfg.Source.AnyForgotten(ctx, ubigeo, w.Start, w.End); err != nil || lost {
		return err
	}
	fixes, err := k.cfg.Source.FixesOfUnit(ctx, ubigeo, unit, w.Start, w.End)
	if err != nil {
		return err
	}
	slices.SortFunc(fixes, Compare)
	return k.cfg.Source.SaveTrail(ctx, ubigeo, track.Of(unit, w.Start, w.End, fixes))
}
