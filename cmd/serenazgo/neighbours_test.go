package main

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/mqtt/device"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// One process takes positions, another serves the page, on one database: the
// page shows them live, the devices get the rounds that were handed out on it,
// and what is changed on it counts at the door.
func TestPageAndDoorInTwoProcesses(t *testing.T) {
	url := storetest.URL(t)
	door, password, err := small(t, func(c *appConfig) { c.Store, c.Listen = store.Config{URL: url}, "" })
	must(t, err)
	page, err := newApp(t.Context(), appConfig{Store: store.Config{URL: url}, Listen: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(page.Close)
	addAdmin(t, page.store, "rosa")
	endDoor, endPage := running(t, door), running(t, page)
	v := newVisitor(t, page.URL()).logIn("rosa", adminPassword)
	l := v.listen("130102")
	l.next("snapshot", "a snapshot", nil)

	rounds := make(chan []byte, 10)
	dial := func(password string) (*device.Client, error) {
		return device.Dial(t.Context(), device.Config{Broker: "tcp://" + door.broker.Addr(), Ubigeo: "130102", Device: "g1", Password: password,
			OnRound: func(b []byte) { rounds <- b }})
	}
	d, err := dial(password)
	must(t, err)
	defer d.Close()
	from := time.Now().Add(-10 * time.Second)
	for n := range 10 {
		must(t, d.Publish(t.Context(), fmt.Appendf(nil, `{"ts":%d,"lat":-8.0001,"lon":-79.00%02d,"seq":%d}`, from.Add(time.Duration(n)*time.Second).UnixMilli(), n, n)))
	}
	acknowledged := time.Now()
	l.next("units", "the newest position on the other process's page", func(e told) bool {
		for _, u := range as[api.UnitsEvent](t, e).Units {
			if u.ID == "C01" && u.Lon != nil && *u.Lon < -79.00085 {
				return true
			}
		}
		return false
	})
	t.Logf("from PUBACK to the page of another process: %s", time.Since(acknowledged))

	// The plan is made and handed out on the page; the device is at the door.
	var district api.District
	v.call("GET", inDistrict("130102", ""), nil, &district)
	var job api.Job
	v.call("POST", inDistrict("130102", "/plans"), map[string]any{"shift": district.Shift.Id, "seconds": 1}, &job)
	eventually(t, patience, "a plan", func() bool {
		v.call("GET", inDistrict("130102", "/jobs/%s", job.Id), nil, &job)
		return job.State == api.Done
	})
	v.call("POST", inDistrict("130102", "/plans/%s/approve", *job.Plan), nil, nil)
	v.call("POST", inDistrict("130102", "/plans/%s/publish", *job.Plan), nil, nil)
	got := awaited(t, rounds, "a round", func(b []byte) bool { return len(b) > 0 })
	var m roundMessage
	if err := json.Unmarshal(got, &m); err != nil || m.Plan != *job.Plan || m.Unit != "C01" {
		t.Errorf("the device got %.200s (%v)", got, err)
	}

	// A new password, given on the page, ends the connection at the door.
	var made api.Credentials
	v.call("POST", inDistrict("130102", "/devices/g1/credentials"), map[string]any{}, &made)
	eventually(t, patience, "the old password to be refused at the door", func() bool {
		old, err := dial(password)
		if err == nil {
			old.Close()
		}
		return err != nil
	})
	fresh, err := dial(made.Password)
	must(t, err)
	fresh.Close()
	must(t, endPage())
	must(t, endDoor())
}

// awaited gives the first value that comes and fits.
func awaited[T any](t *testing.T, from <-chan T, what string, fits func(T) bool) T {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case v := <-from:
			if fits(v) {
				return v
			}
		case <-late:
			t.Fatalf("no %s", what)
		}
	}
}
