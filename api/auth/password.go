package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/serenazgo/serenazgo/fleet"
)

// Parameters of argon2id: the second recommended option of RFC 9106 scaled down
// to an office PC, above OWASP's minimum of 19 MiB and two passes.
const (
	argonTime    = 2
	argonMemory  = 32 * 1024 // KiB
	argonThreads = 1
	saltLen      = 16
	keyLen       = 32
)

// Length of a password, in characters. The longest keeps a hash from costing
// more than it should.
const (
	minPassword = 10
	maxPassword = 200
)

// PasswordError says, in Spanish, why a new password is not accepted.
type PasswordError struct{ text string }

func (e PasswordError) Error() string { return e.text }

var errHash = errors.New("not an argon2id hash")

// CheckPassword holds a new password against the rules: at least ten
// characters, not the user name, not one character again and again.
func CheckPassword(username, password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return PasswordError{"La contraseña tiene caracteres que no se pueden leer."}
	case n < minPassword:
		return PasswordError{fmt.Sprintf("La contraseña debe tener al menos %d caracteres; una frase de varias palabras sirve.", minPassword)}
	case len(password) > maxPassword:
		return PasswordError{fmt.Sprintf("La contraseña puede tener a lo más %d caracteres.", maxPassword)}
	case username != "" && strings.Contains(strings.ToLower(password), strings.ToLower(username)):
		return PasswordError{"La contraseña no debe contener el nombre de usuario."}
	}
	first, _ := utf8.DecodeRuneInString(password)
	if strings.Count(password, string(first)) == n {
		return PasswordError{"La contraseña no puede ser un solo carácter repetido."}
	}
	return nil
}

// HashPassword makes the argon2id hash of a password in PHC form.
func HashPassword(password string) (string, error) {
	salt := make([]byte, saltLen)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, keyLen)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, b64(salt), b64(key)), nil
}

// parseHash reads a PHC string; parameters that would take the machine down are
// refused.
func parseHash(phc string) (salt, key []byte, time, memory uint32, threads uint8, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return nil, nil, 0, 0, 0, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil {
		return nil, nil, 0, 0, 0, errHash
	}
	if memory < 8 || memory > 1<<20 || time < 1 || time > 64 || threads < 1 {
		return nil, nil, 0, 0, 0, errHash
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil || len(salt) < 8 {
		return nil, nil, 0, 0, 0, errHash
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) < 16 || len(key) > 64 {
		return nil, nil, 0, 0, 0, errHash
	}
	return salt, key, time, memory, threads, nil
}

// slot hashes for somebody who may be nobody: at most a few at once, since each
// takes 32 MiB.
func (s *Service) slot(ctx context.Context, hash func()) error {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
		hash()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// verify tells whether the password is the hash's. It takes the same time for
// every wrong password.
func (s *Service) verify(ctx context.Context, phc, password string) (bool, error) {
	salt, key, t, m, p, err := parseHash(phc)
	if err != nil {
		return false, err
	}
	var got []byte
	if err := s.slot(ctx, func() { got = argon2.IDKey([]byte(password), salt, t, m, p, uint32(len(key))) }); err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, key) == 1, nil
}

// ErrPresent says that the password given as the present one is not.
var ErrPresent = errors.New("wrong present password")

// Hash holds a new password against the rules and hashes it. Errors:
// PasswordError.
func (s *Service) Hash(ctx context.Context, username, password string) (hash string, err error) {
	if err := CheckPassword(username, password); err != nil {
		return "", err
	}
	if e := s.slot(ctx, func() { hash, err = HashPassword(password) }); e != nil {
		return "", e
	}
	return hash, err
}

// ChangePassword gives the owner of a session another password and ends the
// account's other sessions. Wrong guesses at the present one count like failed
// logins. Errors: ErrPresent, ErrThrottled, PasswordError.
func (s *Service) ChangePassword(ctx context.Context, u fleet.User, token, present, password string, audit fleet.AuditRow) error {
	now := s.cfg.Now().UTC()
	subjects := subjectsOf(u.Username, audit.Remote)
	done, err := s.mayGuess(ctx, subjects, now)
	if err != nil {
		return err
	}
	defer done()
	if len(present) > maxPassword {
		present = "" // no password is empty
	}
	ok, err := s.verify(ctx, u.PasswordHash, present)
	if err != nil {
		return err
	}
	if !ok {
		if err := s.failed(ctx, subjects, now); err != nil {
			return err
		}
		return ErrPresent
	}
	if present == password {
		return PasswordError{"La contraseña nueva es igual a la actual."}
	}
	hash, err := s.Hash(ctx, u.Username, password)
	if err != nil {
		return err
	}
	keep := hashOf(token)
	return s.cfg.Store.SetPassword(ctx, u.Username, hash, &keep, audit)
}
