package risk

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/serenazgo/serenazgo/hotspots"
)

// Refusal is a proposed priority area that those who decide did not want.
type Refusal struct {
	Cell   hotspots.Cell
	Shift  string // code
	Until  string // local date of the last day on which it is not proposed again
	Reason string
	By     string // user name
	At     time.Time
}

// Check tells what is wrong with a refusal, if anything.
func (r Refusal) Check() error {
	if !r.Cell.Valid() || r.Cell.Res() != Res {
		return fmt.Errorf("%w: %s is no cell of the joint map", ErrFactor, r.Cell)
	}
	if r.Shift == "" {
		return fmt.Errorf("%w: a refusal is for a shift", ErrFactor)
	}
	if _, err := time.Parse(time.DateOnly, r.Until); err != nil {
		return fmt.Errorf("%w: %q is no date: write it as AAAA-MM-DD", ErrFactor, r.Until)
	}
	if utf8.RuneCountInString(r.Reason) > maxReason {
		return fmt.Errorf("%w: the reason is longer than %d letters", ErrFactor, maxReason)
	}
	return nil
}

// maxReason in letters.
const maxReason = 500
