package auth_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

const here, password = "010203", "una frase larga"

// clock is a wall clock that the test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// gate is a service on a real store with the account "ana".
func gate(t *testing.T) (*auth.Service, *store.Store, *clock) {
	t.Helper()
	st := storetest.New(t)
	if err := st.SaveDistrict(t.Context(), fleet.District{Ubigeo: here, Name: "La Peca", TimeZone: "America/Lima"}); err != nil {
		t.Fatal(err)
	}
	account(t, st, "ana")
	c := &clock{t: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}
	return service(t, st, c), st, c
}

// account makes one whose password is hashed with so little work that the tests
// are quick.
func account(t *testing.T, st *store.Store, name string) {
	t.Helper()
	salt := []byte("salt and pepper")
	b64 := base64.RawStdEncoding.EncodeToString
	hash := fmt.Sprintf("$argon2id$v=%d$m=8,t=1,p=1$%s$%s", argon2.Version, b64(salt), b64(argon2.IDKey([]byte(password), salt, 1, 8, 1, 32)))
	u := fleet.User{Ubigeo: here, Username: name, Name: name, PasswordHash: hash, Districts: map[string]fleet.Role{here: fleet.RoleAdmin}}
	if err := st.CreateUser(t.Context(), u); err != nil {
		t.Fatal(err)
	}
}

func service(t *testing.T, st *store.Store, c *clock) *auth.Service {
	t.Helper()
	s, err := auth.New(auth.Config{Store: st, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLogin(t *testing.T) {
	s, st, _ := gate(t)
	ctx := t.Context()
	token, v, u, err := s.Login(ctx, "  ANA ", password, "10.0.0.1")
	if err != nil || u.Username != "ana" || v.CSRF == "" || v.CSRF == token {
		t.Fatalf("got %+v %+v %v", u, v, err)
	}
	again, v2, _, err := s.Login(ctx, "ana", password, "10.0.0.1")
	if err != nil || again == token || v2.CSRF == v.CSRF {
		t.Errorf("a second login must not share a token with the first: %v", err)
	}
	if _, err := st.Session(ctx, v.TokenHash); err != nil {
		t.Errorf("the session is not stored by its hash: %v", err)
	}
	var raw [32]byte
	copy(raw[:], token)
	if _, err := st.Session(ctx, raw); !errors.Is(err, fleet.ErrNotFound) {
		t.Errorf("the store finds a session by the token itself: %v", err)
	}
	if got, _, err := s.Authenticate(ctx, token); err != nil || got.Username != "ana" {
		t.Errorf("authenticate: %+v %v", got, err)
	}
	for name, bad := range map[string]string{
		"empty": "", "short": "abc", "csrf": v.CSRF, "one letter off": string(token[0]^1) + token[1:], "long": strings.Repeat("a", 5000), "NUL": token[:42] + "\x00",
	} {
		if _, _, err := s.Authenticate(ctx, bad); !errors.Is(err, auth.ErrNoSession) {
			t.Errorf("token %s: %v", name, err)
		}
	}
	if err := s.Logout(ctx, token); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Authenticate(ctx, token); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("after logout: %v", err)
	}
	if _, _, err := s.Authenticate(ctx, again); err != nil {
		t.Errorf("logout ended another login: %v", err)
	}
}

func TestLoginRefused(t *testing.T) {
	s, st, _ := gate(t)
	ctx := t.Context()
	for name, c := range map[string][2]string{
		"wrong password":      {"ana", "otra frase larga"},
		"unknown user":        {"nadie", password},
		"empty":               {"", ""},
		"no password":         {"ana", ""},
		"very long":           {"ana", strings.Repeat("x", 1<<20)},
		"SQL":                 {"ana' OR '1'='1", password},
		"NUL":                 {"ana\x00", "x"},
		"a megabyte of name":  {strings.Repeat("a", 1<<20), "x"},
		"not UTF-8":           {"\xff\xfe", "\xff"},
		"markup":              {"<script>alert(1)</script>", "x"},
		"password with space": {"ana", password + " "},
	} {
		if _, _, _, err := s.Login(ctx, c[0], c[1], "host of "+name); !errors.Is(err, auth.ErrBadLogin) {
			t.Errorf("%s: %v", name, err)
		}
		for _, subject := range []string{"user:ana", "user:?"} {
			if err := st.ClearLoginFailures(ctx, subject); err != nil {
				t.Fatal(err)
			}
		}
	}
	rows, err := st.AuditRows(ctx, "000000", 100)
	if err != nil || len(rows) == 0 {
		t.Fatalf("audit of failed logins: %d rows, %v", len(rows), err)
	}
	for _, r := range rows {
		if r.Action != "login_failed" || len(r.Subject) > 40 || strings.Contains(r.Subject, password) {
			t.Errorf("audit row %+v", r)
		}
	}
	u, err := st.UserByName(ctx, "ana")
	if err != nil {
		t.Fatal(err)
	}
	u.Disabled = true
	token, _, _, err := s.Login(ctx, "ana", password, "h")
	if err != nil {
		t.Fatal(err)
	}
	if err := st.SaveUser(ctx, u); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Authenticate(ctx, token); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("the session of a closed account: %v", err)
	}
	if _, _, _, err := s.Login(ctx, "ana", password, "h"); !errors.Is(err, auth.ErrBadLogin) {
		t.Errorf("login to a closed account: %v", err)
	}
}

// TestExpiry: a session ends when it is not used for twelve hours, and after a
// week in any case.
func TestExpiry(t *testing.T) {
	s, st, c := gate(t)
	ctx := t.Context()
	token, _, _, err := s.Login(ctx, "ana", password, "h")
	if err != nil {
		t.Fatal(err)
	}
	used := 0 * time.Hour
	for ; used < 7*24*time.Hour; used += 11 * time.Hour {
		if _, _, err := s.Authenticate(ctx, token); err != nil {
			t.Fatalf("used after %v: %v", used, err)
		}
		c.pass(11 * time.Hour)
	}
	if _, _, err := s.Authenticate(ctx, token); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("used after %v: %v", used, err)
	}
	idle, _, _, err := s.Login(ctx, "ana", password, "h")
	if err != nil {
		t.Fatal(err)
	}
	c.pass(12*time.Hour - time.Second)
	if _, _, err := s.Authenticate(ctx, idle); err != nil {
		t.Errorf("idle for just under twelve hours: %v", err)
	}
	c.pass(12 * time.Hour)
	if _, _, err := s.Authenticate(ctx, idle); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("idle for twelve hours: %v", err)
	}
	if n, err := st.DeleteExpiredSessions(ctx, c.now()); err != nil || n != 2 {
		t.Errorf("forgotten: %d %v, want 2", n, err)
	}
}

// TestThrottle: five tries are free, then each costs twice the last; a restart
// changes nothing, and time heals.
func TestThrottle(t *testing.T) {
	s, st, c := gate(t)
	ctx := t.Context()
	fail := func(remote string) error {
		_, _, _, err := s.Login(ctx, "ana", "no es esta", remote)
		return err
	}
	for i := range 5 {
		if err := fail(fmt.Sprint("h", i)); !errors.Is(err, auth.ErrBadLogin) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	for i, wait := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second} {
		var throttled *auth.Throttled
		if _, _, _, err := s.Login(ctx, "ana", password, "elsewhere"); !errors.As(err, &throttled) || throttled.RetryAfter != wait {
			t.Fatalf("after %d failures: %v, want to wait %v even with the right password", 5+i, err, wait)
		}
		c.pass(wait)
		if err := fail("h9"); !errors.Is(err, auth.ErrBadLogin) {
			t.Fatalf("after waiting %v: %v", wait, err)
		}
	}
	s = service(t, st, c)
	if err := fail("h10"); !errors.Is(err, auth.ErrThrottled) {
		t.Errorf("after a restart: %v", err)
	}
	c.pass(16 * time.Minute)
	if _, _, _, err := s.Login(ctx, "ana", password, "h"); err != nil {
		t.Errorf("after the window: %v", err)
	}
	for i := range 30 {
		account(t, st, fmt.Sprint("user", i))
		if _, _, _, err := s.Login(ctx, fmt.Sprint("user", i), "x", "one address"); !errors.Is(err, auth.ErrBadLogin) {
			t.Fatalf("name %d from one address: %v", i, err)
		}
	}
	if _, _, _, err := s.Login(ctx, "ana", password, "one address"); !errors.Is(err, auth.ErrThrottled) {
		t.Errorf("thirty names guessed from one address: %v", err)
	}
	if _, _, _, err := s.Login(ctx, "ana", password, "another address"); err != nil {
		t.Errorf("others must not suffer: %v", err)
	}
}

// TestThrottleAtOnce: guesses that arrive together are not more tries than
// guesses that arrive one after the other.
func TestThrottleAtOnce(t *testing.T) {
	s, _, _ := gate(t)
	var mu sync.Mutex
	tried := 0
	var wg sync.WaitGroup
	for range 24 {
		wg.Go(func() {
			_, _, _, err := s.Login(t.Context(), "ana", "no es esta", "h")
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, auth.ErrBadLogin) {
				tried++
			} else if !errors.Is(err, auth.ErrThrottled) {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	if tried != 5 {
		t.Errorf("%d passwords were tried, want 5", tried)
	}
}

func TestSetUp(t *testing.T) {
	st := storetest.New(t)
	ctx := t.Context()
	if err := st.SaveDistrict(ctx, fleet.District{Ubigeo: here, Name: "La Peca"}); err != nil {
		t.Fatal(err)
	}
	c := &clock{t: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}
	s := service(t, st, c)
	first := fleet.User{Ubigeo: here, Username: "jefa", Name: "Jefa", Districts: map[string]fleet.Role{here: fleet.RoleAdmin}}
	old, err := s.NewSetupToken(ctx)
	if err != nil {
		t.Fatal(err)
	}
	late, err := s.NewSetupToken(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.SetUp(ctx, old, first, password, "h"); !errors.Is(err, auth.ErrSetupToken) {
		t.Errorf("a link that a newer one replaced: %v", err)
	}
	c.pass(auth.SetupLife)
	if _, _, _, err := s.SetUp(ctx, late, first, password, "h"); !errors.Is(err, auth.ErrSetupToken) {
		t.Errorf("an expired link: %v", err)
	}
	token, err := s.NewSetupToken(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var weak auth.PasswordError
	if _, _, _, err := s.SetUp(ctx, token, first, "corta", "h"); !errors.As(err, &weak) {
		t.Errorf("a weak password: %v", err)
	}
	var wg sync.WaitGroup
	won := make(chan string, 4)
	for i := range 4 {
		wg.Go(func() {
			u := first
			u.Username = fmt.Sprint("jefa", i)
			if session, _, _, err := s.SetUp(ctx, token, u, password, "h"); err == nil {
				won <- session
			} else if !errors.Is(err, auth.ErrSetupToken) {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Fatalf("%d of four used a one-time link", len(won))
	}
	if u, _, err := s.Authenticate(ctx, <-won); err != nil || u.Districts[here] != fleet.RoleAdmin {
		t.Errorf("the first administrator is not logged in: %+v %v", u, err)
	}
	another, err := s.NewSetupToken(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.SetUp(ctx, another, first, password, "h"); !errors.Is(err, auth.ErrSetupToken) {
		t.Errorf("a link once there are accounts: %v", err)
	}
}
