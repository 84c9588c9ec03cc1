package embedded

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// The signals of a shutdown: cleanly ends sessions and writes a checkpoint,
// quickly leaves the next start to recover from the log of changes.
const (
	cleanly = syscall.SIGINT
	quickly = syscall.SIGQUIT
)

// stopPatience is how long a clean shutdown may take before a quick one.
const stopPatience = 20 * time.Second

func signalPid(pid int, s syscall.Signal) { _ = syscall.Kill(pid, s) }

// firstTries is how often the first start is tried: right after a kill, the
// last processes of the dead server may hold its memory for a moment.
const firstTries = 6

// supervise starts the server, tells first how that went, and starts it again
// whenever it dies, until stop is closed.
func (c *Cluster) supervise(first chan<- error) {
	// The server is told of our death by the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(c.done)
	const shortest, longest = 50 * time.Millisecond, 5 * time.Second
	wait, wasReady := shortest, false
	for try := 1; ; try++ {
		began := time.Now()
		ready, err := c.runOnce(first, !wasReady)
		if errors.Is(err, errStopped) {
			return
		}
		wasReady = wasReady || ready
		if !wasReady && try >= firstTries {
			first <- err
			return
		}
		if ready && time.Since(began) > time.Minute {
			wait = shortest
		}
		if wasReady {
			c.log.Error("PostgreSQL died; starting it again", "error", err, "in", wait)
		}
		select {
		case <-c.stop:
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, longest)
	}
}

// runOnce runs the server until it ends, and tells whether it ever took
// connections; it says so on first if announce is set. The error is
// errStopped if the end was asked for.
func (c *Cluster) runOnce(first chan<- error, announce bool) (ready bool, err error) {
	if err := c.sweep(); err != nil {
		return false, err
	}
	log, err := openLog(c.logName)
	if err != nil {
		return false, fmt.Errorf("log of the server: %w", err)
	}
	seen, handed, err := handOver(c.cluster, c.owner)
	if err != nil {
		log.Close()
		return false, err
	}
	cmd := exec.Command(filepath.Join(c.server.Bin, "postgres"), c.arguments(seen)...)
	cmd.Dir = "/"
	cmd.ExtraFiles = handed
	cmd.Env = environment()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = attributes(c.owner)
	err = cmd.Start()
	log.Close()
	closeAll(handed)
	if err != nil {
		return false, fmt.Errorf("start of PostgreSQL: %w", err)
	}
	ended := make(chan struct{})
	watched := make(chan bool, 1)
	go func() {
		watched <- c.watch(cmd.Process.Pid, ended, func() {
			if announce {
				first <- nil
			}
		})
	}()
	err = cmd.Wait()
	close(ended)
	ready = <-watched
	c.pid.Store(0)
	select {
	case <-c.stop:
		return ready, errStopped
	default:
	}
	if err == nil {
		err = errors.New("it ended by itself")
	}
	return ready, fmt.Errorf("PostgreSQL: %w: %s", err, logTail(c.logName))
}

// watch follows a running server until it has ended: it calls onReady when it
// takes connections, keeps its log short, and shuts it down when that is
// asked for. It tells whether the server was ever ready.
func (c *Cluster) watch(pid int, ended <-chan struct{}, onReady func()) bool {
	ready := time.NewTicker(5 * time.Millisecond)
	defer ready.Stop()
	trim := time.NewTicker(time.Minute)
	defer trim.Stop()
	isReady := ready.C
	stop := c.stop
	var patience <-chan time.Time
	for {
		select {
		case <-ended:
			return isReady == nil
		case <-isReady:
			p, ok, err := readPidFile(c.cluster)
			if err != nil || !ok || p.pid != pid || p.status != "ready" {
				continue
			}
			isReady = nil
			ready.Stop()
			c.pid.Store(int64(pid))
			c.log.Info("PostgreSQL is ready", "version", c.server.Version, "pid", pid)
			onReady()
		case <-trim.C:
			if err := capLog(c.logName); err != nil {
				c.log.Warn("the log of PostgreSQL could not be cut", "error", err)
			}
		case <-stop:
			stop = nil
			signalPid(pid, cleanly)
			t := time.NewTimer(stopPatience)
			defer t.Stop()
			patience = t.C
		case <-patience:
			c.log.Warn("PostgreSQL does not shut down; ending it at once", "pid", pid)
			signalPid(pid, quickly)
		}
	}
}

// arguments are the server's command line: what matters for safety is given
// here, so that a file edited by hand cannot undo it.
func (c *Cluster) arguments(cluster string) []string {
	settings := map[string]string{
		"listen_addresses":                    "",
		"unix_socket_permissions":             "0700",
		"fsync":                               "on",
		"full_page_writes":                    "on",
		"synchronous_commit":                  "on",
		"timezone":                            "UTC",
		"log_timezone":                        "UTC",
		"log_line_prefix":                     "%m [%p] ",
		"max_connections":                     "100",
		"shared_buffers":                      "128MB",
		"jit":                                 "off",
		"idle_in_transaction_session_timeout": "5min",
		"max_wal_size":                        "1GB",
		"checkpoint_timeout":                  "15min",
	}
	for k, v := range c.settings {
		settings[k] = v
	}
	args := []string{"-D", cluster, "-k", c.socket, "-p", "5432"}
	names := make([]string, 0, len(settings))
	for k := range settings {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		args = append(args, "-c", k+"="+settings[k])
	}
	return args
}

// Log is the name of the server's log file.
func (c *Cluster) Log() string { return c.logName }
