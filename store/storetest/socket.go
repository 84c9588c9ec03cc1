package storetest

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// socketName is what PostgreSQL calls its socket at the default port.
const socketName = ".s.PGSQL.5432"

// Socket gives the Unix socket of the tests' server, and what leads to an empty
// schema by way of another socket of that name in a folder: for tests that put
// something of their own between. With SERENAZGO_TEST_DATABASE the server may be
// anywhere, and the test is skipped unless it has such a socket.
func Socket(t testing.TB) (socket string, by func(dir string) (url string)) {
	t.Helper()
	u, err := url.Parse(URL(t))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	socket = filepath.Join(q.Get("host"), socketName)
	if _, err := os.Stat(socket); q.Get("host") == "" || err != nil {
		if os.Getenv("SERENAZGO_TEST_DATABASE") == "" {
			t.Fatalf("the tests' own PostgreSQL has no Unix socket at %q: %v", socket, err)
		}
		t.Skip("the server of SERENAZGO_TEST_DATABASE has no Unix socket on this machine")
	}
	return socket, func(dir string) string {
		q.Set("host", dir)
		u.RawQuery = q.Encode()
		return u.String()
	}
}
