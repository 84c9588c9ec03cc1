package mqtt

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// slowAuth counts how often it is asked.
type slowAuth struct {
	asked int
	good  map[string]string
	err   error
}

func (a *slowAuth) CheckDevice(_ context.Context, ubigeo, device, password string) (bool, error) {
	a.asked++
	return a.err == nil && password != "" && a.good[DeviceUser(ubigeo, device)] == password, a.err
}

func TestLogins(t *testing.T) {
	auth := &slowAuth{good: map[string]string{"130102/C01": "secret", "130102/C02": "other"}}
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	a, err := newAuthenticator(auth, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	login := func(user, password, remote string) error {
		return a.login(t.Context(), user, password, remote)
	}
	check := func(step string, err, want error, asked int) {
		t.Helper()
		if !errors.Is(err, want) || auth.asked != asked {
			t.Errorf("%s: %v, asked %d times; want %v, %d", step, err, auth.asked, want, asked)
		}
	}
	check("good", login("130102/C01", "secret", "10.0.0.1:1"), nil, 1)
	check("again: remembered", login("130102/C01", "secret", "10.0.0.1:2"), nil, 1)
	check("another password is not", login("130102/C01", "Secret", "10.0.0.1:2"), errBadLogin, 2)
	check("nor another device", login("130102/C02", "secret", "10.0.0.1:2"), errBadLogin, 3)
	now = now.Add(loginCacheTTL)
	check("after a minute", login("130102/C01", "secret", "10.0.0.1:2"), nil, 4)
	a.forget("130102/C01")
	check("forgotten", login("130102/C01", "secret", "10.0.0.1:2"), nil, 5)

	for n := range freeFailures - 1 {
		check("failure", login("130102/C02", "x", "10.0.0.1:2"), errBadLogin, 6+n)
	}
	asked := auth.asked
	check("throttled, even if right", login("130102/C02", "other", "10.0.0.1:9"), errThrottled, asked)
	check("not from elsewhere", login("130102/C02", "other", "10.0.0.2:9"), nil, asked+1)
	check("and then remembered everywhere", login("130102/C02", "other", "10.0.0.1:9"), nil, asked+1)
	a.forget("130102/C02")
	now = now.Add(firstPenalty)
	check("after the wait", login("130102/C02", "y", "10.0.0.1:9"), errBadLogin, asked+2)
	now = now.Add(firstPenalty)
	check("the wait doubles", login("130102/C02", "other", "10.0.0.1:9"), errThrottled, asked+2)
	now = now.Add(firstPenalty)
	check("right at last", login("130102/C02", "other", "10.0.0.1:9"), nil, asked+3)

	auth.err = errors.New("the store is away")
	for range 2 * freeFailures {
		if err := login("130102/C03", "x", "10.0.0.3:1"); !errors.Is(err, auth.err) {
			t.Fatalf("a store that is away: %v", err)
		}
	}
	for _, user := range []string{"", "root", "C01", "130102/", "10102/C01", "130102/C01/x", "130102/a b"} {
		if err := login(user, "x", fmt.Sprint("10.0.1.", len(user), ":1")); !errors.Is(err, errBadLogin) {
			t.Errorf("user %q: %v", user, err)
		}
	}
	for n := range freeFailures {
		_ = login(fmt.Sprint("guess", n), "x", "10.0.0.4:1")
	}
	if err := login("guess", "x", "10.0.0.4:1"); !errors.Is(err, errThrottled) {
		t.Errorf("a stranger who changes names: %v", err)
	}
}

func TestFailuresAreBounded(t *testing.T) {
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	a, err := newAuthenticator(&slowAuth{}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	for n := range trackedFailures + 100 {
		_ = a.login(t.Context(), "130102/C01", "x", fmt.Sprintf("host%d:1", n))
	}
	if len(a.failures) > trackedFailures {
		t.Errorf("%d failures kept", len(a.failures))
	}
}

func TestBrokerRefusesBadLogins(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	password := s.device("C01")
	s.device("C02")
	for user, pw := range map[string]string{"130102/C01": password + "x", "130102/C02": password, "130102/C09": password, "": "", "C01": password} {
		o := client("tcp://"+b.Addr(), "x", user, pw)
		token := paho.NewClient(o).Connect()
		if !token.WaitTimeout(patience) || token.Error() == nil {
			t.Errorf("%q with %q was let in", user, pw)
		}
	}
	if st := b.Stats(); st.Refused != 5 || st.Connects != 0 || st.Connected != 0 {
		t.Errorf("%+v", st)
	}
	// A new secret makes the old one useless at once, connection included.
	lost := make(chan struct{})
	o := client("tcp://"+b.Addr(), "x", "130102/C01", password)
	o.SetConnectionLostHandler(func(paho.Client, error) { close(lost) })
	dial(t, o)
	s.device("C01")
	b.Kick("130102", "C01")
	<-lost
	token := paho.NewClient(o).Connect()
	if !token.WaitTimeout(patience) || token.Error() == nil {
		t.Error("the old secret still fits")
	}
}

func TestTwoHundredLoginsAtOnce(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	password := s.device("C01")
	var wg sync.WaitGroup
	for n := range 200 {
		wg.Go(func() {
			c := paho.NewClient(client("tcp://"+b.Addr(), fmt.Sprint(n), "130102/C01", password))
			if token := c.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
				t.Error(token.Error())
			}
			c.Disconnect(0)
		})
	}
	wg.Wait()
}
