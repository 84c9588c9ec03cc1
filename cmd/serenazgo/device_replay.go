package main

import (
	"context"
	"fmt"
)

// deviceReplayCmd reads dead letters anew. What can be decoded now is stored
// and no dead letter any more; the rest stays.
type deviceReplayCmd struct {
	storeFlags
	Limit  int  `help:"At most so many, the last received first." default:"10000"`
	DryRun bool `name:"dry-run" help:"Tell what would be done, and change nothing."`
	JSON   bool `name:"json" help:"Print one JSON object."`
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
	letters, err := st.DeadLetters(ctx, d.Ubigeo, c.Limit)
	if err != nil {
		return err
	}
	out, _, err := replayLetters(ctx, st, d.Ubigeo, letters, c.DryRun)
	if err != nil {
		return err
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
