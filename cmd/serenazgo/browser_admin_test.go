package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// gridTown is an extract of n by n streets around -79, -8, every 100 m.
func gridTown(n int) string {
	var b strings.Builder
	b.WriteString("<osm>\n")
	for y := range n {
		for x := range n {
			fmt.Fprintf(&b, `<node id="%d" lon="%.4f" lat="%.4f"/>`+"\n", 100*y+x+1, -79.002+0.0009*float64(x), -8.002+0.0009*float64(y))
		}
	}
	for k := range n {
		for _, along := range []bool{true, false} {
			id, name := 1000+k, fmt.Sprintf("Jr. %d", k+1)
			if !along {
				id, name = 2000+k, fmt.Sprintf("Av. %d", k+1)
			}
			fmt.Fprintf(&b, `<way id="%d">`, id)
			for i := range n {
				x, y := i, k
				if !along {
					x, y = k, i
				}
				fmt.Fprintf(&b, `<nd ref="%d"/>`, 100*y+x+1)
			}
			fmt.Fprintf(&b, `<tag k="highway" v="residential"/><tag k="name" v="%s"/></way>`+"\n", name)
		}
	}
	return b.String() + "</osm>"
}

// TestAdministrationInBrowser walks through what an administrator does on the
// page of a fresh service, from the link that it prints to a plan that is handed
// out, one file of web/test/e2e/admin a journey.
func TestAdministrationInBrowser(t *testing.T) {
	node, web := browserTools(t)
	dir := t.TempDir()
	files := mkdir(t, dir, "files")
	yesterday := time.Now().Add(-24 * time.Hour).Format("2006-01-02")
	for name, text := range map[string]string{
		"town.osm":           gridTown(5),
		"bigger.osm":         gridTown(6),
		"page.osm.pbf":       "<!doctype html><p>Not found",
		"outline.geojson":    townBoundary,
		"far.geojson":        strings.ReplaceAll(townBoundary, "-79.01", "-69.01"),
		"incidents.csv":      "fecha_hora_hecho,lat,lon,tipo\n" + yesterday + " 21:10,-8.001,-79.001,ROBO\n" + yesterday + " 22:40,-8.0005,-79,ROBO\n,-8,-79,ROBO\n",
		"incidents.xlsx.csv": "PK\x03\x04 this is a workbook",
		"police.geojson": `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kind":"post","name":"Comisaría","shift":"noche","start":"22:00","end":"02:00",
"mode":"foot","units":1,"trust":1},"geometry":{"type":"Point","coordinates":[-79.001,-8.001]}}]}`,
		"police-bad.geojson": `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kind":"helicopter"},"geometry":{"type":"Point","coordinates":[-79,-8]}}]}`,
	} {
		must(t, os.WriteFile(filepath.Join(files, name), []byte(text), 0o600))
	}
	data := filepath.Join(dir, "data")
	if r := runProgram(t, "import", "streets", filepath.Join(files, "town.osm"), "--boundary", filepath.Join(files, "outline.geojson"), "--data", data, "--json"); r.status != 0 {
		t.Fatalf("import: status %d: %s", r.status, r.errors)
	}
	serve := launchProgram(t, "serve", "--data", data, "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0")
	page := serve.expect(serve.stderr, `page at (http://\S+)`)[1]
	link := serve.expect(serve.stderr, `(/configurar\?token=\S+)`)[1]

	journeys, err := filepath.Glob(filepath.Join(web, "test", "e2e", "admin", "*.test.mjs")) // they run in the order of their names
	if err != nil || len(journeys) == 0 {
		t.Fatalf("no browser tests in web/test/e2e/admin (%v)", err)
	}
	args := append([]string{"--test", "--test-concurrency=1", "--test-reporter=spec", "--test-timeout=600000"}, journeys...)
	cmd := exec.Command(node, args...)
	cmd.Dir = web
	cmd.Env = append(os.Environ(), "SERENAZGO_URL="+page, "SERENAZGO_LINK="+link, "SERENAZGO_ADMIN=jefa:una frase larga", "SERENAZGO_FILES="+files)
	if _, err := os.Stat("/proc/self/task"); err == nil { // where a test can find what the database has started
		cmd.Env = append(cmd.Env, "SERENAZGO_POSTMASTER="+filepath.Join(data, "postgres", "postmaster.pid"))
	}
	if r := launch(t, cmd).wait(20 * time.Minute); r.status != 0 {
		t.Errorf("browser tests: status %d\n%s\n%s", r.status, r.out, r.errors)
	} else {
		t.Log("\n" + r.out)
	}
	if r := serve.interrupt(); r.status != 0 {
		t.Errorf("the service ended with status %d: %s", r.status, r.errors)
	}
}
