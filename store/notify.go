package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// MaxTold bounds what is told at once, in bytes; PostgreSQL takes less than 8000.
const MaxTold = 7500

// channel is where the processes of one installation talk: databases are apart
// by themselves, schemas by this name.
const channel = `'serenazgo_' || md5(current_schema())`

// Tell says something to every process that listens on this installation, this
// one included. Nothing is kept of it: who does not listen does not hear it.
func (s *Store) Tell(ctx context.Context, text string) error {
	if len(text) > MaxTold {
		return fmt.Errorf("tell the other processes: %d bytes are too many", len(text))
	}
	_, err := s.exec(ctx, `SELECT pg_notify(`+channel+`, $1)`, text)
	return err
}

// Waits between attempts to listen again.
const (
	firstListen = 100 * time.Millisecond
	lastListen  = 10 * time.Second
)

// Listen calls heard with everything that is told, in order, on a connection of
// its own, until ctx ends. deaf is called whenever listening begins: at first,
// and after a lost connection, when something may have been missed.
func (s *Store) Listen(ctx context.Context, deaf func(), heard func(text string)) {
	wait := firstListen
	for ctx.Err() == nil {
		begun, err := s.listenOnce(ctx, deaf, heard)
		if ctx.Err() != nil {
			return
		}
		if begun {
			wait = firstListen
		}
		s.log.Warn("listening to the other processes broke off; listening again", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, lastListen)
	}
}

func (s *Store) listenOnce(ctx context.Context, deaf func(), heard func(text string)) (begun bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig.Copy())
	if err != nil {
		return false, plainConnect(err)
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		err = errors.Join(err, conn.Close(end))
	}()
	var name string
	if err := conn.QueryRow(ctx, `SELECT `+channel).Scan(&name); err != nil {
		return false, err
	}
	if _, err := conn.Exec(ctx, `LISTEN `+pgx.Identifier{name}.Sanitize()); err != nil {
		return false, err
	}
	deaf()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return true, err
		}
		heard(n.Payload)
	}
}
