package api_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api/export/evidence"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// TestBundle: everybody takes the evidence that he may see paper by paper, it
// can be verified, and what was taken is on record by its sum.
func TestBundle(t *testing.T) {
	s := newSite(t)
	s.must(s.st.SetPlanState(t.Context(), here, "approved-"+here, patrol.Approved, patrol.Published, "x", noon))
	at := "/api/v1/d/" + here + "/evaluation/bundle?from=2026-11-21&to=2026-11-21"
	take := func(role fleet.Role, path string) (map[string][]byte, evidence.Manifest) {
		t.Helper()
		body := s.as(role, here).want(200, "GET", path, nil).body
		z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		s.must(err)
		files := map[string][]byte{}
		for _, f := range z.File {
			r, err := f.Open()
			s.must(err)
			files[f.Name], err = io.ReadAll(r)
			s.must(err)
		}
		var m evidence.Manifest
		s.must(json.Unmarshal(files["manifest.json"], &m))
		for _, f := range m.Files {
			if sum := sha256.Sum256(files[f.Name]); hex.EncodeToString(sum[:]) != f.SHA256 {
				t.Errorf("%s: the sum of %s does not fit", role, f.Name)
			}
		}
		return files, m
	}
	inTurns := func(files map[string][]byte) (out []string) {
		for name := range files {
			if strings.HasPrefix(name, "turnos/") {
				out = append(out, name)
			}
		}
		slices.Sort(out)
		return out
	}
	files, m := take(fleet.RoleSupervisor, at)
	if got := inTurns(files); !m.Forms || len(got) != 12 {
		t.Errorf("a supervisor has %v", got)
	}
	sum := sha256.Sum256(files["SHA256SUMS"])
	rows, err := s.st.AuditRows(t.Context(), here, 20)
	s.must(err)
	if !slices.ContainsFunc(rows, func(r fleet.AuditRow) bool {
		return r.Action == "bundle.made" && strings.Contains(r.Detail, hex.EncodeToString(sum[:]))
	}) {
		t.Error("what was taken is not on record")
	}
	// An auditor has what units did when the shift is over.
	if files, _ := take(fleet.RoleAuditor, at); len(inTurns(files)) != 6 {
		t.Errorf("an auditor has %v", inTurns(files))
	}
	// A liaison has joint figures only, and is told so.
	files, m = take(fleet.RoleLiaison, at)
	if got := inTurns(files); m.Forms || m.Why == "" || len(got) != 0 {
		t.Errorf("a liaison has %v", got)
	}
	if !slices.ContainsFunc(m.Files, func(f evidence.Entry) bool { return strings.HasPrefix(f.Name, "mapa-conjunto-") }) {
		t.Errorf("there is no joint map in %v", m.Files)
	}
	if _, m := take(fleet.RoleSupervisor, strings.Replace(at, "from=2026-11-21", "from=2026-10-01", 1)); m.Forms || m.Why == "" {
		t.Error("a long period has the forms of every shift")
	}
	s.as(fleet.RoleOperator, here).want(403, "GET", at, nil)
	s.as(fleet.RoleSupervisor, here).want(400, "GET", strings.Replace(at, "to=2026-11-21", "to=2026-11-20", 1), nil)
}

// TestRiskPaper: the map that leaves the house is coarse for everybody.
func TestRiskPaper(t *testing.T) {
	s := newSite(t)
	at := "/api/v1/d/" + here + "/risk/paper?shift=" + shift
	var m forms.JointMap
	read(t, s.as(fleet.RoleSupervisor, here).want(200, "GET", at+"&format=json", nil), &m)
	if len(m.Cells) == 0 || string(m.Shift.ID) != shift || len(m.Terms) == 0 {
		t.Fatalf("map: %+v", m)
	}
	for _, c := range m.Cells {
		if head := strings.TrimRight(strings.TrimLeft(strings.ReplaceAll(strconv.FormatFloat(c.Times, 'f', 6, 64), ".", ""), "0"), "0"); head != "" && head != "1" && head != "2" && head != "5" {
			t.Errorf("cell %s has %v times the mean", c.Cell, c.Times)
		}
	}
	pnp := s.as(fleet.RoleLiaison, here)
	for format, begins := range map[string]string{"": "%PDF-", "&format=xlsx": "PK"} {
		if a := pnp.want(200, "GET", at+format, nil); !strings.HasPrefix(string(a.body), begins) {
			t.Errorf("%q begins with %.20q", format, a.body)
		}
	}
}
