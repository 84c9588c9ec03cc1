package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/store"
)

// childData tells the test binary to be a program that stores fixes until it
// is killed.
const childData = "SERENAZGO_TEST_CHILD_DATA"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childData); dir != "" {
		if err := writeUntilKilled(dir); err != nil {
			fmt.Println("error:", err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// crashBatch is how many fixes are stored at a time in these tests.
const crashBatch = 50

// writeUntilKilled stores fixes numbered from what is there, and says after
// each batch up to which number they are safe.
func writeUntilKilled(dir string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Data: dir})
	if err != nil {
		return err
	}
	defer s.Close()
	c, err := s.CountFixes(ctx, "130102")
	if err != nil {
		return err
	}
	all := fleetFixes(1<<16, noon)
	for n := int(c.Rows) / crashBatch * crashBatch; n+crashBatch <= len(all); n += crashBatch {
		if _, err := s.StoreFixes(ctx, all[n:n+crashBatch]); err != nil {
			return err
		}
		fmt.Println("safe", n+crashBatch)
	}
	return nil
}

func TestProgramKilledUnderLoad(t *testing.T) {
	dir := t.TempDir()
	safe := 0
	for round := range 3 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childData+"="+dir)
		out := must(cmd.StdoutPipe())(t)
		check(t, cmd.Start())
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		lines := bufio.NewScanner(out)
		for i := 0; lines.Scan(); i++ {
			n, ok := strings.CutPrefix(lines.Text(), "safe ")
			if !ok {
				t.Fatalf("the child says %q", lines.Text())
			}
			safe = must(strconv.Atoi(n))(t)
			if i == 5+round {
				check(t, cmd.Process.Kill()) // what it still says was safe too
			}
		}
		_ = cmd.Wait()
	}
	s := must(store.Open(t.Context(), store.Config{Data: dir}))(t)
	defer s.Close()
	if safe == 0 {
		t.Fatal("nothing was stored")
	}
	stored := make(map[int64]int)
	for d := range 200 {
		for _, f := range must(s.Fixes(t.Context(), "130102", fmt.Sprintf("device-%03d", d), noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 1)))(t) {
			stored[f.Seq]++
		}
	}
	for n := range int64(safe) {
		if stored[n] != 1 {
			t.Errorf("fix %d, which was said to be safe, is there %d times", n, stored[n])
		}
	}
	if extra := len(stored) - safe; extra < 0 || extra > crashBatch {
		t.Errorf("%d fixes said to be safe, %d stored", safe, len(stored))
	}
}

// TestServerKilledUnderLoad kills PostgreSQL while several writers store
// fixes: every fix is stored, and is new to its writer exactly once.
func TestServerKilledUnderLoad(t *testing.T) {
	s := must(store.Open(t.Context(), store.Config{Data: t.TempDir()}))(t)
	defer s.Close()
	const writers, kills = 4, 3
	all := fleetFixes(1<<17, noon)
	share := len(all) / writers
	var fresh, given atomic.Int64
	var progress [writers]atomic.Int64
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			mine := all[w*share : (w+1)*share]
			for n := 0; n+crashBatch <= len(mine); n += crashBatch {
				select {
				case <-stop:
					return
				default:
				}
				got, err := s.StoreFixes(t.Context(), mine[n:n+crashBatch])
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
				given.Add(crashBatch)
				fresh.Add(int64(len(got)))
				progress[w].Add(1)
			}
		})
	}
	for range kills {
		pid := waitFor(t, "the server", func() (int, bool) { p := s.ServerPID(); return p, p != 0 })
		was := progress[0].Load()
		waitFor(t, "progress", func() (int, bool) { return 0, progress[0].Load() > was+3 })
		check(t, syscall.Kill(pid, syscall.SIGKILL))
		waitFor(t, "a new server", func() (int, bool) { p := s.ServerPID(); return p, p != 0 && p != pid })
	}
	was := progress[0].Load()
	waitFor(t, "progress after the last kill", func() (int, bool) { return 0, progress[0].Load() > was+3 })
	close(stop)
	wg.Wait()
	c := must(s.CountFixes(t.Context(), "130102"))(t)
	if c.Rows != given.Load() || c.Distinct != given.Load() || fresh.Load() != given.Load() {
		t.Errorf("%d fixes given, %d rows (%d different), %d were new to their writers", given.Load(), c.Rows, c.Distinct, fresh.Load())
	}
}

// waitFor waits for something that must come true.
func waitFor(t *testing.T, what string, ok func() (int, bool)) int {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		if v, yes := ok(); yes {
			return v
		}
		if time.Now().After(deadline) || t.Failed() {
			t.Fatalf("%s: did not come", what)
		}
		time.Sleep(time.Millisecond)
	}
}
