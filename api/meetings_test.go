package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/session"
)

// meeting is an answer about a session.
type meeting struct {
	Session session.Session `json:"session"`
	Sum     string          `json:"sum"`
}

func TestMeetingFromDraftToLock(t *testing.T) {
	s := newSite(t)
	boss, pnp, auditor := s.as(fleet.RoleSupervisor, here), s.as(fleet.RoleLiaison, here), s.as(fleet.RoleAuditor, here)
	d := "/api/v1/d/" + here + "/meetings"
	is := func(a answer) (m meeting) {
		t.Helper()
		if err := json.Unmarshal(a.body, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	type body = map[string]any
	begun := is(boss.want(201, "POST", d, body{"from": "2026-07-01", "to": "2026-09-30"}))
	boss.want(409, "POST", d, body{"from": "2026-07-01", "to": "2026-09-30"})
	boss.want(400, "POST", d, body{"from": "2026-09-30", "to": "2026-07-01"})
	at := d + "/" + begun.Session.ID
	step := func(p *person, status int, b body) answer { t.Helper(); return p.want(status, "POST", at, b) }

	step(pnp, 403, body{"step": "submit"})
	step(pnp, 409, body{"step": "look"})
	step(boss, 200, body{"step": "retake"})
	step(boss, 200, body{"step": "submit"})
	step(boss, 200, body{"step": "look"})
	step(boss, 409, body{"step": "sign", "sum": begun.Sum})
	reviewed := is(step(pnp, 200, body{"step": "look"}))
	step(pnp, 400, body{"step": "agree", "sum": reviewed.Sum, "agreement": body{"text": "x", "who": "x", "due": "mañana"}})
	step(pnp, 400, body{"step": "agree"})
	agreed := is(step(pnp, 200, body{"step": "agree", "sum": reviewed.Sum, "agreement": body{"text": "GPS en 4 patrulleros", "who": "Comisaría", "side": "police", "due": "2026-12-15"}}))
	step(boss, 200, body{"step": "attend", "sum": agreed.Sum, "attendance": []body{{"name": "Ana Ríos", "post": "Secretaria técnica"}}})
	step(boss, 400, body{"step": "comment", "indicator": "luck", "text": "x"})
	now := is(step(pnp, 200, body{"step": "comment", "indicator": "street_coverage_pct", "text": "Falta el sector 4"}))
	step(pnp, 409, body{"step": "sign", "sum": begun.Sum})
	step(pnp, 200, body{"step": "sign", "sum": now.Sum})
	locked := is(step(boss, 200, body{"step": "sign", "sum": now.Sum}))
	if x := locked.Session; x.State != session.Locked || x.Hash != now.Sum || locked.Sum != now.Sum || len(x.Signed) != 2 {
		t.Errorf("both have signed: %+v", locked)
	}
	step(boss, 409, body{"step": "comment", "text": "tarde"})
	if again := is(auditor.want(200, "GET", at, nil)); again.Sum != now.Sum || again.Session.Hash != now.Sum {
		t.Errorf("read again: %s, %s", again.Sum, again.Session.Hash)
	}
	second := is(step(boss, 200, body{"step": "correct"}))
	if x := second.Session; x.Version != 2 || x.Parent != begun.Session.ID || x.State != session.Draft || len(x.Agreements) != 1 {
		t.Errorf("correction: %+v", x)
	}
	// The next quarter begins with what is still open.
	next := is(boss.want(201, "POST", d, body{"from": "2026-10-01", "to": "2026-12-31"}))
	if as := next.Session.Agreements; len(as) != 1 || as[0].From != begun.Session.ID {
		t.Errorf("carried on: %+v", as)
	}
	var heads []struct {
		ID    string `json:"id"`
		State string `json:"state"`
	}
	if err := json.Unmarshal(pnp.want(200, "GET", d, nil).body, &heads); err != nil || len(heads) != 4 || heads[0].ID != next.Session.ID {
		t.Errorf("listed: %v, %v", heads, err)
	}
	s.as(fleet.RoleOperator, here).want(403, "GET", d, nil)

	// Both read the same paper; what is signed stays, a draft can be dropped.
	for _, f := range []string{"pdf", "xlsx", "json"} {
		if paper := auditor.want(200, "GET", at+"/paper?format="+f, nil); len(paper.body) < 500 {
			t.Errorf("%s: %d bytes", f, len(paper.body))
		}
	}
	var printed struct{ Sum, Hash string }
	read(t, pnp.want(200, "GET", at+"/paper?format=json", nil), &printed)
	if printed.Sum != now.Sum || printed.Hash != now.Sum {
		t.Errorf("printed %+v, signed %s", printed, now.Sum)
	}
	boss.want(409, "DELETE", at, nil)
	pnp.want(403, "DELETE", d+"/"+next.Session.ID, nil)
	boss.want(204, "DELETE", d+"/"+next.Session.ID, nil)
	boss.want(404, "GET", d+"/"+next.Session.ID, nil)
}

// TestMeetingOfLongNames: a session of the longest area and shift can be had by
// its id, and dropped.
func TestMeetingOfLongNames(t *testing.T) {
	s := newSite(t)
	boss := s.as(fleet.RoleSupervisor, here)
	q := review.Query{Period: review.Period{From: "2026-07-01", To: "2026-09-30"}, Sector: strings.Repeat("s", 64), Shift: strings.Repeat("t", 40)}
	x, err := s.st.AddReviewSession(t.Context(), session.Session{Ubigeo: here, Query: q, State: session.Draft, Changed: noon}, fleet.AuditRow{Ubigeo: here, At: noon, Action: "meeting.begin"})
	s.must(err)
	at := "/api/v1/d/" + here + "/meetings/" + x.ID
	boss.want(200, "GET", at, nil)
	boss.want(200, "GET", at+"/paper?format=json", nil)
	boss.want(204, "DELETE", at, nil)
}

// TestMeetingOfTwoAtOnce: who has an old copy of a session open undoes nothing
// that another wrote meanwhile.
func TestMeetingOfTwoAtOnce(t *testing.T) {
	s := newSite(t)
	boss, pnp := s.as(fleet.RoleSupervisor, here), s.as(fleet.RoleLiaison, here)
	type body = map[string]any
	var seen, now meeting
	d := "/api/v1/d/" + here + "/meetings"
	read(t, boss.want(201, "POST", d, body{"from": "2026-07-01", "to": "2026-09-30"}), &seen)
	at := d + "/" + seen.Session.ID
	attend := func(sum string, names ...string) body {
		who := []body{}
		for _, n := range names {
			who = append(who, body{"name": n, "post": "x"})
		}
		return body{"step": "attend", "sum": sum, "attendance": who}
	}
	agree := func(sum, id, state string) body {
		a := body{"id": id, "text": "GPS", "who": "x", "due": "2026-12-15", "state": state}
		if state == "done" {
			a["done_on"] = "2026-12-01"
		}
		return body{"step": "agree", "sum": sum, "agreement": a}
	}
	refused := func(name string, a answer) {
		t.Helper()
		if !strings.Contains(string(a.body), "Otra persona cambió la sesión") {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	read(t, pnp.want(200, "POST", at, attend(seen.Sum, "Ana")), &now)
	refused("attendance from an old copy", boss.want(409, "POST", at, attend(seen.Sum, "Luis")))
	refused("attendance from no copy", boss.want(409, "POST", at, attend("", "Luis")))
	read(t, boss.want(200, "POST", at, attend(now.Sum, "Ana", "Luis")), &seen)

	read(t, boss.want(200, "POST", at, agree(seen.Sum, "", "open")), &seen)
	id := seen.Session.Agreements[0].ID
	read(t, pnp.want(200, "POST", at, agree(seen.Sum, id, "done")), &now)
	refused("an agreement from an old copy", boss.want(409, "POST", at, agree(seen.Sum, id, "dropped")))
	read(t, boss.want(200, "GET", at, nil), &seen)
	if x := seen.Session; seen.Sum != now.Sum || len(x.Attendance) != 2 || x.Agreements[0].State != session.Done {
		t.Errorf("kept: %+v", x)
	}
}

// TestMeetingsRefuseInSpanish: what cannot be is told in words of the page, with
// the field that it is about.
func TestMeetingsRefuseInSpanish(t *testing.T) {
	s := newSite(t)
	boss := s.as(fleet.RoleSupervisor, here)
	d := "/api/v1/d/" + here + "/meetings"
	type body = map[string]any
	var begun meeting
	read(t, boss.want(201, "POST", d, body{"from": "2026-07-01", "to": "2026-09-30"}), &begun)
	at := d + "/" + begun.Session.ID
	const period, agreement = "dé dos fechas en orden", "Un acuerdo lleva su texto"
	for _, c := range []struct {
		name, path  string
		body        body
		field, text string
	}{
		{"backwards", d, body{"from": "2026-09-30", "to": "2026-07-01"}, "from", period},
		{"no such day", d, body{"from": "2026-02-30", "to": "2026-03-31"}, "from", period},
		{"too long", d, body{"from": "2025-01-01", "to": "2026-03-31"}, "from", period},
		{"no comment", at, body{"step": "comment"}, "text", "Escriba el comentario"},
		{"no indicator", at, body{"step": "comment", "text": "x", "indicator": "luck"}, "text", "Escriba el comentario"},
		{"no day", at, body{"step": "agree", "sum": begun.Sum, "agreement": body{"text": "x", "who": "x", "due": "mañana"}}, "agreement", agreement},
		{"nobody", at, body{"step": "attend", "sum": begun.Sum, "attendance": []body{{"name": "", "post": "x"}}}, "attendance", "Cada asistente"},
	} {
		wantRefused(t, c.name, boss.want(400, "POST", c.path, c.body), c.field, c.text)
	}
}
