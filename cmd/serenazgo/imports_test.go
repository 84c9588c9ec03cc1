package main

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/serenazgo/serenazgo/"

// homes says in which packages a third-party package may be imported; a prefix
// ends in "/...". See docs/architecture.md.
var homes = map[string][]string{
	"github.com/paulmach/osm":              {"routing/osm"},
	"github.com/jackc/pgx":                 {"store/..."},
	"github.com/labstack/echo":             {"api/..."},
	"github.com/eclipse/paho.mqtt.golang":  {"mqtt/..."},
	"github.com/mochi-mqtt/server":         {"mqtt/..."},
	"github.com/uber/h3-go":                {"hotspots", "fleet/coverage"},
	"github.com/tidwall/rtree":             {"routing"},
	"github.com/prometheus/client_golang":  {"api/..."},
	"github.com/boombuler/barcode":         {"api/provision"},
	"github.com/xuri/excelize":             {"api/export", "api/export/paper"},
	"codeberg.org/go-pdf/fpdf":             {"api/export/paper"},
	"github.com/alecthomas/kong":           {"cmd/serenazgo"},
	"github.com/serenazgo/serenazgo/store": {"cmd/serenazgo", "store/..."},
	"github.com/serenazgo/serenazgo/mqtt":  {"cmd/serenazgo", "mqtt/..."},
	"github.com/serenazgo/serenazgo/api":   {"cmd/serenazgo", "api/..."},
	"github.com/serenazgo/serenazgo/web":   {"cmd/serenazgo"},
}

// leaves may import nothing of the project outside themselves.
var leaves = []string{"routing", "hotspots"}

// domain packages know no transport and no SQL.
var domain = []string{"routing", "hotspots", "fleet"}

// TestImports holds every package of the project against the rules of who may
// import whom.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{join .Imports ","}}`, module+"...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	lines := strings.Fields(string(out))
	if len(lines) < 10 {
		t.Fatalf("only %d packages listed; the rules were not checked", len(lines))
	}
	for _, line := range lines {
		path, imports, _ := strings.Cut(line, "|")
		pkg := strings.TrimPrefix(path, module)
		for _, imp := range strings.Split(imports, ",") {
			for third, allowed := range homes {
				if within(imp, third) && !within(path, third) && !anyMatch(pkg, allowed) {
					t.Errorf("%s imports %s, which only %s may", pkg, imp, strings.Join(allowed, ", "))
				}
			}
			for _, leaf := range leaves {
				if within(pkg, leaf) && strings.HasPrefix(imp, module) && !within(strings.TrimPrefix(imp, module), leaf) {
					t.Errorf("%s is a leaf and imports %s", pkg, imp)
				}
			}
			for _, d := range domain {
				if within(pkg, d) && (imp == "net/http" || imp == "database/sql") {
					t.Errorf("%s is of the domain and imports %s", pkg, imp)
				}
			}
		}
	}
}

// within tells whether path is root or below it.
func within(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}

func anyMatch(pkg string, allowed []string) bool {
	for _, a := range allowed {
		if root, ok := strings.CutSuffix(a, "/..."); ok && within(pkg, root) || pkg == a {
			return true
		}
	}
	return false
}
