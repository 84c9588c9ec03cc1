package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// pidFile is the server's postmaster.pid.
type pidFile struct {
	pid    int
	socket string // directory of the unix socket
	status string // "starting", "ready", "stopping", "standby"
	lines  []string
}

// readPidFile reads the cluster's pid file; ok is false if there is none (then
// its lines are nil), or one that names no process.
func readPidFile(cluster string) (pidFile, bool, error) {
	b, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return pidFile{}, false, nil
	}
	if err != nil {
		return pidFile{}, false, fmt.Errorf("the server's pid file: %w", err)
	}
	p := pidFile{lines: strings.Split(string(b), "\n")}
	p.pid, err = strconv.Atoi(strings.TrimSpace(p.lines[0]))
	if err != nil || p.pid <= 0 {
		return p, false, nil
	}
	if len(p.lines) > 4 {
		p.socket = strings.TrimSpace(p.lines[4])
	}
	if len(p.lines) > 7 {
		p.status = strings.TrimSpace(p.lines[7])
	}
	return p, true, nil
}

// nobodysPid is a process number that no system gives out.
const nobodysPid = "2147483647"

// disown strikes the process number out of a stale pid file: if it belongs to
// some other program by now, the server would refuse to start. The rest of
// the file stays: by it the server still sees whether processes of the dead
// one hold its shared memory.
func (p pidFile) disown(cluster string) error {
	name := filepath.Join(cluster, "postmaster.pid")
	if len(p.lines) < 2 || p.pid <= 0 {
		return os.Remove(name)
	}
	p.lines[0] = nobodysPid
	// Write in place: owner and permissions of the file stay.
	return os.WriteFile(name, []byte(strings.Join(p.lines, "\n")), 0o600)
}
