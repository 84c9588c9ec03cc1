// Package store keeps everything that must outlive the program in PostgreSQL:
// one file a table, SQL nowhere else. By default it runs a server of its own
// (see package embedded); Config.URL names another one.
//
// Invariants. Every table's key begins with the district's ubigeo (text), so
// that districts can be spread over servers; the table of migrations is the
// only exception. Instants are UTC with microseconds, which is what
// PostgreSQL keeps: nanoseconds are cut off. Lengths are metres, speeds m/s,
// positions lon and lat in degrees. An unknown number is NaN here and NULL in
// the database.
//
// Errors wrap fleet.ErrNotFound, fleet.ErrConflict and fleet.ErrInvalid.
// Work that was certainly not done, or may be done twice without harm, is
// tried again for a few seconds when the server goes away.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/serenazgo/serenazgo/store/embedded"
)

// database is the name of the database on the embedded server.
const database = "serenazgo"

// Config says which database to open.
type Config struct {
	// Data is the program's data directory; the embedded server keeps its
	// cluster in Data/postgres. Not used when URL is set.
	Data string
	// URL of a PostgreSQL server of version 15 or newer; empty: embedded.
	URL    string
	Logger *slog.Logger // nil: silent
	// Schema to use instead of the connection's own; made if it is not there.
	Schema string
	// MaxConns bounds the connections of the pool; 0: 16.
	MaxConns int
	// Share allows the use of the embedded server that another program runs
	// on Data. For short commands beside a service; the server ends with the
	// program that started it.
	Share bool
	// Settings are further settings of the embedded server.
	Settings map[string]string
	// Now is the clock that decides which day partitions to make ahead; nil:
	// time.Now.
	Now func() time.Time
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	log     *slog.Logger
	now     func() time.Time
	schema  string
	server  *embedded.Cluster // nil: not ours
	applied []Migration       // by this Open
	days    daySet            // partitions known to exist
	seen    seenSet           // rows about devices known to exist
	last    lastTimes         // of devices
	unsure  unsureSet         // fixes that may or may not have been stored
	known   knownLately       // whether fixes come again at the moment
	relayed relayedSet        // units whose fixes are news for the retransmission
	stop    context.CancelFunc
	work    sync.WaitGroup
}

// Server is an installed PostgreSQL.
type Server = embedded.Server

// FindServer looks for the server programs that the embedded default needs:
// on PATH, then where distributions put them. The error says how to install
// them.
func FindServer() (Server, error) { return embedded.Find() }

// CheckData tells, without changing anything, whether the embedded server
// could keep its data under dir, and if not, what to do.
func CheckData(dir string) error { return embedded.CheckData(dir) }

// Open connects to the database, starting the embedded server if there is no
// URL, and brings it up to date. ctx bounds the opening only. Close the store
// when done with it.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	s := &Store{log: cfg.Logger, now: cfg.Now}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	url := cfg.URL
	if url == "" {
		if cfg.Data == "" {
			return nil, errors.New("store: neither a data directory nor a database URL is given")
		}
		var err error
		s.server, err = embedded.Start(ctx, embedded.Config{Data: cfg.Data, Logger: s.log, Settings: cfg.Settings})
		switch {
		case err == nil:
			url = s.server.URL(database)
			err = makeDatabase(ctx, s.server.URL("postgres"))
		case cfg.Share && errors.Is(err, embedded.ErrInUse):
			url, err = embedded.Running(ctx, cfg.Data, database)
		}
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("store: %w", err)
		}
	}
	if err := s.connect(ctx, url, cfg); err != nil {
		s.Close()
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := s.prepare(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("store: %w", err)
	}
	return s, nil
}

// makeDatabase creates the program's database on a new embedded server.
func makeDatabase(ctx context.Context, adminURL string) error {
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("connect to the embedded PostgreSQL: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, database).Scan(&there); err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, `CREATE DATABASE `+database)
	return err
}

// connect opens the pool and checks the server.
func (s *Store) connect(ctx context.Context, url string, cfg Config) error {
	pc, err := pgxpool.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("database URL: %w", err)
	}
	pc.MaxConns = 16
	if cfg.MaxConns > 0 {
		pc.MaxConns = int32(cfg.MaxConns)
	}
	pc.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pc.ConnConfig.RuntimeParams["application_name"] = "serenazgo"
	if cfg.Schema != "" {
		pc.ConnConfig.RuntimeParams["search_path"] = pgx.Identifier{cfg.Schema}.Sanitize()
	}
	if pc.ConnConfig.ConnectTimeout == 0 {
		pc.ConnConfig.ConnectTimeout = 10 * time.Second
	}
	s.schema = cfg.Schema
	if s.pool, err = pgxpool.NewWithConfig(ctx, pc); err != nil {
		return err
	}
	var version int
	var name string
	err = s.pool.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version')`).Scan(&version, &name)
	if err != nil {
		return plainConnect(err)
	}
	if version < embedded.MinMajor*10000 {
		return fmt.Errorf("the server is PostgreSQL %s; version %d or newer is needed", name, embedded.MinMajor)
	}
	if cfg.Schema != "" {
		if _, err := s.pool.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS `+pgx.Identifier{cfg.Schema}.Sanitize()); err != nil {
			return fmt.Errorf("schema %s: %w", cfg.Schema, err)
		}
	}
	return nil
}

// plainConnect says in one line why a server cannot be reached, without the
// connection string, which may hold a password.
func plainConnect(err error) error {
	var ce *pgconn.ConnectError
	if !errors.As(err, &ce) || ce.Unwrap() == nil {
		return err
	}
	reason, _, _ := strings.Cut(ce.Unwrap().Error(), "\n")
	return fmt.Errorf("no connection to database %q as user %q: %s; check that the server runs and that --database is right", ce.Config.Database, ce.Config.User, reason)
}

// prepare migrates, makes partitions ahead and keeps making them.
func (s *Store) prepare(ctx context.Context) error {
	var err error
	if s.applied, err = s.Migrate(ctx); err != nil {
		return err
	}
	if err := s.loadDays(ctx); err != nil {
		return err
	}
	if err := s.makeDaysAhead(ctx); err != nil {
		return err
	}
	if err := s.loadRelayed(ctx); err != nil {
		return err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.work.Go(func() { s.keepDaysAhead(background) })
	s.work.Go(func() { s.keepRelayed(background) })
	s.work.Go(func() { s.keepLast(background) })
	return nil
}

// closePatience is how long Close waits for connections in use.
const closePatience = 5 * time.Second

// Close ends the connections and stops the embedded server. Nothing of the
// store may be used afterwards.
func (s *Store) Close() {
	if s.stop != nil {
		s.stop()
		s.work.Wait()
	}
	closed := make(chan struct{})
	if s.pool != nil {
		go func() {
			defer close(closed)
			s.pool.Close()
		}()
		if s.server == nil {
			<-closed
			return
		}
		select {
		case <-closed:
		case <-time.After(closePatience): // the server's end breaks them
		}
	}
	if s.server != nil {
		s.server.Stop()
		if s.pool != nil {
			<-closed
		}
	}
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

// ServerPID is the process number of the embedded server; 0 if it is down or
// not ours.
func (s *Store) ServerPID() int {
	if s.server == nil {
		return 0
	}
	return s.server.PID()
}

// Schema is the schema that Config named; empty: the connection's own.
func (s *Store) Schema() string { return s.schema }
