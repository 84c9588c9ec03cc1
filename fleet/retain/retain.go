// Package retain forgets where units were once that is old enough: raw fixes,
// and what was made of them that tells places. What stays is figures: the
// coverage of each shift, by cell and by street, which names no unit, and what
// each unit's days came to in kilometres and hours. It forgets the rows of
// imported files that were rejected too; what was wrong with how many stays.
//
// A legal hold keeps a period from being forgotten, until somebody releases it.
// Days are of UTC, as fixes are kept.
package retain

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Bounds of how many days positions are kept.
const (
	MinDays = 1
	MaxDays = 3650
)

// Hold keeps a period from being forgotten.
type Hold struct {
	ID         string    `json:"id"`
	Start      time.Time `json:"start"`
	End        time.Time `json:"end"`
	Reason     string    `json:"reason"`
	CreatedAt  time.Time `json:"created_at"`
	CreatedBy  string    `json:"created_by"`
	ReleasedAt time.Time `json:"released_at,omitzero"`
	ReleasedBy string    `json:"released_by,omitempty"`
}

// Check tells what is wrong with a hold, if anything.
func (h Hold) Check() error {
	switch {
	case h.ID == "" || !h.Start.Before(h.End):
		return fmt.Errorf("%w: a hold begins before it ends", fleet.ErrInvalid)
	case h.Reason == "" || len([]rune(h.Reason)) > 200:
		return fmt.Errorf("%w: say in 1 to 200 letters why the period is held", fleet.ErrInvalid)
	}
	return nil
}

// Run is one time that old days of a district were looked for.
type Run struct {
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished,omitzero"` // zero: it goes on, or broke off
	Days     int       `json:"days"`              // that were old enough and not forgotten before
	Done     int       `json:"done"`              // of these, looked at
	Held     int       `json:"held"`              // of these, kept by a hold
	// Unsummed are days that were forgotten without the coverage of any shift:
	// there were no streets yet, or the service did not run.
	Unsummed []string `json:"unsummed,omitempty"`
	// Files are imported files whose rejected rows were forgotten, and FilesHeld
	// those whose rows are old enough and kept by a hold.
	Files     int    `json:"files,omitempty"`
	FilesHeld int    `json:"files_held,omitempty"`
	Error     string `json:"error,omitempty"`
	// KeptDays is how many days positions were kept for, as the district said or, if
	// it never did, as the service was started.
	KeptDays int `json:"kept_days,omitempty"`
}

// Store keeps fixes, holds and runs.
type Store interface {
	Districts(ctx context.Context) ([]fleet.District, error)
	// Retention gives a district's days; 0: it never said.
	Retention(ctx context.Context, ubigeo string) (days int, err error)
	// FixDays lists the days that fixes are kept of, oldest first.
	FixDays(ctx context.Context) ([]time.Time, error)
	// GuestDays lists the days that tracks of vehicles from files are kept of that
	// end by an instant, oldest first.
	GuestDays(ctx context.Context, ubigeo string, until time.Time) ([]time.Time, error)
	// Forgotten tells whether a district's positions of a day were forgotten, those
	// from files too, and none came since.
	Forgotten(ctx context.Context, ubigeo string, day time.Time) (bool, error)
	// Summed tells whether the coverage of a shift near a day is kept.
	Summed(ctx context.Context, ubigeo string, day time.Time) (bool, error)
	// DropFixDay forgets all districts' fixes of a day at once, unless a hold of
	// any of them keeps it.
	DropFixDay(ctx context.Context, day time.Time) (held bool, err error)
	// ForgetDay forgets what tells of places of a district on a day, unless one
	// of its holds keeps it.
	ForgetDay(ctx context.Context, ubigeo string, day time.Time) (held bool, err error)
	// RejectedRetention gives a district's days for rejected rows; 0: it never said.
	RejectedRetention(ctx context.Context, ubigeo string) (days int, err error)
	// ForgetRejected forgets, at an instant, the rejected rows of imports made
	// before another, unless a hold keeps the time of the import or that of its
	// incidents, and tells of how many imports they are gone and held.
	ForgetRejected(ctx context.Context, ubigeo string, until, at time.Time) (forgotten, held int, err error)
	SaveRetentionRun(ctx context.Context, ubigeo string, r Run) error
}

// Config sets up a Keeper. Store and Now are required.
type Config struct {
	Store  Store
	Now    func() time.Time
	Days   int // of districts that never said
	Logger *slog.Logger
	// Progress is told of every step; nil: nobody.
	Progress func(ubigeo string, r Run)
}

const day = 24 * time.Hour

// Limit is until when a district that keeps positions for some days forgets them:
// days that end later are kept. So are, for as long, the positions that it takes in.
func Limit(now time.Time, days int) time.Time { return now.UTC().Add(-time.Duration(days) * day) }

// Pass forgets what is old enough in every district. It is safe to break off
// and to do again.
func Pass(ctx context.Context, cfg Config) error {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	now := cfg.Now().UTC()
	ds, err := cfg.Store.Districts(ctx)
	if err != nil {
		return err
	}
	kept, err := cfg.Store.FixDays(ctx)
	if err != nil {
		return err
	}
	limits := map[string]time.Time{} // days that end later are kept
	least := Limit(now, cfg.Days)    // of who is not registered
	for _, d := range ds {
		n, err := cfg.Store.Retention(ctx, d.Ubigeo)
		if err != nil {
			return err
		}
		if n == 0 {
			n = cfg.Days
		}
		limits[d.Ubigeo] = Limit(now, n)
		if limits[d.Ubigeo].Before(least) {
			least = limits[d.Ubigeo]
		}
	}
	var failed []error
	for _, d := range ds {
		if err := cfg.district(ctx, d.Ubigeo, now, kept, limits[d.Ubigeo]); err != nil {
			failed = append(failed, fmt.Errorf("forget old positions of %s: %w", d.Ubigeo, err))
		}
	}
	if len(failed) > 0 {
		// A day that is dropped is not looked at again: what is left of it in other
		// tables would stay.
		return errors.Join(failed...)
	}
	// A day that is too old for every district goes whole.
	for _, x := range kept {
		if x.Add(day).After(least) {
			break
		}
		if held, err := cfg.Store.DropFixDay(ctx, x); err != nil {
			return err
		} else if !held {
			cfg.Logger.Info("dropped the positions of a day", "day", x.Format(time.DateOnly))
		}
	}
	return nil
}

// district forgets the old days of one district.
func (cfg Config) district(ctx context.Context, ubigeo string, now time.Time, kept []time.Time, limit time.Time) (err error) {
	run := Run{Started: now, KeptDays: int(now.Sub(limit) / day)}
	days, err := cfg.Store.GuestDays(ctx, ubigeo, limit)
	if err != nil {
		return err
	}
	for _, x := range kept {
		if x.Add(day).After(limit) {
			break
		}
		days = append(days, x)
	}
	slices.SortFunc(days, time.Time.Compare)
	var due []time.Time
	for _, x := range slices.CompactFunc(days, time.Time.Equal) {
		done, err := cfg.Store.Forgotten(ctx, ubigeo, x)
		if err != nil {
			return err
		}
		if !done {
			due = append(due, x)
		}
	}
	run.Days = len(due)
	if err := cfg.rejected(ctx, ubigeo, now, &run); err != nil {
		return err
	}
	if run.Days == 0 && run.Files == 0 {
		return nil
	}
	defer func() {
		if err != nil {
			run.Error = err.Error()
		} else {
			run.Finished = cfg.Now().UTC()
		}
		err = errors.Join(err, cfg.Store.SaveRetentionRun(context.WithoutCancel(ctx), ubigeo, run))
	}()
	for _, x := range due {
		summed, err := cfg.Store.Summed(ctx, ubigeo, x)
		if err != nil {
			return err
		}
		held, err := cfg.Store.ForgetDay(ctx, ubigeo, x)
		if err != nil {
			return err
		}
		switch {
		case held:
			run.Held++
		case !summed:
			run.Unsummed = append(run.Unsummed, x.Format(time.DateOnly))
		}
		run.Done++
		if err := cfg.Store.SaveRetentionRun(ctx, ubigeo, run); err != nil {
			return err
		}
		if cfg.Progress != nil {
			cfg.Progress(ubigeo, run)
		}
	}
	return nil
}
