package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/hotspots/importer"
	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/profiles"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// formatsPage is docs/formats.md, whose examples are run here.
func formatsPage(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var exampleBlock = regexp.MustCompile("(?s)<!-- example: (\\S+) -->\n```\\w*\n(.*?)```\n")

// examples gives the marked blocks of a page by name.
func examples(t *testing.T, page string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, m := range exampleBlock.FindAllStringSubmatch(page, -1) {
		if _, twice := out[m[1]]; twice {
			t.Fatalf("two examples are called %s", m[1])
		}
		out[m[1]] = m[2]
	}
	if n := strings.Count(page, "<!-- example:"); n != len(out) {
		t.Fatalf("%d of %d marked examples are code blocks", len(out), n)
	}
	return out
}

// strict decodes JSON and refuses keys that v does not have.
func strict(text string, v any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func TestExamplesOfFormats(t *testing.T) {
	ex := examples(t, formatsPage(t))
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	incidents := func(t *testing.T, text string, m *importer.Mapping, want int) {
		res, err := importer.Read(strings.NewReader(text), "example.csv", importer.Options{Mapping: m, Loc: lima})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Incidents) != want || len(res.Rejected) > 0 {
			t.Fatalf("%d incidents, want %d; rejected: %v", len(res.Incidents), want, res.Rejected)
		}
		if at := res.Incidents[0].At; !at.Equal(time.Date(2026, 11, 21, 23, 40, 0, 0, lima)) {
			t.Errorf("the first happened at %s", at)
		}
	}
	fixes := func(topic string) func(*testing.T, string) {
		return func(t *testing.T, text string) {
			d, ubigeo, _ := mqtt.NewRegistry().Decode(mqtt.Message{Topic: topic, Payload: []byte(text), Received: time.Unix(1795324030, 0)})
			if len(d.Fixes) != 1 || len(d.Rejects) > 0 || ubigeo != "130102" {
				t.Fatalf("%d fixes of %s, rejects %v", len(d.Fixes), ubigeo, d.Rejects)
			}
			if f := d.Fixes[0]; !f.Usable() || f.Time.Unix() != 1795324025 {
				t.Errorf("fix %+v is not the usable one of %d", f, 1795324025)
			}
		}
	}
	run := map[string]func(t *testing.T, text string){
		"boundary.geojson": func(t *testing.T, text string) {
			b, err := osm.ReadBoundary(strings.NewReader(text), "boundary.geojson", osm.Pick{})
			if err != nil {
				t.Fatal(err)
			}
			if b.Name() != "El Porvenir" || len(b.Ubigeos) != 1 || b.Ubigeos[0] != "130102" {
				t.Errorf("it is read as %q %v", b.Name(), b.Ubigeos)
			}
		},
		"corrections.json": func(t *testing.T, text string) {
			var cs []routing.Correction
			if err := strict(text, &cs); err != nil {
				t.Fatal(err)
			}
		},
		"incidents.csv": func(t *testing.T, text string) { incidents(t, text, nil, 2) },
		"mapping.yaml": func(t *testing.T, text string) {
			m, err := importer.ReadMapping(strings.NewReader(text), "mapping.yaml")
			if err != nil {
				t.Fatal(err)
			}
			incidents(t, ex["mapped.csv"], m, 1)
		},
		"mapped.csv": func(*testing.T, string) {}, // with mapping.yaml
		"police.geojson": func(t *testing.T, text string) {
			ps, err := patrol.ReadPresence(strings.NewReader(text), "police.geojson")
			if err != nil {
				t.Fatal(err)
			}
			if len(ps) != 3 {
				t.Errorf("%d features, want 3", len(ps))
			}
		},
		"plan.geojson": func(t *testing.T, text string) {
			f, err := patrol.DecodeGeoJSON(strings.NewReader(text), "plan.geojson")
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Plan.Rounds) != 1 || len(f.Plan.Rounds[0].Legs) != 2 || f.Shift.Start.IsZero() {
				t.Errorf("it is read as %+v", f)
			}
			var again bytes.Buffer
			if err := patrol.EncodeGeoJSON(&again, f.Plan, f.Shift); err != nil {
				t.Fatal(err)
			}
		},
		"edits.json": func(t *testing.T, text string) {
			var v api.PlanEdits
			if err := strict(text, &v); err != nil {
				t.Fatal(err)
			}
		},
		"events.json": func(t *testing.T, text string) {
			var v api.PlanEvents
			if err := strict(text, &v); err != nil {
				t.Fatal(err)
			}
		},
		"native.json":         fixes("serenazgo/130102/tel-01/pos"),
		"fixes.geojson":       fixes("serenazgo/130102/tel-01/pos"),
		"owntracks.json":      fixes("owntracks/130102/tel-01/telefono"),
		"traccar.json":        fixes("serenazgo/130102/tel-01/pos"),
		"teltonika.json":      fixes("serenazgo/130102/tel-01/pos"),
		"traccar-client.json": fixes("serenazgo/130102/tel-01/pos"),
		"round.json": func(t *testing.T, text string) {
			var m roundMessage
			if err := strict(text, &m); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, text := range ex {
		t.Run(name, func(t *testing.T) {
			f, ok := run[name]
			if !ok {
				t.Fatal("nothing runs this example")
			}
			f(t, text)
		})
	}
	for name := range run {
		if _, ok := ex[name]; !ok {
			t.Errorf("the example %s is gone", name)
		}
	}
}

// TestRefusalsOfFormats holds the table of bad payloads to what devices' bad
// payloads get.
func TestRefusalsOfFormats(t *testing.T) {
	_, rest, ok := strings.Cut(formatsPage(t), "<!-- refused: ")
	topic, rest, ok2 := strings.Cut(rest, " -->\n")
	if !ok || !ok2 {
		t.Fatal("the table of refusals is not marked")
	}
	table, _, _ := strings.Cut(rest, "\n\n")
	row := regexp.MustCompile("(?m)^\\| `(.*?)` \\| (.*) \\|$")
	rows := row.FindAllStringSubmatch(table, -1)
	if len(rows) < 5 {
		t.Fatalf("only %d rows are read", len(rows))
	}
	for _, r := range rows {
		d, _, _ := mqtt.NewRegistry().Decode(mqtt.Message{Topic: topic, Payload: []byte(r[1]), Received: time.Unix(1795324030, 0)})
		if len(d.Rejects) != 1 || d.Rejects[0].Reason != r[2] {
			t.Errorf("%s\n got %+v\nwant %s", r[1], d.Rejects, r[2])
		}
	}
}

// TestFormatsNamesEveryKey holds the page to the keys that programs read.
func TestFormatsNamesEveryKey(t *testing.T) {
	page := formatsPage(t)
	named := func(key, of string) {
		if !strings.Contains(page, "`"+key+"`") {
			t.Errorf("docs/formats.md does not explain %s of %s", key, of)
		}
	}
	for _, v := range []any{patrol.Figures{}, patrol.Standing{}, replanFigures{}, coverage.Totals{}, watch.Bar{}, watch.Meters{}, watch.UnitView{}, routing.Correction{}, importer.Mapping{},
		profiles.Profile{}, profiles.Coverage{}, profiles.Band{}, profiles.Link{}} {
		ty := reflect.TypeOf(v)
		for i := range ty.NumField() {
			tag := ty.Field(i).Tag
			key, _, _ := strings.Cut(tag.Get("json")+tag.Get("yaml"), ",")
			switch key {
			case "-", "id", "created_by", "created_at":
			default:
				named(key, ty.String())
			}
		}
	}
	for _, c := range []struct {
		file, kind, of string
		least          int
	}{
		{"check.go", "ViolationCode", "a violation", 10}, {"edit_rules.go", "ViolationCode", "a violation", 3}, {"edit.go", "NoteCode", "a note", 7},
		{"edit.go", "EditOp", "an edit", 10}, {"replan.go", "EventKind", "an event", 4},
	} {
		src, err := os.ReadFile(filepath.Join("..", "..", "fleet", "patrol", c.file))
		if err != nil {
			t.Fatal(err)
		}
		codes := regexp.MustCompile(c.kind+`\s+= "(\w+)"`).FindAllSubmatch(src, -1)
		if len(codes) < c.least {
			t.Fatalf("%s: only %d of %s are found", c.file, len(codes), c.kind)
		}
		for _, m := range codes {
			named(string(m[1]), c.of)
		}
	}
}
