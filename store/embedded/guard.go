package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Guard is a throw-away server for tests: fast, not safe against a crash of
// the machine, and gone with the process that started it.
type Guard struct {
	dir  string
	pipe io.WriteCloser // its end, when this process ends, ends the server
	cmd  *exec.Cmd
}

// guardScript runs the server ("$@") until standard input ends, then ends it
// at once and removes the directory $0.
const guardScript = `"$@" </dev/null >>"$0/postgres.log" 2>&1 &
server=$!
read -r _
kill -QUIT $server 2>/dev/null
wait $server 2>/dev/null
rm -rf "$0"`

// StartGuarded makes a server in a new temporary directory, from a cluster
// that is initialised once per version and kept in the user's cache.
func StartGuarded(ctx context.Context) (*Guard, error) {
	s, err := Find()
	if err != nil {
		return nil, err
	}
	o, err := chooseOwner("")
	if err != nil {
		return nil, err
	}
	dir, err := guardDir(o)
	if err != nil {
		return nil, err
	}
	g := &Guard{dir: dir}
	if err := g.start(ctx, s, o); err != nil {
		g.Stop()
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return g, nil
}

// guardDir makes a short directory that the server's account can reach.
func guardDir(o owner) (string, error) {
	for _, base := range []string{os.TempDir(), "/tmp"} {
		if _, ok := o.canEnter(base); !ok || len(base) > 60 {
			continue
		}
		dir, err := os.MkdirTemp(base, "serenazgo-test-")
		if err == nil {
			err = o.give(dir)
		}
		return dir, err
	}
	return "", fmt.Errorf("no temporary directory that account %s can enter; set TMPDIR to a short one", o.name)
}

func (g *Guard) start(ctx context.Context, s Server, o owner) error {
	cluster := filepath.Join(g.dir, "postgres")
	if err := cachedCluster(ctx, s, cluster, o); err != nil {
		return err
	}
	if err := grant(cluster, o); err != nil {
		return err
	}
	args := []string{"-c", guardScript, g.dir, filepath.Join(s.Bin, "postgres"), "-D", cluster, "-k", g.dir}
	for k, v := range map[string]string{
		"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
		"timezone": "UTC", "log_timezone": "UTC", "max_connections": "200", "shared_buffers": "64MB", "jit": "off",
		"autovacuum": "off", "wal_level": "minimal", "max_wal_senders": "0",
	} {
		args = append(args, "-c", k+"="+v)
	}
	g.cmd = exec.Command("/bin/sh", args...)
	g.cmd.Dir = g.dir
	g.cmd.Env = environment()
	g.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: o.credential()}
	var err error
	if g.pipe, err = g.cmd.StdinPipe(); err != nil {
		return err
	}
	if err := g.cmd.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	err = poll(ctx, func() bool {
		p, ok, err := readPidFile(cluster)
		return err == nil && ok && p.status == "ready"
	})
	if err != nil {
		return fmt.Errorf("PostgreSQL for tests did not start: %w: %s", err, logTail(filepath.Join(g.dir, "postgres.log")))
	}
	return nil
}

// URL is the connection string of a database of the server.
func (g *Guard) URL(database string) string { return socketURL(g.dir, database) }

// Stop ends the server and removes its directory.
func (g *Guard) Stop() {
	if g.pipe != nil {
		g.pipe.Close()
		_ = g.cmd.Wait()
		g.pipe = nil
	}
}

// cachedCluster copies a cluster from the user's cache, where the first one
// of a version is kept.
func cachedCluster(ctx context.Context, s Server, cluster string, o owner) error {
	base, err := os.UserCacheDir()
	if err != nil {
		return initialise(ctx, s, cluster, o, false)
	}
	version := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, s.Version)
	cached := filepath.Join(base, "serenazgo", "test-cluster-"+version)
	if _, err := os.Stat(filepath.Join(cached, "PG_VERSION")); err == nil {
		err = copyCluster(cached, cluster, o)
		if err == nil {
			return nil
		}
		_ = os.RemoveAll(cluster)
	}
	if err := initialise(ctx, s, cluster, o, false); err != nil {
		return err
	}
	// Keep a copy; of several test processes the first one wins.
	if err := os.MkdirAll(filepath.Dir(cached), 0o700); err != nil {
		return nil
	}
	tmp, err := os.MkdirTemp(filepath.Dir(cached), "new-")
	if err != nil {
		return nil
	}
	if err := os.CopyFS(filepath.Join(tmp, "c"), os.DirFS(cluster)); err == nil {
		_ = os.Rename(filepath.Join(tmp, "c"), cached)
	}
	return errors.Join(os.RemoveAll(tmp))
}

func copyCluster(from, to string, o owner) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return err
	}
	if err := os.Chmod(to, 0o700); err != nil {
		return err
	}
	return o.giveAll(to)
}
