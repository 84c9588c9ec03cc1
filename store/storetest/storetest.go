// Package storetest gives tests a store of their own on a real PostgreSQL.
//
// The first test of a process that asks starts a server in a temporary
// directory; every store gets a schema of its own on it. The server and its
// directory go when the test process ends, even if that panics or is killed:
// a small guard process, which reads from a pipe that ends with the tests,
// runs the server and ends with it. No goroutine of the test process stays.
//
// With SERENAZGO_TEST_DATABASE set to a connection string, the schemas are
// made there instead.
package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/embedded"
)

var server struct {
	sync.Mutex
	guard *embedded.Guard
	err   error
}

// New gives an empty store, closed when the test ends.
func New(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, store.Config{})
}

// Open is New with further settings. URL, Data and, unless given, Schema are
// set for the test.
func Open(t testing.TB, cfg store.Config) *store.Store {
	t.Helper()
	cfg.URL, cfg.Data = serverURL(t), ""
	if cfg.Schema == "" {
		cfg.Schema = schema()
	}
	if cfg.MaxConns == 0 {
		cfg.MaxConns = 6
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, err := store.Open(ctx, cfg)
	if err != nil {
		t.Fatalf("store for the test: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// URL gives the connection string of an empty schema on the tests' server,
// for tests that open their stores themselves.
func URL(t testing.TB) string {
	t.Helper()
	s := Open(t, store.Config{Schema: schema()})
	u, err := url.Parse(serverURL(t))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", s.Schema())
	u.RawQuery = q.Encode()
	return u.String()
}

// schema makes a name that no other test has.
func schema() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b)
	return "test_" + hex.EncodeToString(b)
}

// serverURL starts the server of this test process, once.
func serverURL(t testing.TB) string {
	t.Helper()
	if u := os.Getenv("SERENAZGO_TEST_DATABASE"); u != "" {
		return u
	}
	server.Lock()
	defer server.Unlock()
	if server.guard == nil && server.err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		server.guard, server.err = embedded.StartGuarded(ctx)
	}
	if server.err != nil {
		t.Fatalf("PostgreSQL for the tests: %v", server.err)
	}
	return server.guard.URL("postgres")
}
