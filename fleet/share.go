package fleet

import (
	"fmt"
	"time"
)

// ShareLink lets somebody without an account see where some units are, until it
// expires or is revoked. It tells no names: who looks learns of a vehicle, not
// of its crew.
type ShareLink struct {
	Ubigeo    string
	ID        string
	Units     []string
	Note      string // whom it is for
	CreatedAt time.Time
	CreatedBy string
	ExpiresAt time.Time
	RevokedAt time.Time // zero: it was not
	RevokedBy string
	Looks     int64
	LookedAt  time.Time // last; zero: never
}

// Bounds of a link.
const (
	MaxShareFor   = 7 * 24 * time.Hour
	MaxShareUnits = 100
	MaxShareNote  = 80
)

// Open tells whether a link still shows something.
func (l ShareLink) Open(now time.Time) bool { return l.RevokedAt.IsZero() && now.Before(l.ExpiresAt) }

// Check tells what is wrong with a link, if anything.
func (l ShareLink) Check() error {
	switch life := l.ExpiresAt.Sub(l.CreatedAt); {
	case len(l.Units) == 0 || len(l.Units) > MaxShareUnits:
		return fmt.Errorf("%w: a link shows 1 to %d units, not %d", ErrInvalid, MaxShareUnits, len(l.Units))
	case life <= 0 || life > MaxShareFor:
		return fmt.Errorf("%w: a link lives up to %s, not %s", ErrInvalid, MaxShareFor, life)
	case len([]rune(l.Note)) > MaxShareNote:
		return fmt.Errorf("%w: the note is longer than %d letters", ErrInvalid, MaxShareNote)
	}
	return nil
}
