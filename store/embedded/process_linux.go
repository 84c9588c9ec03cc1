package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// attributes give the child an account and a session of its own (Ctrl-C in
// the terminal must reach it only through us) and have the kernel send it
// SIGINT, a clean and fast shutdown, when this program dies. The kernel means
// the thread that started it, so that one must live as long.
func attributes(o owner) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Credential: o.credential(), Pdeathsig: syscall.SIGINT}
}

// isServerOf tells whether the process is a server that runs on the cluster:
// a server's working directory is its cluster. A dead process that nobody
// has collected has none.
func isServerOf(pid int, cluster string) bool {
	cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(cluster)
	return err == nil && cwd == real
}

// canHandOver: a directory that the server's account cannot reach by its path
// can be handed to it as an open file.
const canHandOver = true

// handOver gives the path by which the server's account reaches dir. If a
// directory above is closed to it (such as /root), that is the path of an
// open file, which the child must get as its first extra one.
func handOver(dir string, o owner) (path string, files []*os.File, err error) {
	if _, ok := o.canEnter(dir); ok {
		return dir, nil, nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	return "/proc/self/fd/3", []*os.File{f}, nil
}
