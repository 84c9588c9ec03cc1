package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Role is the database role of the program, the cluster's superuser.
const Role = "serenazgo"

// version of an existing cluster, 0 if there is none.
func clusterVersion(cluster string) (int, error) {
	b, err := os.ReadFile(filepath.Join(cluster, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		if left, _ := os.ReadDir(cluster); len(left) > 0 {
			return 0, fmt.Errorf("%s is not empty and not a PostgreSQL cluster; move it away, or give another --data", cluster)
		}
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0, fmt.Errorf("%s/PG_VERSION: %w", cluster, err)
	}
	return n, nil
}

// initialise makes a cluster in a directory beside its place and moves it
// there when it is whole, so that a start cut short leaves no half cluster.
func initialise(ctx context.Context, s Server, cluster string, o owner, durable bool) error {
	fresh := cluster + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := o.mkdir(fresh); err != nil {
		return err
	}
	var err error
	for _, locale := range []string{"C.UTF-8", "C"} {
		if err = runInitdb(ctx, s, fresh, locale, o, durable); err == nil || ctx.Err() != nil {
			break
		}
		if left, _ := os.ReadDir(fresh); len(left) > 0 {
			break // it failed after the locale was accepted
		}
	}
	if err != nil {
		return err
	}
	if err := os.Remove(cluster); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(fresh, cluster)
}

func runInitdb(ctx context.Context, s Server, dir, locale string, o owner, durable bool) error {
	seen, handed, err := handOver(dir, o)
	if err != nil {
		return err
	}
	defer closeAll(handed)
	args := []string{"-D", seen, "-U", Role, "-E", "UTF8", "--locale=" + locale, "--auth=peer", "--data-checksums"}
	if !durable {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(s.Bin, "initdb"), args...)
	cmd.SysProcAttr = attributes(o)
	cmd.Dir = "/"
	cmd.ExtraFiles = handed
	cmd.Env = environment()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("initdb of PostgreSQL %s in %s: %w: %s", s.Version, dir, err, lastLines(out.Bytes(), 3))
	}
	return nil
}

// environment is this program's without what would steer PostgreSQL.
func environment() []string {
	var env []string
	for _, e := range os.Environ() {
		if strings.HasPrefix(e, "PG") || strings.HasPrefix(e, "LC_") || strings.HasPrefix(e, "LANG") {
			continue
		}
		env = append(env, e)
	}
	return append(env, "LC_ALL=C")
}

// lastLines gives the last n lines of text that are not empty, on one line.
func lastLines(b []byte, n int) string {
	var keep []string
	for _, l := range strings.Split(string(b), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			keep = append(keep, l)
		}
	}
	return strings.Join(keep[max(0, len(keep)-n):], " / ")
}

// grant lets only this program's account in, under the program's role.
func grant(cluster string, o owner) error {
	self, err := chooseSelf()
	if err != nil {
		return err
	}
	files := map[string]string{
		"pg_hba.conf":   "# Written by serenazgo at every start.\nlocal all " + Role + " peer map=serenazgo\n",
		"pg_ident.conf": "# Written by serenazgo at every start.\nserenazgo " + strconv.Quote(self) + " " + Role + "\n",
	}
	for name, text := range files {
		path := filepath.Join(cluster, name)
		if old, err := os.ReadFile(path); err == nil && string(old) == text {
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
		if err := o.give(path); err != nil {
			return err
		}
	}
	return nil
}
