package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/store/embedded"
)

// FillDisk makes the disk full under the positions of the present day (UTC), of
// which there must be none yet, in the store that keeps its own server's data
// in dir: the file of their partition becomes a link to the device that answers
// every write with "no space left". PostgreSQL then refuses them as it does on
// a disk that is full. The function returned makes room again.
func FillDisk(t testing.TB, dir string) (free func()) {
	t.Helper()
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skipf("this system has no %s: %v", full, err)
	}
	conn, close := admin(t, dir)
	defer close()
	partition := "fixes_" + time.Now().UTC().Format("20060102")
	var name string
	if err := conn.QueryRow(context.Background(), `SELECT pg_relation_filepath($1)`, partition).Scan(&name); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "postgres", name)
	if info, err := os.Stat(file); err != nil || info.Size() != 0 {
		t.Fatalf("the partition of today is not empty: %v, %v", info, err)
	}
	if err := errors.Join(os.Rename(file, file+".kept"), os.Symlink(full, file)); err != nil {
		t.Fatal(err)
	}
	// A session that has the file open would go on writing to it.
	if _, err := conn.Exec(context.Background(), `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := errors.Join(os.Remove(file), os.Rename(file+".kept", file)); err != nil {
			t.Fatal(err)
		}
		conn, close := admin(t, dir)
		defer close()
		// Sessions keep the file open; a new one makes them look again.
		if _, err := conn.Exec(context.Background(), `VACUUM FULL `+pgx.Identifier{partition}.Sanitize()); err != nil {
			t.Fatal(err)
		}
	}
}

// admin is a connection to the server that a store runs in dir.
func admin(t testing.TB, dir string) (_ *pgx.Conn, close func()) {
	t.Helper()
	ctx := context.Background()
	url, err := embedded.Running(ctx, dir, "serenazgo")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	return conn, func() { _ = conn.Close(ctx) }
}
