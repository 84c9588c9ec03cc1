// Package embedded runs a private PostgreSQL server for one program: it finds
// the server's binaries, makes a cluster in the program's data directory,
// starts it on a unix socket that nobody else can open, starts it again if it
// dies, and stops it with the program.
//
// The layout of a data directory DIR:
//
//	DIR/lock           held (flock) while a program uses DIR; names its process
//	DIR/postgres/      the cluster
//	DIR/postgres.log   what the server says, at most two files of MaxLog bytes
//	DIR/run/           the socket, unless its path would be too long for one
//
// The package works on Linux, macOS and the BSDs. It knows no SQL.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MinMajor is the oldest major version of PostgreSQL that will do.
const MinMajor = 15

// ErrNoServer says that no usable server binaries were found.
var ErrNoServer = errors.New("PostgreSQL server programs not found")

// Server is an installed PostgreSQL.
type Server struct {
	Bin     string // directory with postgres and initdb
	Version string // "15.14"
	Major   int    // 15
}

// places are the patterns of the folders where distributions keep the
// server's binaries, after PATH.
var places = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // packages for Red Hat and its kin
	"/usr/lib64/pgsql/bin",
	"/usr/local/pgsql/bin",               // built from source
	"/opt/homebrew/opt/postgresql@*/bin", // macOS, ARM
	"/usr/local/opt/postgresql@*/bin",    // macOS, Intel
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// Find gives the first server on PATH, else the newest one in the usual
// folders. It fails with ErrNoServer and the way to install one.
func Find() (Server, error) { return find(0) }

// find looks for a server of the given major version, 0 for any.
func find(major int) (Server, error) {
	var old []string
	for _, dir := range candidates() {
		s, err := inspect(dir)
		if err != nil {
			continue
		}
		if major != 0 && s.Major != major || s.Major < MinMajor {
			old = append(old, s.Version+" in "+s.Bin)
			continue
		}
		return s, nil
	}
	found := ""
	if len(old) > 0 {
		found = " (found only " + strings.Join(old, ", ") + ")"
	}
	if major != 0 {
		return Server{}, fmt.Errorf("%w: the data directory was made by PostgreSQL %d, whose server programs are needed%s; %s", ErrNoServer, major, found, installHint(strconv.Itoa(major)))
	}
	return Server{}, fmt.Errorf("%w: version %d or newer is needed%s; %s, or name a running server with --database", ErrNoServer, MinMajor, found, installHint(""))
}

// installHint says how to install the server, of one version if major is set.
func installHint(major string) string {
	deb, mac := "postgresql", "postgresql@17"
	if major != "" {
		deb, mac = "postgresql-"+major, "postgresql@"+major
	}
	return "on Debian or Ubuntu run `apt-get install " + deb + "`, on Fedora `dnf install postgresql-server`, on macOS `brew install " + mac + "`"
}

// candidates lists folders that may hold the binaries, best first.
func candidates() []string {
	var dirs []string
	if p, err := exec.LookPath("postgres"); err == nil {
		if r, err := filepath.EvalSymlinks(p); err == nil {
			p = r
		}
		if p, err = filepath.Abs(p); err == nil {
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	for _, pattern := range places {
		m, _ := filepath.Glob(pattern)
		slices.SortFunc(m, func(a, b string) int { return numberIn(b) - numberIn(a) })
		dirs = append(dirs, m...)
	}
	return dirs
}

var digits = regexp.MustCompile(`\d+`)

// numberIn gives the version number in a folder's path, 0 if it has none.
func numberIn(path string) int {
	all := digits.FindAllString(path, -1)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(all[len(all)-1])
	return n
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) ((\d+)[^\s]*)`)

// inspect asks the binaries in dir for their version.
func inspect(dir string) (Server, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return Server{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return Server{}, err
	}
	m := versionText.FindSubmatch(out)
	if m == nil {
		return Server{}, fmt.Errorf("%s/postgres --version says %q", dir, out)
	}
	major, err := strconv.Atoi(string(m[2]))
	if err != nil {
		return Server{}, err
	}
	return Server{Bin: dir, Version: string(m[1]), Major: major}, nil
}
