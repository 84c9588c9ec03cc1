package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/serenazgo/serenazgo/store"
)

// doctorCmd says what is missing on this machine and how to install it.
type doctorCmd struct {
	dataFlags
	Listen     string `help:"Address the page would be served on." default:":8080"`
	MQTTListen string `name:"mqtt-listen" help:"Address the MQTT broker would listen on." default:":1883"`
	Tests      bool   `help:"Also check what the tests need."`
	JSON       bool   `name:"json" help:"Print one JSON object."`
}

// finding is one line of the doctor's report.
type finding struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// Run prints the findings; it fails when something needed is missing.
func (c doctorCmd) Run(ctx context.Context) error {
	var fs []finding
	add := func(what string, err error, detail, remedy string) {
		f := finding{What: what, OK: err == nil, Detail: detail}
		if err != nil {
			f.Detail, f.Remedy = err.Error(), remedy
		}
		fs = append(fs, f)
	}
	if c.Database == "" {
		s, err := store.FindServer()
		add("PostgreSQL server programs", err, fmt.Sprintf("version %d in %s", s.Major, s.Bin), "Debian, Ubuntu: apt-get install postgresql; or use --database URL")
		add("data folder", store.CheckData(c.folder()), c.folder(), "choose another with --data DIR")
	} else {
		st, closeStore, err := c.open(ctx)
		if err == nil {
			err = st.Ping(ctx)
			closeStore()
		}
		add("database", err, "answers", "check the URL, and that its user may create tables")
	}
	page, broker := listenable(c.Listen), listenable(c.MQTTListen)
	state := "free"
	if page != nil && ourselves(ctx, c.Listen) {
		page, broker, state = nil, nil, "used by a running serenazgo"
	}
	add("address of the page "+c.Listen, page, state, "choose another with --listen, or stop what uses it")
	add("address of the MQTT broker "+c.MQTTListen, broker, state, "choose another with --mqtt-listen, or stop what uses it")
	if c.Tests {
		p, err := firstOnPath("chromium", "chromium-browser", "google-chrome")
		add("Chromium", err, p, "Debian: apt-get install chromium")
		p, err = firstOnPath("mosquitto", "/usr/sbin/mosquitto")
		add("mosquitto", err, p, "Debian: apt-get install mosquitto")
		p, err = firstOnPath("gcc", "clang")
		add("C compiler", err, p, "Debian: apt-get install gcc libc6-dev")
		v, err := nodeVersion(ctx)
		add("Node.js 20 or newer", err, v, "Debian 13: apt-get install nodejs npm; elsewhere https://nodejs.org")
	}
	bad := 0
	for _, f := range fs {
		if !f.OK {
			bad++
		}
	}
	if c.JSON {
		if err := printJSON(map[string]any{"ok": bad == 0, "findings": fs}); err != nil {
			return err
		}
	} else {
		for _, f := range fs {
			mark := "ok     "
			if !f.OK {
				mark = "MISSING"
			}
			fmt.Printf("%s  %s: %s\n", mark, f.What, f.Detail)
			if f.Remedy != "" {
				fmt.Printf("         %s\n", f.Remedy)
			}
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d checks failed", bad, len(fs))
	}
	return nil
}

func firstOnPath(names ...string) (string, error) {
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p, nil
		}
	}
	return "", fmt.Errorf("none of %s found: %w", strings.Join(names, ", "), os.ErrNotExist)
}

func nodeVersion(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return "", errors.New("node is not installed")
	}
	v := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(strings.TrimPrefix(v, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < 20 {
		return "", fmt.Errorf("node is %s", v)
	}
	return v, nil
}
