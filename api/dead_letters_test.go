package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

func TestDeadLetters(t *testing.T) {
	s := newSite(t)
	admin, path := s.as(fleet.RoleAdmin, here), "/api/v1/d/"+here+"/dead-letters"
	long := strings.Repeat("<script>", 5000)
	s.must(s.st.SaveDeadLetter(t.Context(), fleet.DeadLetter{Ubigeo: here, Received: noon, Topic: "y", Client: "gps-1", Code: fleet.LetterEncrypted, Reason: "it is encrypted", Payload: []byte(long)}))
	var got api.DeadLetters
	read(t, admin.want(http.StatusOK, "GET", path, nil), &got)
	if got.Total != 2 || len(got.Letters) != 2 || got.Letters[0].Code != "encrypted" || got.Letters[0].Bytes != len(long) || len(got.Letters[0].Payload) != 200 {
		t.Fatalf("%+v", got)
	}
	if old := got.Letters[1]; old.Code != "" || old.Payload != `\xff<b>\x00` {
		t.Errorf("%+v", old)
	}
	one := fmt.Sprintf("%s?id=%d", path, got.Letters[0].Id)
	var whole api.DeadLetters
	read(t, admin.want(http.StatusOK, "GET", one, nil), &whole)
	if len(whole.Letters) != 1 || len(whole.Letters[0].Payload) != 16_000 || whole.Letters[0].Client != "gps-1" {
		t.Errorf("of one is shown: %d letters", len(whole.Letters))
	}
	var done fleet.Replayed
	read(t, admin.want(http.StatusOK, "POST", path+"/replay", map[string]any{"id": got.Letters[0].Id}), &done)
	read(t, admin.want(http.StatusOK, "POST", path+"/replay", map[string]any{}), &done)
	if len(s.parts.replayed) != 3 || s.parts.replayed[0].Topic != "y" || done.Letters != 2 {
		t.Errorf("%d were read anew: %+v", len(s.parts.replayed), done)
	}
	admin.want(http.StatusNoContent, "DELETE", one, nil)
	admin.want(http.StatusNotFound, "DELETE", one, nil)
	admin.want(http.StatusNotFound, "POST", path+"/replay", map[string]any{"id": got.Letters[0].Id})
	s.as(fleet.RoleSupervisor, here).want(http.StatusForbidden, "DELETE", one, nil)
	s.as(fleet.RoleAdmin, there).want(http.StatusNotFound, "GET", one, nil)
	rows, err := s.st.AuditRows(t.Context(), here, 10)
	s.must(err)
	var acts []string
	for _, r := range rows {
		acts = append(acts, r.Action)
	}
	if said := strings.Join(acts, " "); !strings.Contains(said, "dead_letter.discard dead_letter.replay dead_letter.replay dead_letter.view dead_letter.list") {
		t.Errorf("the audit says %s", said)
	}
}
