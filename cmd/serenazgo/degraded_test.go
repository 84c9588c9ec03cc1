package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

func TestStoreAlarm(t *testing.T) {
	begin := time.Date(2026, 11, 21, 22, 0, 0, 0, time.UTC)
	at := func(s int) time.Time { return begin.Add(time.Duration(s) * time.Second) }
	full := fmt.Errorf("%w: no space left on device", fleet.ErrStoreFull)
	away := errors.New("connection refused")
	for name, tt := range map[string]struct {
		writer, ping map[int]error // from a second on
		want         []string
	}{
		"works": {nil, nil, nil},
		"a full disk, and room again": {map[int]error{2: full, 20: nil}, nil,
			[]string{"12 disk_full since 2", "18 disk_full since 2", "20 ok"}},
		"a database that is away while nothing comes": {nil, map[int]error{4: away, 18: nil},
			[]string{"14 no_store since 4", "18 ok"}},
		"away for the writer first": {map[int]error{0: away}, map[int]error{0: away},
			[]string{"10 no_store since 0", "16 no_store since 0", "22 no_store since 0"}},
		"away before the writer notices": {map[int]error{12: away, 20: nil}, map[int]error{4: away, 22: nil},
			[]string{"14 no_store since 4", "20 no_store since 4", "22 ok"}},
		"away for a moment": {nil, map[int]error{4: away, 8: nil}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			now := 0
			// said is what holds at now: the last said at or before it, and since when.
			said := func(m map[int]error) (since int, why error) {
				for s := 0; s <= now; s++ {
					if e, ok := m[s]; ok {
						since, why = s, e
					}
				}
				return since, why
			}
			var got []string
			a := &storeAlarm{state: api.ServiceWorks, log: slog.New(slog.DiscardHandler),
				failing: func() (time.Time, error) {
					since, why := said(tt.writer)
					if why == nil {
						return time.Time{}, nil
					}
					return at(since), why
				},
				ping: func(context.Context) error { _, why := said(tt.ping); return why },
				tell: func(e api.ServiceEvent) {
					line := fmt.Sprint(now, " ", e.State)
					if e.State != api.ServiceWorks {
						line += fmt.Sprint(" since ", int(e.Since.Sub(begin).Seconds()))
					}
					got = append(got, line)
				}}
			for ; now <= 24; now += 2 {
				a.look(t.Context(), at(now))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
