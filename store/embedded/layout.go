package embedded

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// maxSocketPath is the longest path of a unix socket that every supported
// system takes (macOS: 104 bytes with the final zero; Linux: 108).
const maxSocketPath = 103

const socketFile = ".s.PGSQL.5432"

// CheckData tells, without leaving anything behind, whether a server could keep
// its data under dir, and if not, what to do.
func CheckData(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	o, err := chooseOwner(filepath.Join(dir, "postgres"))
	if err != nil {
		return err
	}
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	if closed, ok := o.canEnter(dir); !ok && !canHandOver {
		return closedError(dir, closed, o)
	}
	probe, err := os.MkdirTemp(dir, ".probe-*")
	if err != nil {
		return notWritable(dir, err)
	}
	return os.Remove(probe)
}

func notWritable(dir string, err error) error {
	return fmt.Errorf("the data directory %s cannot be made or written to (%w); give another one with --data, or the rights to this one", dir, err)
}

func closedError(dir, closed string, o owner) error {
	return fmt.Errorf("the data directory %s lies under %s, which account %s cannot enter, and PostgreSQL does not run as root; give a directory that it can reach, such as --data /var/lib/serenazgo, or run serenazgo as an ordinary user", dir, closed, o.name)
}

// prepare makes the data directory and sees that it can be used.
func prepare(dir string, o owner) error {
	perm := os.FileMode(0o700)
	if o.drop {
		perm = 0o711
	}
	if err := os.MkdirAll(dir, perm); err != nil {
		return notWritable(dir, err)
	}
	if closed, ok := o.canEnter(dir); !ok && !canHandOver {
		return closedError(dir, closed, o)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return notWritable(dir, err)
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// socketDir makes the private directory of the socket: DIR/run, or a short
// one elsewhere when the path of a socket in DIR/run would be too long or the
// server's account cannot come near it.
func socketDir(dir string, o owner) (string, error) {
	own := filepath.Join(dir, "run")
	if _, ok := o.canEnter(dir); ok && len(own)+1+len(socketFile) <= maxSocketPath {
		if err := o.mkdir(own); err != nil {
			return "", fmt.Errorf("directory of the socket: %w", err)
		}
		return own, nil
	}
	sum := sha256.Sum256([]byte(dir))
	name := fmt.Sprintf("serenazgo-%d-%x", o.uid, sum[:6])
	var tried []error
	for _, base := range []string{os.Getenv("XDG_RUNTIME_DIR"), os.TempDir(), "/tmp"} {
		path := filepath.Join(base, name)
		if base == "" || len(path)+1+len(socketFile) > maxSocketPath {
			continue
		}
		if _, ok := o.canEnter(base); !ok {
			continue
		}
		err := o.mkdir(path)
		if err == nil {
			return path, nil
		}
		tried = append(tried, err)
	}
	return "", fmt.Errorf("no directory for the unix socket could be made, in the data directory or outside: %w; give another --data", errors.Join(tried...))
}

// removeSocketDir takes away a socket directory outside dir; only an empty
// one of our own goes.
func removeSocketDir(dir, socket string, o owner) {
	if socket == filepath.Join(dir, "run") {
		return
	}
	if fi, err := os.Lstat(socket); err == nil && fi.IsDir() {
		if st, ok := fi.Sys().(*syscall.Stat_t); ok && st.Uid == o.uid {
			_ = os.Remove(socket)
		}
	}
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
