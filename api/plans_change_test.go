package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
)

type changeBody struct {
	Head *struct {
		ID      string `json:"id"`
		Version int    `json:"version"`
		State   string `json:"state"`
		Parent  string `json:"parent"`
		Edits   []any  `json:"edits"`
		Rules   struct {
			Locks []any `json:"locks"`
		} `json:"rules"`
	} `json:"head"`
	Units  []string          `json:"units"`
	Rounds []json.RawMessage `json:"rounds"`
	After  struct {
		Stops int `json:"stops"`
	} `json:"after"`
}

// send posts a body as it is.
func (p *person) send(method, path, body string) (int, []byte) {
	a := p.do(method, "/api/v1"+path, body)
	return a.status, a.body
}

func fetch(t *testing.T, p *person, path string, into any) {
	t.Helper()
	a := p.do(http.MethodGet, "/api/v1"+path, nil)
	if a.status != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, a.status, a.body)
	}
	must(t, json.Unmarshal(a.body, into))
}

// newest gives the id of the newest version of the shift's plan.
func newest(t *testing.T, p *person) string {
	t.Helper()
	var heads []struct {
		ID string `json:"id"`
	}
	fetch(t, p, "/d/"+here+"/plans?shift="+shift, &heads)
	return heads[0].ID
}

func TestEditsMakeVersions(t *testing.T) {
	s := newSite(t)
	boss := s.as(fleet.RoleSupervisor, here)
	first := newest(t, boss)
	edit := func(id, body string, want int) changeBody {
		t.Helper()
		status, raw := boss.send(http.MethodPost, "/d/"+here+"/plans/"+id+"/edits", body)
		if status != want {
			t.Fatalf("edit of %s: status %d, want %d: %s", id, status, want, raw)
		}
		var c changeBody
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	at := s.graph.Nodes[0].Point
	stop := fmt.Sprintf(`{"op":"add_stop","unit":"C-%s","point":[%f,%f],"minutes":12}`, here, at[0], at[1])
	dry := edit(first, `{"dry_run":true,"edits":[`+stop+`]}`, http.StatusOK)
	if dry.Head != nil || len(dry.Rounds) != 1 || newest(t, boss) != first {
		t.Errorf("asking made a version: %+v", dry)
	}
	brief := edit(first, `{"dry_run":true,"brief":true,"edits":[`+stop+`]}`, http.StatusOK)
	if len(brief.Rounds) != 0 || len(brief.Units) != 1 || brief.After.Stops != dry.After.Stops {
		t.Errorf("in brief: %+v", brief)
	}
	made := edit(first, `{"edits":[`+stop+`]}`, http.StatusOK)
	if made.Head == nil || made.Head.Parent != first || made.Head.State != "draft" || newest(t, boss) != made.Head.ID || made.After.Stops != dry.After.Stops || len(made.Head.Edits) != 1 {
		t.Fatalf("%+v", made)
	}
	// Who edits what is no longer the newest is told who was quicker.
	edit(first, `{"edits":[`+stop+`]}`, http.StatusConflict)
	locked := edit(made.Head.ID, fmt.Sprintf(`{"edits":[{"op":"lock","unit":"C-%s"}]}`, here), http.StatusOK)
	if len(locked.Head.Rules.Locks) != 1 {
		t.Errorf("%+v", locked.Head)
	}
	edit(locked.Head.ID, `{"edits":[]}`, http.StatusBadRequest)
	edit(locked.Head.ID, `{"edits":[{"op":"paint"}]}`, http.StatusBadRequest)
	edit(locked.Head.ID, `{"edits":[{"op":"move_street","to":"nobody","segments":["1-2-3"]}]}`, http.StatusBadRequest)

	// Undo: the first version again, as a new one.
	status, raw := boss.send(http.MethodPost, "/d/"+here+"/plans/"+first+"/restore", `{"newest":"`+locked.Head.ID+`"}`)
	if status != http.StatusOK {
		t.Fatalf("restore: %d %s", status, raw)
	}
	var cmp struct {
		HandedStreets int     `json:"handed_streets"`
		OverlapPct    float64 `json:"overlap_pct"`
	}
	fetch(t, boss, "/d/"+here+"/plans/"+newest(t, boss)+"/compare?with="+first, &cmp)
	if cmp.HandedStreets != 0 || cmp.OverlapPct != 100 {
		t.Errorf("the restored version differs: %+v", cmp)
	}
	if status, _ := boss.send(http.MethodPost, "/d/"+here+"/plans/"+first+"/restore", `{"newest":"`+first+`"}`); status != http.StatusConflict {
		t.Errorf("a restore over somebody else's version: %d", status)
	}
	rows, err := s.st.AuditRows(t.Context(), here, 50)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for _, r := range rows {
		said[r.Action]++
	}
	if said["plan.edit"] != 2 || said["plan.restore"] != 1 {
		t.Errorf("audit: %v", said)
	}
	for _, role := range []fleet.Role{fleet.RoleOperator, fleet.RoleLiaison, fleet.RoleAuditor} {
		if status, _ := s.as(role, here).send(http.MethodPost, "/d/"+here+"/plans/"+newest(t, boss)+"/edits", `{"edits":[`+stop+`]}`); status != http.StatusForbidden {
			t.Errorf("%s edits: %d", role, status)
		}
	}
}

func TestReplanInTheMiddleOfAShift(t *testing.T) {
	s := newSite(t)
	boss := s.as(fleet.RoleSupervisor, here)
	id := newest(t, boss)
	status, raw := boss.send(http.MethodPost, "/d/"+here+"/plans/"+id+"/replan", fmt.Sprintf(`{"at":"2026-11-21T19:03:00Z","events":[{"kind":"unit_lost","unit":"C-%s"}]}`, here))
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, raw)
	}
	var c changeBody
	if err := json.Unmarshal(raw, &c); err != nil || c.Head == nil || len(c.Units) != 1 {
		t.Errorf("%v %s", err, raw)
	}
	if status, _ := boss.send(http.MethodPost, "/d/"+here+"/plans/"+c.Head.ID+"/replan", `{"at":"2026-11-22T23:03:00Z","events":[{"kind":"unit_lost","unit":"x"}]}`); status != http.StatusBadRequest {
		t.Errorf("outside the shift: %d", status)
	}
}
