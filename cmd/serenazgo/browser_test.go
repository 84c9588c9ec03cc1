package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
)

// browserTools finds what browser tests need: Node.js and the folder of the page.
// A missing tool fails the test: a page that nobody looked at is not done.
func browserTools(t *testing.T) (node, web string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs Node.js, Chromium and minutes; left out by -short")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("no node: install it (Debian 13: apt-get install nodejs npm), or run make test, which does")
	}
	if os.Getenv("CHROMIUM") == "" {
		if _, err := firstOnPath("chromium", "chromium-browser", "google-chrome"); err != nil {
			t.Fatal("no Chromium: install it (Debian: apt-get install chromium), or name it in CHROMIUM")
		}
	}
	web, err = filepath.Abs("../../web")
	must(t, err)
	for path, remedy := range map[string]string{"node_modules/playwright-core": "npm ci in web", "dist/index.html": "make build"} {
		if _, err := os.Stat(filepath.Join(web, path)); err != nil {
			t.Fatalf("web/%s is missing: run %s first", path, remedy)
		}
	}
	return node, web
}

// TestPageInBrowser runs the browser tests of web/test/e2e on a running
// demonstration. With UPDATE_SHOTS set, they also take the pictures of
// docs/images.
//
// The demonstration is the program's own build, which is as fast as users have
// it.
func TestPageInBrowser(t *testing.T) {
	node, web := browserTools(t)
	scripts, err := filepath.Glob(filepath.Join(web, "test", "e2e", "*.test.mjs"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no browser tests in web/test/e2e (%v)", err)
	}

	d := startDemo(t, t.TempDir(), "--units", "12", "--speedup", "20", "--plan-seconds", "4")
	l := newVisitor(t, d.page).logIn("supervisor", demoPassword).listen(demoUbigeo)
	l.next("snapshot", "a snapshot with a plan", func(e told) bool { return as[api.Snapshot](t, e).PlanId != nil })
	l.next("coverage", "coverage", func(e told) bool {
		var c struct {
			Bar struct{ Serenazgo struct{ Km float64 } }
		}
		return json.Unmarshal(e.data, &c) == nil && c.Bar.Serenazgo.Km > 0
	})
	l.stop()

	cmd := exec.Command(node, append([]string{"--test", "--test-concurrency=1", "--test-reporter=spec", "--test-timeout=900000"}, scripts...)...)
	cmd.Dir = web
	cmd.Env = append(os.Environ(), "SERENAZGO_URL="+d.page, "SERENAZGO_USER=supervisor", "SERENAZGO_PASSWORD="+demoPassword)
	if os.Getenv("UPDATE_SHOTS") != "" {
		shots, err := filepath.Abs("../../docs/images")
		must(t, err)
		cmd.Env = append(cmd.Env, "SERENAZGO_SHOTS="+shots)
	}
	tests := launch(t, cmd)
	r := tests.wait(25 * time.Minute)
	if r.status != 0 {
		t.Errorf("browser tests: status %d\n%s\n%s", r.status, r.out, r.errors)
	} else {
		t.Log("\n" + r.out)
	}
	if r := d.interrupt(); r.status != 0 || complains(r.errors) {
		t.Errorf("the demonstration ended with status %d and said %q", r.status, r.errors)
	}
}
