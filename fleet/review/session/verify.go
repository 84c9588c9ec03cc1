package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/serenazgo/serenazgo/fleet"
)

// ErrNotSigned says that what a file holds is not what both sides signed.
var ErrNotSigned = errors.New("not what both sides signed")

// maxFile bounds the file of a session.
const maxFile = 256 << 20

// Read reads a session from the JSON that it was written as. The district is that
// of its figures.
func Read(r io.Reader) (Session, error) {
	var s Session
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return s, err
	}
	if len(raw) > maxFile {
		return s, fmt.Errorf("%w: it is larger than %d MB", fleet.ErrInvalid, maxFile>>20)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("%w: it is not the JSON of a session: %w", fleet.ErrInvalid, err)
	}
	if s.ID == "" || s.State == "" {
		return s, fmt.Errorf("%w: it is not the JSON of a session: it has no id or no state", fleet.ErrInvalid)
	}
	var of struct {
		Ubigeo string `json:"ubigeo"`
	}
	if len(s.Figures) > 0 {
		if err := json.Unmarshal(s.Figures, &of); err != nil {
			return s, fmt.Errorf("%w: its figures cannot be read: %w", fleet.ErrInvalid, err)
		}
	}
	s.Ubigeo = of.Ubigeo
	return s, nil
}

// Verify tells whether a session is as both sides signed it: it is locked, the
// hash is that of its contents, and each side signed that hash, by two people. It
// gives the hash of the contents as they are.
func (s Session) Verify() (sum string, err error) {
	if sum, err = s.Sum(); err != nil {
		return "", err
	}
	if s.State != Locked {
		return sum, fmt.Errorf("%w: session %s is in state %s", ErrNotSigned, s.ID, s.State)
	}
	if s.Hash != sum {
		return sum, fmt.Errorf("%w: the contents of session %s have the SHA-256 %s, and %s was locked", ErrNotSigned, s.ID, sum, s.Hash)
	}
	for _, side := range Sides {
		sig, ok := s.Signed[side]
		switch {
		case !ok:
			return sum, fmt.Errorf("%w: the signature of the %s is missing", ErrNotSigned, side)
		case sig.Hash != sum:
			return sum, fmt.Errorf("%w: the %s signed other contents, of the SHA-256 %s", ErrNotSigned, side, sig.Hash)
		}
	}
	if a, b := s.Signed[Municipality], s.Signed[Police]; a.By == b.By {
		return sum, fmt.Errorf("%w: %s signed for both sides", ErrNotSigned, a.By)
	}
	return sum, nil
}
