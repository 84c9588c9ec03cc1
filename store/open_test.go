package store_test

import (
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestCloseLeavesNothing(t *testing.T) {
	storetest.New(t) // the tests' server is there already
	before := goleak.IgnoreCurrent()
	dir := t.TempDir()
	for range 2 {
		s := must(store.Open(t.Context(), store.Config{Data: dir}))(t)
		if s.ServerPID() == 0 {
			t.Error("no server")
		}
		must(s.StoreFixes(t.Context(), []fleet.Fix{fix(here, "d", noon, 1)}))(t)
		s.Close()
	}
	goleak.VerifyNone(t, before)
}

// TestShare opens the store of a running program, as short commands do.
func TestShare(t *testing.T) {
	dir := t.TempDir()
	a := must(store.Open(t.Context(), store.Config{Data: dir}))(t)
	defer a.Close()
	if _, err := store.Open(t.Context(), store.Config{Data: dir}); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("a second program: %v; want an error that says what to do", err)
	}
	b := must(store.Open(t.Context(), store.Config{Data: dir, Share: true}))(t)
	check(t, b.SaveDistrict(t.Context(), fleet.District{Ubigeo: here, Name: "La Peca"}))
	b.Close()
	must(a.District(t.Context(), here))(t)
}

func TestOpenErrors(t *testing.T) {
	for _, tt := range []struct {
		name string
		cfg  store.Config
		want string
	}{
		{"nothing given", store.Config{}, "neither a data directory nor a database URL"},
		{"no URL at all", store.Config{URL: "postgres://u:secret@h:x/d"}, "database URL"},
		{"nobody there", store.Config{URL: "postgres://u:secret@127.0.0.1:1/d"}, "check that the server runs"},
		{"data under a file", store.Config{Data: "/dev/null/data"}, "data directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := store.Open(t.Context(), tt.cfg)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v; want one line with %q and no password", err, tt.want)
			}
		})
	}
}
