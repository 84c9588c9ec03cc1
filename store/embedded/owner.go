package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// owner is the account that the server runs under. PostgreSQL refuses to run
// as root; then it is the account postgres, or nobody.
type owner struct {
	uid, gid uint32
	name     string
	drop     bool // this process is root, the server must not be
}

// chooseOwner picks the account: this process's own unless it is root; then
// the owner of an existing cluster, else postgres, else nobody.
func chooseOwner(cluster string) (owner, error) {
	if os.Geteuid() != 0 {
		name := strconv.Itoa(os.Geteuid())
		if u, err := user.Current(); err == nil {
			name = u.Username
		}
		return owner{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid()), name: name}, nil
	}
	if fi, err := os.Stat(cluster); err == nil {
		if st, ok := fi.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			name := strconv.Itoa(int(st.Uid))
			if u, err := user.LookupId(name); err == nil {
				name = u.Username
			}
			return owner{uid: st.Uid, gid: st.Gid, name: name, drop: true}, nil
		}
	}
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil && uid != 0 {
			return owner{uid: uint32(uid), gid: uint32(gid), name: name, drop: true}, nil
		}
	}
	return owner{}, errors.New("PostgreSQL does not run as root, and there is no account postgres or nobody to run it under; make one (useradd --system postgres), or run serenazgo as an ordinary user")
}

// credential gives what a child process must run under, nil for no change.
func (o owner) credential() *syscall.Credential {
	if !o.drop {
		return nil
	}
	return &syscall.Credential{Uid: o.uid, Gid: o.gid}
}

// give makes the account the owner of one file or directory.
func (o owner) give(path string) error {
	if !o.drop {
		return nil
	}
	return os.Lchown(path, int(o.uid), int(o.gid))
}

// giveAll makes the account the owner of everything under root.
func (o owner) giveAll(root string) error {
	if !o.drop {
		return nil
	}
	return filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return o.give(path)
	})
}

// mkdir makes a directory that only the account may enter, or checks that an
// existing one is like that.
func (o owner) mkdir(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	fi, err := os.Lstat(path)
	if err != nil {
		return err
	}
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !fi.IsDir() || !ok || st.Uid != o.uid && st.Uid != uint32(os.Geteuid()) {
		return fmt.Errorf("%s is not a directory of account %s", path, o.name)
	}
	if err := o.give(path); err != nil {
		return err
	}
	return os.Chmod(path, 0o700)
}

// canEnter tells whether the account may pass through every directory down
// to dir; if not, it names the first that is closed to it.
func (o owner) canEnter(dir string) (closed string, ok bool) {
	if !o.drop {
		return "", true
	}
	var up []string
	for d := dir; ; d = filepath.Dir(d) {
		up = append(up, d)
		if d == filepath.Dir(d) {
			break
		}
	}
	for i := len(up) - 1; i >= 0; i-- {
		fi, err := os.Stat(up[i])
		if err != nil {
			return up[i], false
		}
		st, isStat := fi.Sys().(*syscall.Stat_t)
		if !isStat {
			continue
		}
		bit := fs.FileMode(0o001)
		switch {
		case st.Uid == o.uid:
			bit = 0o100
		case st.Gid == o.gid:
			bit = 0o010
		}
		if fi.Mode().Perm()&bit == 0 {
			return up[i], false
		}
	}
	return "", true
}
