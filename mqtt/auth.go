package mqtt

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// DeviceAuth checks the credentials of a device.
type DeviceAuth interface {
	CheckDevice(ctx context.Context, ubigeo, device, password string) (bool, error)
}

// LoginStore holds the hashes of device secrets.
type LoginStore interface {
	DeviceLogin(ctx context.Context, ubigeo, device string) (fleet.Device, string, error)
}

// StoredDevices checks devices against the store.
type StoredDevices struct{ Store LoginStore }

// CheckDevice tells whether the device is registered with this secret.
func (s StoredDevices) CheckDevice(ctx context.Context, ubigeo, device, password string) (bool, error) {
	_, hash, err := s.Store.DeviceLogin(ctx, ubigeo, device)
	if errors.Is(err, fleet.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return fleet.CheckDeviceSecret(hash, password), nil
}

// Limits of logins.
const (
	loginCacheTTL   = time.Minute
	freeFailures    = 5               // per user and address, before waits begin
	firstPenalty    = 2 * time.Second // doubled by each further failure
	longestPenalty  = 5 * time.Minute
	failuresForgot  = 15 * time.Minute // after the last one
	trackedFailures = 10_000
)

var (
	errBadLogin  = errors.New("bad user name or password")
	errThrottled = errors.New("too many failed logins")
)

// authenticator checks logins: those that succeeded lately again without
// asking the store (a whole fleet reconnects at once after a power cut, and a
// DeviceAuth may be slow), those that failed often not at all for a while.
//
// The cache holds no password, only a MAC under a key that lives as long as
// the process. A changed secret counts at the latest after a minute; Forget
// makes it count at once.
type authenticator struct {
	auth DeviceAuth
	now  func() time.Time
	key  [32]byte

	mu       sync.Mutex
	good     map[string]goodLogin // by user name
	failures map[failureKey]failure
}

type goodLogin struct {
	mac   [sha256.Size]byte
	until time.Time
}

type failureKey struct{ user, host string }

type failure struct {
	n    int
	last time.Time
}

func newAuthenticator(auth DeviceAuth, now func() time.Time) (*authenticator, error) {
	a := &authenticator{auth: auth, now: now, good: map[string]goodLogin{}, failures: map[failureKey]failure{}}
	_, err := rand.Read(a.key[:])
	return a, err
}

// login gives nil for good credentials. remote is the client's address; the
// failures of one address do not lock out the device elsewhere.
func (a *authenticator) login(ctx context.Context, user, password, remote string) error {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	mac := a.mac(user, password)
	a.mu.Lock()
	if g, ok := a.good[user]; ok && a.now().Before(g.until) && hmac.Equal(g.mac[:], mac[:]) {
		a.mu.Unlock()
		return nil
	}
	blocked := a.blocked(failureKey{user, host})
	a.mu.Unlock()
	if blocked {
		return errThrottled
	}
	ubigeo, device, err := ParseDeviceUser(user)
	if err != nil {
		// Strangers share one count per address, not one per invented name.
		a.fail(failureKey{"", host})
		return errBadLogin
	}
	ok, err := a.auth.CheckDevice(ctx, ubigeo, device, password)
	if err != nil {
		return err
	}
	if !ok {
		a.fail(failureKey{user, host})
		return errBadLogin
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.failures, failureKey{user, host})
	a.good[user] = goodLogin{mac: mac, until: a.now().Add(loginCacheTTL)}
	return nil
}

func (a *authenticator) mac(user, password string) (sum [sha256.Size]byte) {
	m := hmac.New(sha256.New, a.key[:])
	m.Write([]byte(user))
	m.Write([]byte{0}) // neither can hold it: MQTT strings have no U+0000
	m.Write([]byte(password))
	m.Sum(sum[:0])
	return sum
}

// blocked tells whether the next attempt is still too early.
func (a *authenticator) blocked(k failureKey) bool {
	f := a.failures[k]
	if _, _, err := ParseDeviceUser(k.user); err != nil {
		f = a.failures[failureKey{"", k.host}]
	}
	if f.n < freeFailures {
		return false
	}
	wait := longestPenalty
	if shift := f.n - freeFailures; shift < 16 {
		wait = min(firstPenalty<<shift, longestPenalty)
	}
	return a.now().Before(f.last.Add(wait))
}

func (a *authenticator) fail(k failureKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if len(a.failures) >= trackedFailures {
		for k, f := range a.failures {
			if now.Sub(f.last) > failuresForgot {
				delete(a.failures, k)
			}
		}
		for k := range a.failures { // still full: any will do
			if len(a.failures) < trackedFailures {
				break
			}
			delete(a.failures, k)
		}
	}
	f := a.failures[k]
	if now.Sub(f.last) > failuresForgot {
		f.n = 0
	}
	a.failures[k] = failure{n: f.n + 1, last: now}
}

// forget drops what is remembered of a device's good login.
func (a *authenticator) forget(user string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.good, user)
}
