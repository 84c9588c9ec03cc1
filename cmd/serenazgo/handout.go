package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/mqtt"
)

// door publishes to devices, over whichever broker there is.
func (a *App) door() interface {
	Publish(topic string, payload []byte, retained bool) error
} {
	switch {
	case a.broker != nil:
		return a.broker
	case a.outside != nil:
		return a.outside
	}
	return nil
}

// publishRounds gives each unit's devices their round of the plan, and takes
// back the rounds of devices that the plan has none for. Unless all are to be
// told again, a plan that takes another's place is told only to the units whose
// rounds it changes.
func (a *App) publishRounds(ctx context.Context, p patrol.Plan, again bool) error {
	door := a.door()
	if door == nil {
		return nil
	}
	units, err := a.store.Units(ctx, p.Ubigeo)
	if err != nil {
		return err
	}
	devices, err := a.store.Devices(ctx, p.Ubigeo)
	if err != nil {
		return err
	}
	unitOf := map[string]string{}
	for _, u := range units {
		if u.Device != "" {
			unitOf[u.Device] = u.ID
		}
	}
	for _, d := range devices {
		if d.Unit != "" {
			unitOf[d.ID] = d.Unit
		}
	}
	bodies := map[string][]byte{}
	for _, r := range p.Rounds {
		if bodies[r.Unit], err = json.Marshal(newRoundMessage(p, r)); err != nil {
			return fmt.Errorf("round of unit %s: %w", r.Unit, err)
		}
	}
	only, all := []string(nil), true
	if !again {
		only, all = a.toTell(ctx, p)
	}
	var failed []error
	for device, unit := range unitOf {
		if !all && !slices.Contains(only, unit) {
			continue
		}
		// No round: an empty retained message clears what was there.
		if err := door.Publish(mqtt.RoundTopic(p.Ubigeo, device), bodies[unit], true); err != nil {
			failed = append(failed, fmt.Errorf("device %s: %w", device, err))
		}
	}
	return errors.Join(failed...)
}

// window gives when a plan's shift is.
func (a *App) window(ctx context.Context, p patrol.Plan) (start, end time.Time, err error) {
	d, err := a.store.District(ctx, p.Ubigeo)
	if err != nil {
		return start, end, err
	}
	shift, err := a.planner.shift(ctx, d, p.Shift)
	return shift.Start, shift.End, err
}

// handOut gives out the rounds of a district's current shift again: after a
// restart, since the embedded broker keeps retained messages in memory, and when
// a shift begins.
func (a *App) handOut(ubigeo string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	shift, ok := a.watch.Shift(ubigeo)
	if !ok {
		return
	}
	plans, err := a.store.PlansOfShift(ctx, ubigeo, shift.ID)
	if err != nil {
		a.log.Error("rounds of the shift", "ubigeo", ubigeo, "err", err)
		return
	}
	for _, p := range plans {
		if p.State != patrol.Published {
			continue
		}
		full, err := a.store.Plan(ctx, ubigeo, p.ID)
		if err != nil {
			a.log.Error("rounds of the shift", "ubigeo", ubigeo, "plan", p.ID, "err", err)
			return
		}
		a.deliver(ctx, full, true)
		return
	}
}

// handOutAll does so for every district at the start.
func (a *App) handOutAll(ctx context.Context) error {
	if a.outside != nil {
		select {
		case <-a.outside.Ready():
		case <-ctx.Done():
			return nil
		}
	}
	ds, err := a.store.Districts(ctx)
	if err != nil {
		return err
	}
	for _, d := range ds {
		a.handOut(d.Ubigeo)
	}
	return nil
}
