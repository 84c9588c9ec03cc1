package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
)

// TestDemo is the demonstration in the hands of somebody who tries it out:
// the first start, Ctrl-C, the second start, kill -9, and starting again.
func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the demonstration four times; left out by -short")
	}
	program(t) // built where all tests find it
	data := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", "") // sockets go below TMPDIR, which is the test's
	t.Setenv("TMPDIR", shortTemp(t))

	first := startDemo(t, data)
	shift := first.watchIt()
	first.stopIt()

	second := startDemo(t, data)
	if again := second.watchIt(); again != shift {
		t.Errorf("the second start drives %s, the first drove %s: it does not go on", again, shift)
	}
	members := family(second.cmd.Process.Pid)
	second.kill()
	third := startDemo(t, data) // at once, while the old server may still be there
	gone(t, members)
	third.watchIt()
	third.stopIt()
	t.Logf("from start to page: first %s, second %s, after kill -9 %s", first.took, second.took, third.took)

	// Ctrl-C while it begins is no failure either.
	early := launchProgram(t, demoArgs(filepath.Join(data, "early"))...)
	eventually(t, patience, "the database is being made", func() bool {
		_, err := os.Stat(filepath.Join(data, "early", "postgres.log"))
		return err == nil
	})
	members = family(early.cmd.Process.Pid)
	if r := early.interrupt(); r.status != 0 || complains(r.errors) {
		t.Errorf("Ctrl-C at the beginning: status %d: %s", r.status, r.errors)
	}
	gone(t, members)
}

func demoArgs(data string, more ...string) []string {
	return append([]string{"demo", "--data", data, "--units", "5", "--plan-seconds", "2", "--speedup", "30", "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0"}, more...)
}

// runningDemo is a demonstration that has said where its page is.
type runningDemo struct {
	*process
	page, broker string
	took         time.Duration // from start to page
}

func startDemo(t testing.TB, data string, more ...string) *runningDemo {
	t.Helper()
	program(t) // built before the time counts
	begun := time.Now()
	p := launchProgram(t, demoArgs(data, more...)...)
	d := &runningDemo{process: p, page: p.expect(p.lines, `^\s+Page\s+(http://\S+)$`)[1]}
	d.took = time.Since(begun).Round(10 * time.Millisecond)
	d.broker = p.expect(p.lines, `^\s+MQTT\s+(\S+)$`)[1]
	p.expect(p.lines, `^\s+supervisor\s+supervisor$`)
	return d
}

// watchIt looks on as a supervisor until a unit is seen to drive a plan, and
// gives the plan's shift.
func (d *runningDemo) watchIt() string {
	d.t.Helper()
	l := newVisitor(d.t, d.page).logIn("supervisor", demoPassword).listen(demoUbigeo)
	snap := as[api.Snapshot](d.t, l.next("snapshot", "a snapshot with a plan", func(e told) bool {
		return as[api.Snapshot](d.t, e).PlanId != nil
	}))
	if len(snap.Units) != 5 {
		d.t.Errorf("%d units", len(snap.Units))
	}
	places := map[string]map[string]bool{}
	l.next("units", "a unit that drives its round", func(e told) bool {
		for _, u := range as[api.UnitsEvent](d.t, e).Units {
			if u.Round == nil || u.Lon == nil {
				continue
			}
			if places[u.ID] == nil {
				places[u.ID] = map[string]bool{}
			}
			places[u.ID][fmt.Sprint(*u.Lon, *u.Lat)] = true
			if len(places[u.ID]) > 3 {
				return true
			}
		}
		return false
	})
	l.stop()
	return snap.Shift.Id
}

// stopIt is Ctrl-C: it must end everything.
func (d *runningDemo) stopIt() {
	d.t.Helper()
	members := family(d.cmd.Process.Pid)
	if len(members) < 2 && runtime.GOOS == "linux" {
		d.t.Error("no PostgreSQL among its processes")
	}
	if r := d.interrupt(); r.status != 0 || complains(r.errors) {
		d.t.Errorf("Ctrl-C: status %d, errors %q", r.status, r.errors)
	}
	gone(d.t, members)
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		d.t.Errorf("it left %v in the folder for temporary files (%v)", left, err)
	}
	for _, addr := range []string{strings.TrimPrefix(d.page, "http://"), d.broker} {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			d.t.Errorf("something still listens on %s", addr)
		}
	}
}

// complains tells whether standard error holds more than progress and warnings.
func complains(text string) bool {
	return strings.Contains(text, `"ERROR"`) || strings.Contains(text, "serenazgo:") || strings.Contains(text, "panic")
}

// gone waits until no process of a list is left: the system may need a moment
// to take them away.
func gone(t testing.TB, pids []int) {
	t.Helper()
	for _, pid := range pids {
		eventually(t, 30*time.Second, "end of process "+strconv.Itoa(pid), func() bool { return syscall.Kill(pid, 0) != nil || zombie(pid) })
	}
}

// zombie tells whether a process is dead and only not collected yet.
func zombie(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return strings.HasPrefix(rest, "Z")
}

// shortTemp makes a folder for temporary files whose path leaves room for a
// socket's, open to the account of the database.
func shortTemp(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "sz-")
	must(t, err)
	must(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
