//go:build unix && !linux

package embedded

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// attributes give the child an account and a session of its own: Ctrl-C in
// the terminal must reach it only through us. If this program is killed, the
// server runs on until the next start stops it.
func attributes(o owner) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Credential: o.credential()}
}

// isServerOf tells whether the process is a server that runs on the cluster,
// by its command line.
func isServerOf(pid int, cluster string) bool {
	out, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "postgres") && strings.Contains(string(out), cluster)
}

// canHandOver: a directory cannot be handed to the server as an open file.
const canHandOver = false

// handOver gives the path by which the server's account reaches dir.
func handOver(dir string, _ owner) (path string, files []*os.File, err error) { return dir, nil, nil }
