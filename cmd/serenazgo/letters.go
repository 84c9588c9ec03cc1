package main

import (
	"context"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/store"
)

// replayLetters reads dead letters anew, with a district's devices and topic
// rules as they are now. What can be decoded is stored and no dead letter any
// more; the rest stays. With trial nothing changes.
func replayLetters(ctx context.Context, st *store.Store, ubigeo string, letters []fleet.DeadLetter, trial bool) (fleet.Replayed, []fleet.Fix, error) {
	out := fleet.Replayed{Letters: len(letters), Left: map[string]int{}}
	rules, err := st.TopicRules(ctx, ubigeo)
	if err != nil {
		return out, nil, err
	}
	devices, err := st.Devices(ctx, ubigeo)
	if err != nil {
		return out, nil, err
	}
	registry := mqtt.NewRegistry()
	registry.Set(ubigeo, rules, devices)
	units := map[string]string{}
	for _, d := range devices {
		units[d.ID] = d.Unit
	}
	var all []fleet.Fix
	for _, l := range letters {
		got := registry.Replay(l)
		if len(got.Rejects) > 0 || len(got.Fixes) == 0 && got.Skipped == "" {
			out.Left[l.Reason]++
			continue
		}
		out.Decoded, out.Fixes = out.Decoded+1, out.Fixes+len(got.Fixes)
		if trial {
			continue
		}
		for i := range got.Fixes {
			got.Fixes[i].Unit = units[got.Fixes[i].Device]
			got.Fixes[i].Flags |= fleet.FlagBacklog // no live alert for what was missed
		}
		fresh, err := st.StoreFixes(ctx, got.Fixes)
		if err != nil {
			return out, all, err
		}
		out.Stored += len(fresh)
		all = append(all, fresh...)
		if err := st.DropDeadLetter(ctx, l); err != nil {
			return out, all, err
		}
	}
	return out, all, nil
}

// replay reads dead letters anew for the page, and follows what comes of them.
func (a *App) replay(ctx context.Context, ubigeo string, letters []fleet.DeadLetter) (fleet.Replayed, error) {
	out, fresh, err := replayLetters(ctx, a.store, ubigeo, letters, false)
	if len(fresh) > 0 {
		a.fresh(fresh)
	}
	return out, err
}
