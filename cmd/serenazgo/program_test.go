package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// built is where the tests' own build of the program is.
var built struct {
	sync.Once
	path string
	err  error
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(status int) {
		if built.path != "" {
			os.RemoveAll(filepath.Dir(built.path))
		}
		os.Exit(status)
	}))
}

// program builds the program as users have it, without the race detector: for
// tests of what a user sees, and for what would take minutes under the detector.
func program(t testing.TB) string {
	t.Helper()
	built.Do(func() {
		dir, err := os.MkdirTemp("", "serenazgo-test-")
		if err != nil {
			built.err = err
			return
		}
		built.path = filepath.Join(dir, "serenazgo")
		if out, err := exec.Command("go", "build", "-o", built.path, ".").CombinedOutput(); err != nil {
			built.err = fmt.Errorf("go build: %w: %s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

// ran is what a finished run of the program left.
type ran struct {
	status      int
	out, errors string
}

// runProgram runs the program to its end.
func runProgram(t testing.TB, args ...string) ran {
	t.Helper()
	return launchProgram(t, args...).wait(5 * time.Minute)
}

// launchProgram starts the program.
func launchProgram(t testing.TB, args ...string) *process {
	t.Helper()
	return launch(t, exec.Command(program(t), args...))
}

// process is a program that runs beside the test and ends with it at the latest,
// even if the test panics.
type process struct {
	t      testing.TB
	cmd    *exec.Cmd
	lines  *feed[string] // of standard output
	stderr *feed[string]
	done   chan struct{}
	err    error
}

// launch starts a command.
func launch(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd, lines: newFeed[string](), stderr: newFeed[string](), done: make(chan struct{})}
	cmd.SysProcAttr = endsWithUs()
	var reading sync.WaitGroup
	for _, s := range []struct {
		pipe func() (io.ReadCloser, error)
		to   *feed[string]
	}{{cmd.StdoutPipe, p.lines}, {cmd.StderrPipe, p.stderr}} {
		r, err := s.pipe()
		if err != nil {
			t.Fatal(err)
		}
		reading.Go(func() {
			defer s.to.end()
			in := bufio.NewScanner(r)
			in.Buffer(nil, 16<<20)
			for in.Scan() {
				s.to.add(in.Text())
			}
		})
	}
	started := make(chan error)
	go func() {
		// The system tells the child of our death by the thread that started it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		err := cmd.Start()
		started <- err
		if err == nil {
			reading.Wait()
			p.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // and what it started
		<-p.done
	})
	return p
}

// wait gives what is left once the process has ended.
func (p *process) wait(patience time.Duration) ran {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		p.t.Fatalf("%s does not end; it said:\n%s", p.cmd, p.said())
	}
	var exit *exec.ExitError
	if p.err != nil && !errors.As(p.err, &exit) {
		p.t.Fatal(p.err)
	}
	return ran{p.cmd.ProcessState.ExitCode(), strings.Join(p.lines.seen(), "\n"), strings.Join(p.stderr.seen(), "\n")}
}

func (p *process) said() string {
	var b bytes.Buffer
	for _, f := range []*feed[string]{p.lines, p.stderr} {
		all := f.seen()
		for _, l := range all[max(0, len(all)-60):] {
			fmt.Fprintln(&b, l)
		}
	}
	return b.String()
}

// expect waits for a line of standard output, or of standard error, and gives
// the pattern's groups.
func (p *process) expect(on *feed[string], pattern string) []string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 3*time.Minute)
	defer cancel()
	re := regexp.MustCompile(pattern)
	line, _, err := on.find(ctx, 0, re.MatchString)
	if err != nil {
		p.t.Fatalf("no line like %q: %v; it said:\n%s", pattern, err, p.said())
	}
	return re.FindStringSubmatch(line)
}

// interrupt is Ctrl-C.
func (p *process) interrupt() ran {
	p.t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
	return p.wait(time.Minute)
}

// kill is kill -9.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	<-p.done
}

// eventually waits for something that no event tells.
func eventually(t testing.TB, patience time.Duration, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}
