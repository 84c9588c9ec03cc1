package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// benchService is the service under measurement, seen from the benchmark: a
// child process that can be killed and started again.
type benchService struct {
	cfg benchServiceConfig

	mu      sync.Mutex
	now     *benchProcess // nil: not started
	mourner func(error)   // told of an end that is not wanted
}

// benchProcess is one life of the service.
type benchProcess struct {
	cmd    *exec.Cmd
	input  io.Closer
	stderr *tail
	ended  chan struct{}
	wanted atomic.Bool // its end is
}

func newBenchService(cfg benchServiceConfig) *benchService { return &benchService{cfg: cfg} }

// readyPatience is how long a service may take to be ready: with an external
// broker until that brings back what was published.
const readyPatience = 2 * time.Minute

// start starts the process and waits until it is ready.
func (s *benchService) start(ctx context.Context) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	config, err := json.Marshal(s.cfg)
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, "bench", "ingest-service")
	// Ctrl-C ends the benchmark, and the benchmark its service.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p := &benchProcess{cmd: cmd, stderr: &tail{}, ended: make(chan struct{})}
	cmd.Stderr = p.stderr
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	p.input = input
	if err := cmd.Start(); err != nil {
		return err
	}
	s.mu.Lock()
	s.now = p
	s.mu.Unlock()
	go s.watch(p)
	if _, err := input.Write(config); err != nil {
		return p.death(err)
	}
	late := time.After(readyPatience)
	for {
		if s.get(ctx, benchReadyPath) == nil {
			return nil
		}
		select {
		case <-p.ended:
			return p.death(errors.New("it ended while it started"))
		case <-late:
			return p.death(fmt.Errorf("it is not ready after %s; see that an external broker lets it in", readyPatience))
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// watch waits for the end of a process.
func (s *benchService) watch(p *benchProcess) {
	err := p.cmd.Wait()
	close(p.ended)
	s.mu.Lock()
	mourner := s.mourner
	s.mu.Unlock()
	if !p.wanted.Load() && mourner != nil {
		mourner(p.death(err))
	}
}

// death makes an error of what the process said last.
func (p *benchProcess) death(err error) error {
	said := strings.TrimSpace(p.stderr.String())
	if said == "" {
		return fmt.Errorf("the service under measurement failed: %w", err)
	}
	return fmt.Errorf("the service under measurement failed: %w\n%s", err, said)
}

// onDeath names who is told when the process dies by itself, until the
// function returned is called.
func (s *benchService) onDeath(f func(error)) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mourner = f
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.mourner = nil
	}
}

// end makes the process end and waits for it.
func (s *benchService) end(by func(*os.Process) error) {
	s.mu.Lock()
	p := s.now
	s.now = nil
	s.mu.Unlock()
	if p == nil {
		return
	}
	p.wanted.Store(true)
	_ = by(p.cmd.Process)
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	_ = p.input.Close()
}

// stop ends the service properly.
func (s *benchService) stop() {
	s.end(func(p *os.Process) error { return p.Signal(syscall.SIGTERM) })
}

// killAndRestart is a power cut of the service: kill -9, no goodbye.
func (s *benchService) killAndRestart(ctx context.Context) error {
	s.end(func(p *os.Process) error { return p.Kill() })
	return s.start(ctx)
}

func (s *benchService) request(ctx context.Context, path string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.cfg.HTTP+path, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set(benchTokenHeader, s.cfg.Token)
	return http.DefaultClient.Do(r)
}

func (s *benchService) get(ctx context.Context, path string) error {
	r, err := s.request(ctx, path)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	_, _ = io.Copy(io.Discard, r.Body)
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, r.Status)
	}
	return nil
}

// bypass switches between the broker alone and the whole service.
func (s *benchService) bypass(ctx context.Context, on bool) error {
	return s.get(ctx, fmt.Sprint(benchBypassPath, on))
}

// stats reads the counters of the writer in its present life.
func (s *benchService) stats(ctx context.Context) (st fleet.IngestStats, err error) {
	r, err := s.request(ctx, benchStatsPath)
	if err != nil {
		return st, err
	}
	defer r.Body.Close()
	return st, json.NewDecoder(r.Body).Decode(&st)
}

// benchToken makes a secret for this run.
func benchToken() (string, error) {
	token, _, err := fleet.NewDeviceSecret()
	return token, err
}

// tail keeps the end of what is written to it.
type tail struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b.Write(p)
	if over := t.b.Len() - 4096; over > 0 {
		t.b.Next(over)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}
