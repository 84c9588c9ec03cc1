package provision

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestLink(t *testing.T) {
	p := Phone{Server: "https://serenazgo.example.pe:8443/ajustes", Username: "130102/tel-01", Password: "phb7mt7266u4svzfyxscbca3ctoody27", Interval: 15 * time.Second}
	link, err := p.Link()
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "owntracks" || u.Host != "" || u.Path != "/config" {
		t.Fatal(link, err)
	}
	raw, err := base64.StdEncoding.DecodeString(u.Query().Get("inline"))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	for k, want := range map[string]any{"_type": "configuration", "mode": 3.0, "url": "https://serenazgo.example.pe:8443/ingest/owntracks",
		"username": p.Username, "password": p.Password, "deviceId": "tel-01", "tid": "01", "locatorInterval": 15.0} {
		if got[k] != want {
			t.Errorf("%s: %v, want %v", k, got[k], want)
		}
	}
	for _, bad := range []string{"", "serenazgo.example.pe", "ftp://x", "javascript:alert(1)"} {
		p.Server = bad
		if l, err := p.Link(); err == nil {
			t.Errorf("%q: %s", bad, l)
		}
	}
}

func TestQuery(t *testing.T) {
	p := Phone{Server: "https://x.pe/", Username: "130102/tel-01", Password: "abc"}
	if got, want := p.Query(), "https://x.pe/ingest/osmand?id=130102%2Ftel-01&key=abc&lat={0}&lon={1}"; !strings.HasPrefix(got, want) {
		t.Errorf("%s", got)
	}
}

// TestPicture compares the two pictures of one code, module by module.
func TestPicture(t *testing.T) {
	text := "owntracks:///config?inline=" + strings.Repeat("eyJf", 100)
	m, err := matrix(text)
	if err != nil {
		t.Fatal(err)
	}
	svg, err := SVG(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil {
		t.Error(err)
	}
	drawn, err := Text(text)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(drawn, "\n"), "\n")
	if len(lines) != (len(m)+1)/2 {
		t.Fatalf("%d lines for %d rows", len(lines), len(m))
	}
	for y, row := range m {
		cells := []rune(lines[y/2])
		for x, dark := range row {
			light := cells[x] == '█' || y%2 == 0 && cells[x] == '▀' || y%2 == 1 && cells[x] == '▄'
			if dark == light {
				t.Fatalf("module %d,%d", x, y)
			}
		}
	}
	// The three finder patterns, which every reader looks for.
	n := len(m)
	for _, c := range [][2]int{{quiet + 3, quiet + 3}, {n - quiet - 4, quiet + 3}, {quiet + 3, n - quiet - 4}} {
		if !m[c[1]][c[0]] || m[c[1]-2][c[0]] || !m[c[1]-3][c[0]] {
			t.Errorf("no finder pattern around %v", c)
		}
	}
	if _, err := SVG(strings.Repeat("x", 5000)); err == nil {
		t.Error("a code of 5000 bytes")
	}
}
