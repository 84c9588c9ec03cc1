package main

import (
	"context"

	"github.com/serenazgo/serenazgo/store/embedded"
	"github.com/serenazgo/serenazgo/store/measure"
)

// rowsPerCommit is the mean size of the groups, over the services as they live
// now.
func (b *ingestBench) rowsPerCommit(ctx context.Context) (float64, error) {
	var rows, commits int64
	for _, s := range b.services {
		st, err := s.stats(ctx)
		if err != nil {
			return 0, err
		}
		rows, commits = rows+st.Stored+st.Known, commits+st.Batches
	}
	return ratio(float64(rows), float64(commits)), nil
}

// count ends the service and looks into the database: what is found there has
// survived.
func (b *ingestBench) count(ctx context.Context, out *benchIngestResult, full benchPhase) error {
	b.stream.close()
	b.clients.close()
	for _, s := range b.services {
		s.stop()
	}
	name := "postgres"
	if b.cluster == nil {
		var err error
		if b.cluster, err = embedded.Start(ctx, embedded.Config{Data: b.dir}); err != nil {
			return err
		}
		name = "serenazgo"
	}
	url := b.cluster.URL(name)
	rows, duplicates, found, err := measure.Fixes(ctx, url, benchUbigeo)
	if err != nil {
		return err
	}
	out.Stored, out.Duplicates = rows, duplicates
	for _, n := range full.ackedNumbers {
		if !found[n] {
			out.Lost++
		}
	}
	if out.CopyRowsPerS, err = measure.Copy(ctx, url, benchUbigeo); err != nil {
		return err
	}
	synced, err := timeSync(b.dir)
	out.FsyncP50Ms, out.FsyncP99Ms = percentile(synced, 50), percentile(synced, 99)
	return err
}
