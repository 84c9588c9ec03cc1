package journal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet/track"
)

// UnitDay is a day (UTC) on which a unit was heard.
type UnitDay struct {
	Unit string
	Day  time.Time
}

// backlogPace is how long one pass may work on trails of old days, of all
// districts together, so that the running day does not wait for them: a quarter
// of the time between two passes.
const backlogPace = 500 * time.Millisecond

// backlogs works on the old days of every district that is known.
func (k *Keeper) backlogs(ctx context.Context) error {
	until := time.Now().Add(backlogPace)
	var failed []error
	for ubigeo, p := range k.places {
		if err := k.backlog(ctx, ubigeo, p, until); err != nil {
			failed = append(failed, fmt.Errorf("trails of old days of %s: %w", ubigeo, err))
		}
	}
	return errors.Join(failed...)
}

// backlog keeps the trails of days that ended while nobody kept any, newest
// first: those of an older version, or of a service that was off. A look at a
// month is quick only where they are kept. What there is to do is asked for once
// in the life of a process. It stops with the first day done after until, and at
// a day that fails: that one is tried again after all others, which go on with
// the next pass.
func (k *Keeper) backlog(ctx context.Context, ubigeo string, p *district, until time.Time) error {
	if !p.asked {
		days, err := k.cfg.Source.DaysWithoutTrail(ctx, ubigeo, WindowAt(k.cfg.Now(), p.loc).Start.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		p.asked, p.old = true, days
	}
	for len(p.old) > 0 && time.Now().Before(until) {
		d := p.old[0]
		p.old = p.old[1:]
		if err := k.keepTrails(ctx, ubigeo, p, d); err != nil {
			p.old = append(p.old, d)
			return fmt.Errorf("%s of %s: %w", d.Day.Format(time.DateOnly), d.Unit, err)
		}
	}
	return nil
}

// keepTrails keeps the trails of the two days there that a day here is a part of.
func (k *Keeper) keepTrails(ctx context.Context, ubigeo string, p *district, d UnitDay) error {
	first := WindowAt(d.Day, p.loc)
	for _, w := range []Window{first, WindowAt(first.End, p.loc)} {
		if err := k.keepTrail(ctx, ubigeo, d.Unit, w); err != nil {
			return err
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
