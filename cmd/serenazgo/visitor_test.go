package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
)

// visitor is somebody with a browser: cookies, and the token that writes need.
type visitor struct {
	t      testing.TB
	base   string // http://host:port
	client *http.Client
	csrf   string
}

func newVisitor(t testing.TB, base string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, base: base, client: &http.Client{Jar: jar, Transport: &http.Transport{}}}
	t.Cleanup(v.client.CloseIdleConnections)
	return v
}

// moved gives the same visitor at another address: the cookies stay.
func (v *visitor) moved(base string) *visitor {
	v.client.CloseIdleConnections()
	out := *v
	out.base = base
	// Cookies do not tell ports apart, so that the session holds.
	return &out
}

// try calls the API and gives the status and the body.
func (v *visitor) try(method, path string, body any) (int, []byte) {
	v.t.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			v.t.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	ctx, cancel := context.WithTimeout(v.t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, v.base+"/api/v1"+path, in)
	if err != nil {
		v.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if v.csrf != "" {
		req.Header.Set("X-CSRF-Token", v.csrf)
	}
	res, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res.StatusCode, b
}

// call is try of what must work; out takes the answer unless it is nil.
func (v *visitor) call(method, path string, body, out any) {
	v.t.Helper()
	status, b := v.try(method, path, body)
	if status/100 != 2 {
		v.t.Fatalf("%s %s: status %d: %s", method, path, status, b)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(b, out); err != nil {
		v.t.Fatalf("%s %s: %v in %s", method, path, err, b)
	}
}

// logIn begins a session.
func (v *visitor) logIn(username, password string) *visitor {
	v.t.Helper()
	var s api.Session
	v.call("POST", "/session", map[string]string{"username": username, "password": password}, &s)
	v.csrf = s.Csrf
	return v
}

// told is one server-sent event.
type told struct {
	id, kind string
	data     []byte
}

// as reads an event's body.
func as[T any](t testing.TB, e told) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(e.data, &v); err != nil {
		t.Fatalf("event %s: %v in %s", e.kind, err, e.data)
	}
	return v
}

// line is a live stream of a district.
type line struct {
	t    testing.TB
	feed *feed[told]
	at   int // events that the test has gone past
	stop func()
}

// listen opens the live stream of a district.
func (v *visitor) listen(ubigeo string) *line {
	v.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, "GET", v.base+"/api/v1/d/"+ubigeo+"/live", nil)
	if err != nil {
		v.t.Fatal(err)
	}
	res, err := v.client.Do(req)
	if err != nil {
		cancel()
		v.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		cancel()
		v.t.Fatalf("live stream: %s, %s", res.Status, res.Header.Get("Content-Type"))
	}
	l := &line{t: v.t, feed: newFeed[told]()}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer l.feed.end()
		defer res.Body.Close()
		in := bufio.NewScanner(res.Body)
		in.Buffer(nil, 16<<20)
		var e told
		for in.Scan() {
			key, value, _ := strings.Cut(in.Text(), ": ")
			switch key {
			case "id":
				e.id = value
			case "event":
				e.kind = value
			case "data":
				e.data = []byte(value)
			case "":
				if in.Text() == "" && e.kind != "" {
					l.feed.add(e)
					e = told{}
				}
			}
		}
	}()
	l.stop = func() {
		cancel()
		<-ended
	}
	v.t.Cleanup(l.stop)
	return l
}

// patience is for events that must come: long enough for the slowest machine.
const patience = 3 * time.Minute

// next waits for the next event of a kind that ok accepts (nil: any), and goes
// past it.
func (l *line) next(kind, what string, ok func(told) bool) told {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	e, at, err := l.feed.find(ctx, l.at, func(e told) bool { return e.kind == kind && (ok == nil || ok(e)) })
	if err != nil {
		kinds := map[string]int{}
		for _, s := range l.feed.seen() {
			kinds[s.kind]++
		}
		l.t.Fatalf("waiting for %s (event %s): %v; events so far: %v", what, kind, err, kinds)
	}
	l.at = at
	return e
}

// count gives how many events of a kind have come.
func (l *line) count(kind string) int {
	n := 0
	for _, e := range l.feed.seen() {
		if e.kind == kind {
			n++
		}
	}
	return n
}

// inDistrict gives a path below a district.
func inDistrict(ubigeo, format string, args ...any) string {
	return "/d/" + ubigeo + fmt.Sprintf(format, args...)
}
