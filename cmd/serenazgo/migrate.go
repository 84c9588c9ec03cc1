package main

import (
	"context"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/store"
)

// migrateCmd brings the database up to date. Every other command does that
// too when it opens the store; this one is for doing it before a service is
// replaced, and for seeing what the database has.
type migrateCmd struct {
	dataFlags
	JSON bool `name:"json" help:"Print one JSON object."`
}

// Run migrates and prints the database's migrations.
func (c migrateCmd) Run(ctx context.Context) error {
	st, closeStore, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer closeStore()
	all, err := st.Migrations(ctx)
	if err != nil {
		return err
	}
	applied := st.Applied()
	if c.JSON {
		if applied == nil {
			applied = []store.Migration{}
		}
		return printJSON(map[string]any{"applied": applied, "migrations": all})
	}
	now := make(map[int]bool)
	for _, m := range applied {
		now[m.Number] = true
	}
	for _, m := range all {
		mark := "already"
		if now[m.Number] {
			mark = "applied"
		}
		fmt.Printf("%s  %04d_%-12s %s\n", mark, m.Number, m.Name, m.AppliedAt.Local().Format(time.DateTime))
	}
	fmt.Printf("the database is up to date; %d of %d migrations applied now\n", len(applied), len(all))
	return nil
}
