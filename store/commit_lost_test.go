package store_test

import (
	"bytes"
	"errors"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// muteLink leads to PostgreSQL and swallows answers to COMMIT, or to a COPY that
// is a transaction of its own: the server commits, and the connection ends instead
// of the answer.
type muteLink struct {
	alone     bool         // COPY is one
	swallow   atomic.Int32 // how many answers yet
	swallowed atomic.Int32
}

// newMuteLink gives the link and the address of the server behind it.
func newMuteLink(t *testing.T) (*muteLink, string) {
	t.Helper()
	target, by := storetest.Socket(t)
	dir := t.TempDir()
	ln, err := net.Listen("unix", filepath.Join(dir, filepath.Base(target)))
	if err != nil {
		t.Fatal(err)
	}
	l := &muteLink{}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			near, err := ln.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", target)
			if err != nil {
				_ = near.Close()
				continue
			}
			wg.Go(func() { l.carry(near, far) })
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		wg.Wait()
	})
	return l, by(dir)
}

// carry takes bytes both ways until either end is gone.
func (l *muteLink) carry(near, far net.Conn) {
	defer near.Close()
	defer far.Close()
	var mute atomic.Bool
	back := make(chan struct{})
	go func() {
		defer close(back)
		defer near.Close()
		buf := make([]byte, 1<<16)
		for {
			n, err := far.Read(buf)
			if mute.Load() && n > 0 {
				if !bytes.Contains(buf[:n], []byte("COPY ")) && !bytes.Contains(buf[:n], []byte("COMMIT\x00")) {
					continue
				}
				l.swallowed.Add(1)
				return
			}
			if _, werr := near.Write(buf[:n]); err != nil || werr != nil {
				return
			}
		}
	}()
	buf := make([]byte, 1<<16)
	for {
		n, err := near.Read(buf)
		ends := bytes.Contains(buf[:n], []byte("commit\x00")) || l.alone && bytes.HasSuffix(buf[:n], []byte("c\x00\x00\x00\x04"))
		if ends && l.swallow.Add(-1) >= 0 {
			mute.Store(true)
		}
		if _, werr := far.Write(buf[:n]); err != nil || werr != nil {
			_ = far.Close()
			<-back
			return
		}
	}
}

// A fix that was stored although the answer of its COMMIT was lost is new to
// those who follow, once.
func TestFreshThoughTheAnswerOfCommitWasLost(t *testing.T) {
	for _, way := range []string{"by COPY in a transaction", "by COPY alone", "by INSERT"} {
		t.Run(way, func(t *testing.T) {
			link, addr := newMuteLink(t)
			link.alone = way == "by COPY alone"
			st, err := store.Open(t.Context(), store.Config{URL: addr})
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			all := fleetFixes(400, noon)
			old, fixes := all[:50], all[50:]
			times := 0
			switch way {
			case "by COPY alone": // of devices that are known nothing else is to be noted
				old, fixes, times = all[:200], all[200:], 1
			case "by INSERT": // a chunk with known fixes is stored so, and those after it
				times = 2
			}
			for range times {
				if _, err := st.StoreFixes(t.Context(), old); err != nil {
					t.Fatal(err)
				}
			}
			for _, lost := range []int32{1, 3} {
				link.swallow.Store(lost)
				link.swallowed.Store(0)
				part := fixes[:100]
				fixes = fixes[100:]
				for i := range part {
					part[i].Received = time.Now()
				}
				fresh, err := st.StoreFixes(t.Context(), part)
				if err != nil || len(fresh) != len(part) {
					t.Errorf("%d answers lost: %d of %d fixes were new, %v", lost, len(fresh), len(part), err)
				}
				if link.swallowed.Load() == 0 {
					t.Error("no answer was lost")
				}
				if again, err := st.StoreFixes(t.Context(), part); err != nil || len(again) != 0 {
					t.Errorf("given again, %d fixes were new, %v", len(again), err)
				}
			}
		})
	}
}

// What must not be done twice is not, and its caller is told that it may have
// been done.
func TestNotRepeatedThoughTheAnswerOfCommitWasLost(t *testing.T) {
	link, addr := newMuteLink(t)
	st, err := store.Open(t.Context(), store.Config{URL: addr})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	link.swallow.Store(1)
	u := fleet.User{Ubigeo: "130102", Username: "ana", Name: "Ana", PasswordHash: "x"}
	if err := st.CreateUser(t.Context(), u); err == nil || errors.Is(err, fleet.ErrConflict) {
		t.Errorf("%v; want that the connection was lost, not that the account was there", err)
	}
	if got, err := st.UserByName(t.Context(), "ana"); err != nil || got.Name != "Ana" {
		t.Errorf("%+v, %v", got, err)
	}
}
