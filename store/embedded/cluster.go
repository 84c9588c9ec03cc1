package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Config says where and how to run the server.
type Config struct {
	Data   string // the program's data directory
	Logger *slog.Logger
	// Settings are further server settings (name → value), over the defaults.
	Settings map[string]string
}

// Cluster is a running server. It is started again if it dies.
type Cluster struct {
	data, cluster, socket, logName string
	server                         Server
	owner                          owner
	settings                       map[string]string
	log                            *slog.Logger
	lock                           *os.File
	pid                            atomic.Int64
	stop                           chan struct{} // closed: shut down
	done                           chan struct{} // closed: the supervisor has ended
}

// Start locks the data directory, makes a cluster in it if there is none,
// stops a server that a killed program left behind, and starts the server. It
// returns when the server takes connections. ctx bounds the start only.
func Start(ctx context.Context, cfg Config) (*Cluster, error) {
	dir, err := filepath.Abs(cfg.Data)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	c := &Cluster{
		data: dir, cluster: filepath.Join(dir, "postgres"), logName: filepath.Join(dir, "postgres.log"),
		settings: cfg.Settings, log: cfg.Logger, stop: make(chan struct{}), done: make(chan struct{}),
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.owner, err = chooseOwner(c.cluster); err != nil {
		return nil, err
	}
	if err := prepare(dir, c.owner); err != nil {
		return nil, err
	}
	if c.lock, err = lock(dir); err != nil {
		return nil, err
	}
	if err := c.start(ctx); err != nil {
		c.lock.Close()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context) error {
	major, err := clusterVersion(c.cluster)
	if err != nil {
		return err
	}
	if c.server, err = find(major); err != nil {
		return err
	}
	if major == 0 {
		c.log.Info("making a PostgreSQL cluster", "version", c.server.Version, "dir", c.cluster)
		if err := initialise(ctx, c.server, c.cluster, c.owner, true); err != nil {
			return err
		}
	}
	if err := c.clearLeftover(ctx); err != nil {
		return err
	}
	if err := grant(c.cluster, c.owner); err != nil {
		return fmt.Errorf("access rules of the server: %w", err)
	}
	if c.socket, err = socketDir(c.data, c.owner); err != nil {
		return err
	}
	first := make(chan error, 1)
	go c.supervise(first)
	select {
	case err = <-first:
		if err == nil {
			return nil
		}
	case <-ctx.Done():
		close(c.stop)
		err = fmt.Errorf("start of PostgreSQL: %w", ctx.Err())
	}
	<-c.done
	removeSocketDir(c.data, c.socket, c.owner)
	return err
}

// URL is the connection string of a database of the server.
func (c *Cluster) URL(database string) string { return socketURL(c.socket, database) }

func socketURL(socket, database string) string {
	return "postgres://" + Role + "@/" + url.PathEscape(database) + "?host=" + url.QueryEscape(socket) + "&port=5432&sslmode=disable"
}

// PID is the process number of the server, 0 while it is down.
func (c *Cluster) PID() int { return int(c.pid.Load()) }

// Server tells which PostgreSQL runs.
func (c *Cluster) Server() Server { return c.server }

// Stop shuts the server down cleanly and gives the data directory back.
func (c *Cluster) Stop() {
	select {
	case <-c.stop:
	default:
		close(c.stop)
	}
	<-c.done
	removeSocketDir(c.data, c.socket, c.owner)
	c.lock.Close()
}

// Running finds the server that another program runs on the data directory
// and gives its connection string. It is for short commands beside a service;
// it waits a few seconds for one that is starting.
func Running(ctx context.Context, data, database string) (string, error) {
	dir, err := filepath.Abs(data)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var p pidFile
	if poll(ctx, func() bool {
		var ok bool
		p, ok, err = readPidFile(filepath.Join(dir, "postgres"))
		return err != nil || ok && p.status == "ready" && p.socket != ""
	}) != nil {
		return "", fmt.Errorf("%w: %s, and its server is not ready; try again in a moment", ErrInUse, dir)
	}
	if err != nil {
		return "", err
	}
	return socketURL(p.socket, database), nil
}

// chooseSelf gives the name of the account that this program runs under.
func chooseSelf() (string, error) {
	u, err := user.Current()
	if err != nil {
		return "", fmt.Errorf("the account that serenazgo runs under has no name, which PostgreSQL needs: %w", err)
	}
	return u.Username, nil
}

// clearLeftover shuts down the server that a killed program left behind.
func (c *Cluster) clearLeftover(ctx context.Context) error {
	p, ok, err := readPidFile(c.cluster)
	if err != nil || !ok || !isServerOf(p.pid, c.cluster) {
		return err
	}
	c.log.Warn("stopping the PostgreSQL that a killed program left behind", "pid", p.pid)
	ctx, cancel := context.WithTimeout(ctx, 2*stopPatience)
	defer cancel()
	quit := time.AfterFunc(stopPatience, func() { signalPid(p.pid, quickly) })
	defer quit.Stop()
	signalPid(p.pid, cleanly)
	if err := poll(ctx, func() bool { return !isServerOf(p.pid, c.cluster) }); err != nil {
		return fmt.Errorf("the PostgreSQL of an earlier run (process %d) does not stop: %w; end it, then start again", p.pid, err)
	}
	return nil
}

// sweep takes away what a dead server left and a new one would take for a
// sign of life, because the system still knows its process number: as one
// that nobody has collected, or as another program's. That no server lives on
// the cluster is certain by our lock and clearLeftover.
func (c *Cluster) sweep() error {
	p, ok, err := readPidFile(c.cluster)
	if err != nil {
		return err
	}
	if p.lines != nil && !(ok && isServerOf(p.pid, c.cluster)) {
		if err := p.disown(c.cluster); err != nil {
			return fmt.Errorf("the pid file of a dead server: %w", err)
		}
	}
	for _, name := range []string{socketFile, socketFile + ".lock"} {
		if err := os.Remove(filepath.Join(c.socket, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the socket of a dead server: %w", err)
		}
	}
	return nil
}

// poll waits until ok says so.
func poll(ctx context.Context, ok func() bool) error {
	t := time.NewTicker(5 * time.Millisecond)
	defer t.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
	}
	return nil
}

var errStopped = errors.New("stopped")
