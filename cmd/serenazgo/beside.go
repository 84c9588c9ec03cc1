package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// lookBeside is how often the service looks for what a command changed beside
// it: an import, a correction, a unit, a shift.
const lookBeside = 10 * time.Second

// beside has a district read anew when its data changed without the service's
// doing.
func (a *App) beside(ctx context.Context) error {
	seen := map[string]uint64{}
	tick := time.NewTicker(lookBeside)
	defer tick.Stop()
	for {
		ds, err := a.store.Districts(ctx)
		for _, d := range ds {
			print, perr := a.fingerprint(ctx, d)
			if perr != nil {
				err = perr
				break
			}
			switch old, known := seen[d.Ubigeo]; {
			case !known:
				err = a.readDevices(ctx, d.Ubigeo)
			case old != print:
				a.log.Info("the district was changed; reading it anew", "ubigeo", d.Ubigeo)
				a.readAnew(ctx, d.Ubigeo)
			}
			seen[d.Ubigeo] = print
		}
		if err != nil && ctx.Err() == nil {
			a.log.Warn("look for changes", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// fingerprint changes with whatever the live state of a district is made of.
func (a *App) fingerprint(ctx context.Context, d fleet.District) (uint64, error) {
	h := fnv.New64a()
	enc := json.NewEncoder(h)
	versions, err := a.store.StreetVersions(ctx, d.Ubigeo)
	if err != nil {
		return 0, err
	}
	for _, v := range versions {
		if v.Current {
			_ = enc.Encode(v.Version) // a hash takes everything
		}
	}
	corrections, err := a.store.Corrections(ctx, d.Ubigeo)
	if err != nil {
		return 0, err
	}
	units, err := a.store.Units(ctx, d.Ubigeo)
	if err != nil {
		return 0, err
	}
	shifts, err := a.store.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return 0, err
	}
	presence, err := a.store.Presence(ctx, d.Ubigeo)
	if err != nil {
		return 0, err
	}
	rules, err := a.store.TopicRules(ctx, d.Ubigeo)
	if err != nil {
		return 0, err
	}
	devices, err := a.store.Devices(ctx, d.Ubigeo)
	if err != nil {
		return 0, err
	}
	fences, err := a.store.Fences(ctx, d.Ubigeo)
	if err != nil {
		return 0, err
	}
	for _, f := range fences {
		fmt.Fprint(h, f.Geometry) // not part of its JSON
	}
	// Those that nobody registered come and go by themselves.
	devices = slices.DeleteFunc(devices, func(d fleet.Device) bool { return !d.Known })
	for _, v := range []any{d, corrections, units, shifts, presence, rules, devices, fences} {
		if err := enc.Encode(v); err != nil {
			return 0, err
		}
	}
	for _, p := range presence {
		fmt.Fprint(h, p.Geometry) // not part of its JSON
	}
	return h.Sum64(), nil
}
