// Package auth says who somebody is: passwords, sessions, throttling of
// guesses, the one-time set-up link. What they may do is decided in package api.
//
// A session's token is 256 random bits in a cookie; the store has its SHA-256
// only, so that a copy of the database opens no session. A user's failed logins
// are stored, so that a restart gives nobody new tries.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Errors of the package.
var (
	ErrBadLogin   = errors.New("wrong user or password")
	ErrThrottled  = errors.New("too many failed logins")
	ErrNoSession  = errors.New("no session")
	ErrSetupToken = errors.New("the set-up link is wrong, used or expired")
)

// Lifetimes.
const (
	idle     = 12 * time.Hour     // a session that is not used ends
	absolute = 7 * 24 * time.Hour // and so does one that is
	renew    = 15 * time.Minute   // a session in use is extended this often
	// SetupLife is how long the set-up link works.
	SetupLife = 24 * time.Hour
)

// Store keeps accounts, sessions and failures.
type Store interface {
	UserByName(ctx context.Context, username string) (fleet.User, error)
	SaveSession(ctx context.Context, v fleet.Session) error
	ProlongSession(ctx context.Context, tokenHash [32]byte, expires time.Time) error
	Session(ctx context.Context, tokenHash [32]byte) (fleet.Session, error)
	DeleteSession(ctx context.Context, tokenHash [32]byte) error
	DeleteExpiredSessions(ctx context.Context, now time.Time) (int64, error)
	LoginFailed(ctx context.Context, subject string, at time.Time) error
	LoginFailures(ctx context.Context, subject string, since time.Time) (count int, last time.Time, err error)
	ClearLoginFailures(ctx context.Context, subject string) error
	PruneLoginFailures(ctx context.Context, before time.Time) error
	SaveSetupToken(ctx context.Context, hash [32]byte, expires time.Time) error
	SetupTokenWorks(ctx context.Context, hash [32]byte, now time.Time) (bool, error)
	SetPassword(ctx context.Context, username, passwordHash string, keep *[32]byte, audit fleet.AuditRow) error
	CreateFirstUser(ctx context.Context, hash [32]byte, now time.Time, u fleet.User) error
	Audit(ctx context.Context, a fleet.AuditRow) error
}

// Config sets up a Service. Now is the wall clock, also in a demonstration
// whose own clock runs faster; nil: time.Now.
type Config struct {
	Store  Store
	Now    func() time.Time
	Logger *slog.Logger
}

// Service logs people in and knows them again. Safe for concurrent use.
type Service struct {
	cfg     Config
	hashing chan struct{}
	dummy   string // hash of nobody's password: an unknown user costs as much
	turns   turns
}

// New makes a Service.
func New(cfg Config) (*Service, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	token, err := newToken()
	if err != nil {
		return nil, err
	}
	dummy, err := HashPassword(token)
	if err != nil {
		return nil, err
	}
	return &Service{cfg: cfg, hashing: make(chan struct{}, 2), dummy: dummy}, nil
}

func newToken() (string, error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

func hashOf(token string) [32]byte { return sha256.Sum256([]byte(token)) }

var usernameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,39}$`)

// CheckUsername tells whether a name may be an account's: 3 to 40 lower-case
// letters, digits, '.', '_' or '-'.
func CheckUsername(name string) error {
	if !usernameForm.MatchString(name) {
		return fmt.Errorf("%w: user name %q: use 3 to 40 lower-case letters, digits, '.', '_' or '-'", fleet.ErrInvalid, name)
	}
	return nil
}

// noName stands for every name that no account can have.
const noName = "?"

// Login checks a password and begins a session. Errors: ErrBadLogin,
// ErrThrottled.
func (s *Service) Login(ctx context.Context, username, password, remote string) (token string, v fleet.Session, u fleet.User, err error) {
	username = strings.ToLower(strings.TrimSpace(username))
	if CheckUsername(username) != nil {
		username = noName // nobody's; what was typed may be a password, or a megabyte
	}
	now := s.cfg.Now().UTC()
	subjects := subjectsOf(username, remote)
	done, err := s.mayGuess(ctx, subjects, now)
	if err != nil {
		return "", v, u, err
	}
	defer done()
	u, err = s.cfg.Store.UserByName(ctx, username)
	known := err == nil && !u.Disabled
	if err != nil && !errors.Is(err, fleet.ErrNotFound) {
		return "", v, u, err
	}
	hash := s.dummy
	if known {
		hash = u.PasswordHash
	}
	if len(password) > maxPassword {
		password = "" // no password is empty
	}
	ok, err := s.verify(ctx, hash, password)
	if err != nil && !errors.Is(err, errHash) {
		return "", v, u, err
	}
	if !ok || !known {
		if err := s.failed(ctx, subjects, now); err != nil {
			return "", v, u, err
		}
		home := "000000"
		if known {
			home = u.Ubigeo
		}
		if err := s.cfg.Store.Audit(ctx, fleet.AuditRow{Ubigeo: home, At: now, Action: "login_failed", Subject: username, Remote: remote}); err != nil {
			return "", v, u, err
		}
		return "", v, fleet.User{}, ErrBadLogin
	}
	if err := s.cfg.Store.ClearLoginFailures(ctx, "user:"+username); err != nil {
		return "", v, u, err
	}
	token, v, err = s.begin(ctx, u, remote, "login")
	return token, v, u, err
}

// begin makes a session; every login gets a token of its own.
func (s *Service) begin(ctx context.Context, u fleet.User, remote, action string) (string, fleet.Session, error) {
	token, err := newToken()
	if err != nil {
		return "", fleet.Session{}, err
	}
	csrf, err := newToken()
	if err != nil {
		return "", fleet.Session{}, err
	}
	now := s.cfg.Now().UTC()
	v := fleet.Session{Ubigeo: u.Ubigeo, TokenHash: hashOf(token), Username: u.Username, CSRF: csrf, CreatedAt: now, ExpiresAt: now.Add(idle), Remote: remote}
	if err := s.cfg.Store.SaveSession(ctx, v); err != nil {
		return "", v, err
	}
	return token, v, s.cfg.Store.Audit(ctx, fleet.AuditRow{Ubigeo: u.Ubigeo, At: now, Username: u.Username, Action: action, Remote: remote})
}

// Authenticate finds whose session a token is. ErrNoSession: nobody's, or it
// has ended.
func (s *Service) Authenticate(ctx context.Context, token string) (fleet.User, fleet.Session, error) {
	if len(token) < 40 || len(token) > 64 {
		return fleet.User{}, fleet.Session{}, ErrNoSession
	}
	v, err := s.cfg.Store.Session(ctx, hashOf(token))
	if errors.Is(err, fleet.ErrNotFound) {
		return fleet.User{}, v, ErrNoSession
	}
	if err != nil {
		return fleet.User{}, v, err
	}
	now := s.cfg.Now().UTC()
	if !now.Before(v.ExpiresAt) {
		return fleet.User{}, v, ErrNoSession
	}
	u, err := s.cfg.Store.UserByName(ctx, v.Username)
	if errors.Is(err, fleet.ErrNotFound) || err == nil && u.Disabled {
		return fleet.User{}, v, ErrNoSession
	}
	if err != nil {
		return fleet.User{}, v, err
	}
	end := v.CreatedAt.Add(absolute)
	if now.Add(idle).Sub(v.ExpiresAt) > renew && v.ExpiresAt.Before(end) {
		v.ExpiresAt = now.Add(idle)
		if v.ExpiresAt.After(end) {
			v.ExpiresAt = end
		}
		if err := s.cfg.Store.ProlongSession(ctx, v.TokenHash, v.ExpiresAt); err != nil {
			return fleet.User{}, v, err
		}
	}
	return u, v, nil
}

// Logout ends a session.
func (s *Service) Logout(ctx context.Context, token string) error {
	v, err := s.cfg.Store.Session(ctx, hashOf(token))
	if errors.Is(err, fleet.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.cfg.Store.DeleteSession(ctx, v.TokenHash); err != nil {
		return err
	}
	return s.cfg.Store.Audit(ctx, fleet.AuditRow{Ubigeo: v.Ubigeo, At: s.cfg.Now().UTC(), Username: v.Username, Action: "logout"})
}

// NewSetupToken makes the token of the set-up link; an older one stops working.
func (s *Service) NewSetupToken(ctx context.Context) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	return token, s.cfg.Store.SaveSetupToken(ctx, hashOf(token), s.cfg.Now().UTC().Add(SetupLife))
}

// CheckSetup tells whether a set-up link works, and leaves it as it is:
// ErrSetupToken if not.
func (s *Service) CheckSetup(ctx context.Context, setup string) error {
	works, err := s.cfg.Store.SetupTokenWorks(ctx, hashOf(setup), s.cfg.Now().UTC())
	if err == nil && !works {
		err = ErrSetupToken
	}
	return err
}

// SetUp uses the set-up token up, makes the first account and logs it in: both
// or neither. Errors: ErrSetupToken, PasswordError, fleet.ErrInvalid.
func (s *Service) SetUp(ctx context.Context, setup string, u fleet.User, password, remote string) (token string, v fleet.Session, _ fleet.User, err error) {
	if err := CheckUsername(u.Username); err != nil {
		return "", v, u, err
	}
	if u.PasswordHash, err = s.Hash(ctx, u.Username, password); err != nil {
		return "", v, u, err
	}
	err = s.cfg.Store.CreateFirstUser(ctx, hashOf(setup), s.cfg.Now().UTC(), u)
	if errors.Is(err, fleet.ErrNotFound) || errors.Is(err, fleet.ErrConflict) {
		return "", v, u, ErrSetupToken
	}
	if err != nil {
		return "", v, u, err
	}
	token, v, err = s.begin(ctx, u, remote, "setup")
	return token, v, u, err
}

// Run forgets what has expired, once an hour.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		now := s.cfg.Now().UTC()
		if _, err := s.cfg.Store.DeleteExpiredSessions(ctx, now); err != nil && ctx.Err() == nil {
			s.cfg.Logger.Warn("forget expired sessions", "err", err)
		}
		if err := s.cfg.Store.PruneLoginFailures(ctx, now.Add(-24*time.Hour)); err != nil && ctx.Err() == nil {
			s.cfg.Logger.Warn("forget old failures", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
