package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childData tells the test binary to be a program with a server of its own.
const childData = "SERENAZGO_TEST_CHILD_DATA"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childData); dir != "" {
		c, err := Start(context.Background(), Config{Data: dir})
		if err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		fmt.Println("pid", c.PID())
		_, _ = io.Copy(io.Discard, os.Stdin) // until the test lets go
		c.Stop()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child runs the test binary as a program on dir, and gives its server's pid.
func child(t *testing.T, dir string) (*exec.Cmd, int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childData+"="+dir)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	pid, ok := strings.CutPrefix(strings.TrimSpace(line), "pid ")
	if err != nil || !ok {
		t.Fatalf("the child says %q (%v)", line, err)
	}
	n, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	return cmd, n
}

func start(t *testing.T, dir string) *Cluster {
	t.Helper()
	c, err := Start(t.Context(), Config{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	return c
}

// within waits for something that must come true.
func within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if poll(ctx, ok) != nil {
		t.Fatalf("%s: not within 30 s", what)
	}
}

func TestStartAgainAndAgain(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		c := start(t, dir)
		pid := c.PID()
		if !isServerOf(pid, c.cluster) {
			t.Fatalf("process %d does not serve %s", pid, c.cluster)
		}
		c.Stop()
		if isServerOf(pid, c.cluster) {
			t.Fatal("the server outlived Stop")
		}
		if _, ok, _ := readPidFile(c.cluster); ok {
			t.Error("a clean stop left a pid file")
		}
	}
}

func TestTwoProgramsOnOneDirectory(t *testing.T) {
	dir := t.TempDir()
	c := start(t, dir)
	_, err := Start(t.Context(), Config{Data: dir})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Errorf("second start: %v; want ErrInUse that names process %d", err, os.Getpid())
	}
	if u, err := Running(t.Context(), dir, "x"); err != nil || u != c.URL("x") {
		t.Errorf("Running gives %q, %v; want %q", u, err, c.URL("x"))
	}
}

func TestStalePidFile(t *testing.T) {
	dir := t.TempDir()
	c := start(t, dir)
	c.Stop()
	name := filepath.Join(c.cluster, "postmaster.pid")
	for _, tt := range []struct{ name, text string }{
		{"of a process that runs something else", fmt.Sprintf("%d\n%s\n1700000000\n5432\n/tmp\n\n  1234567   1\nready   \n", os.Getppid(), c.cluster)},
		{"of a process that is gone", fmt.Sprintf("%s\n%s\n1700000000\n5432\n/tmp\n\n  1234567   1\nready   \n", nobodysPid, c.cluster)},
		{"cut short", strconv.Itoa(os.Getppid())},
		{"empty", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(name, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := c.owner.give(name); err != nil {
				t.Fatal(err)
			}
			start(t, dir).Stop()
		})
	}
}

func TestProgramKilled(t *testing.T) {
	dir := t.TempDir()
	cmd, pid := child(t, dir)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	// The next start may come at once, while the old server is still there.
	c := start(t, dir)
	if c.PID() == pid {
		t.Error("the dead program's server was taken over without its supervisor")
	}
	if isServerOf(pid, c.cluster) {
		t.Errorf("two servers, %d and %d, on one directory", pid, c.PID())
	}
}

func TestProgramKilledLeavesNoServer(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only the Linux kernel tells the server of its program's death")
	}
	dir := t.TempDir()
	cmd, pid := child(t, dir)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	within(t, "end of the orphaned server", func() bool { return !isServerOf(pid, filepath.Join(dir, "postgres")) })
	if _, ok, _ := readPidFile(filepath.Join(dir, "postgres")); ok {
		t.Error("the orphaned server did not shut down cleanly")
	}
	start(t, dir)
}

func TestServerKilled(t *testing.T) {
	c := start(t, t.TempDir())
	for range 3 {
		pid := c.PID()
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		within(t, "new server", func() bool { p := c.PID(); return p != 0 && p != pid })
	}
}

func TestBothKilled(t *testing.T) {
	dir := t.TempDir()
	cmd, pid := child(t, dir)
	_ = cmd.Process.Kill()
	_ = syscall.Kill(pid, syscall.SIGKILL)
	_ = cmd.Wait()
	start(t, dir)
}

func TestStartCutShort(t *testing.T) {
	dir := t.TempDir()
	half := filepath.Join(dir, "postgres.new", "base")
	if err := os.MkdirAll(half, 0o700); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	if _, err := os.Stat(filepath.Dir(half)); err == nil {
		t.Error("the half-made cluster is still there")
	}
}

func TestStartCancelled(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Config{Data: dir}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
	start(t, dir)
}

func TestLongPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("directorio", 12))
	c := start(t, dir)
	if n := len(c.socket) + 1 + len(socketFile); n > maxSocketPath {
		t.Errorf("the socket's path has %d bytes: %s", n, c.socket)
	}
	c.Stop()
	if _, err := os.Stat(c.socket); err == nil {
		t.Errorf("%s is left behind", c.socket)
	}
}

func TestForeignDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "postgres", "photos"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Config{Data: dir}); err == nil || !strings.Contains(err.Error(), "not a PostgreSQL cluster") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres", "photos")); err != nil {
		t.Error("what was there is gone:", err)
	}
}

func TestOtherMajorVersion(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "postgres"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "postgres", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Config{Data: dir})
	if !errors.Is(err, ErrNoServer) || !strings.Contains(err.Error(), "postgresql-9") {
		t.Errorf("got %v; want ErrNoServer that names version 9", err)
	}
}

func TestBrokenSettings(t *testing.T) {
	_, err := Start(t.Context(), Config{Data: t.TempDir(), Settings: map[string]string{"shared_buffers": "plenty"}})
	if err == nil || !strings.Contains(err.Error(), "shared_buffers") {
		t.Errorf("got %v; want the server's own words", err)
	}
}

func TestCapLog(t *testing.T) {
	name := filepath.Join(t.TempDir(), "postgres.log")
	if err := os.WriteFile(name, make([]byte, MaxLog), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := openLog(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("next\n"); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(name); string(b) != "next\n" {
		t.Errorf("the log holds %d bytes", len(b))
	}
	if fi, err := os.Stat(name + ".1"); err != nil || fi.Size() != MaxLog {
		t.Errorf("the log before: %v, %v", fi, err)
	}
}

// TestGuardEnds ends the pipe to a guarded server, as the death of its process
// does, and looks for what is left.
func TestGuardEnds(t *testing.T) {
	g, err := StartGuarded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, ok, err := readPidFile(filepath.Join(g.dir, "postgres"))
	if err != nil || !ok {
		t.Fatal("no pid file:", err)
	}
	g.pipe.Close() // as the kernel does when the process dies
	_ = g.cmd.Wait()
	g.pipe = nil
	if isServerOf(p.pid, filepath.Join(g.dir, "postgres")) {
		t.Error("the server outlived its process")
	}
	if _, err := os.Stat(g.dir); err == nil {
		t.Errorf("%s is left behind", g.dir)
	}
}
