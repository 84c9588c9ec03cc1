package main

import (
	"context"
	"fmt"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/mqtt"
)

// deviceReplayCmd reads dead letters anew. What can be decoded now is stored
// and no dead letter any more; the rest stays.
type deviceReplayCmd struct {
	storeFlags
	Limit  int  `help:"At most so many, the last received first." default:"10000"`
	DryRun bool `name:"dry-run" help:"Tell what would be done, and change nothing."`
	JSON   bool `name:"json" help:"Print one JSON object."`
}

// replayed is what became of the dead letters.
type replayed struct {
	Letters int            `json:"letters"` // looked at
	Decoded int            `json:"decoded"` // of these
	Fixes   int            `json:"fixes"`   // in them
	Stored  int            `json:"stored"`  // of these, not there before
	Left    map[string]int `json:"left"`    // reasons of those that stay
}

// Run replays.
func (c *deviceReplayCmd) Run(ctx context.Context) error {
	if c.Limit < 1 {
		return badInputf("--limit %d: give a number from 1", c.Limit)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	rules, err := st.TopicRules(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	devices, err := st.Devices(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	registry := mqtt.NewRegistry()
	registry.Set(d.Ubigeo, rules, devices)
	units := map[string]string{}
	for _, dev := range devices {
		units[dev.ID] = dev.Unit
	}
	letters, err := st.DeadLetters(ctx, d.Ubigeo, c.Limit)
	if err != nil {
		return err
	}
	out := replayed{Letters: len(letters), Left: map[string]int{}}
	for _, l := range letters {
		got := registry.Replay(l)
		if len(got.Rejects) > 0 || len(got.Fixes) == 0 && got.Skipped == "" {
			out.Left[l.Reason]++
			continue
		}
		out.Decoded, out.Fixes = out.Decoded+1, out.Fixes+len(got.Fixes)
		if c.DryRun {
			continue
		}
		for i := range got.Fixes {
			got.Fixes[i].Unit = units[got.Fixes[i].Device]
			got.Fixes[i].Flags |= fleet.FlagBacklog // no live alert for what was missed
		}
		fresh, err := st.StoreFixes(ctx, got.Fixes)
		if err != nil {
			return err
		}
		out.Stored += len(fresh)
		if err := st.DropDeadLetter(ctx, l); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(out)
	}
	fmt.Printf("%d dead letters, %d can be decoded now, with %d positions, %d of them new\n", out.Letters, out.Decoded, out.Fixes, out.Stored)
	for reason, n := range out.Left {
		fmt.Printf("%6d stay: %s\n", n, reason)
	}
	return nil
}
