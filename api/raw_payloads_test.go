package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

func TestRawPayloads(t *testing.T) {
	s := newSite(t)
	s.must(s.st.SaveDevice(t.Context(), fleet.Device{Ubigeo: here, ID: "gps-raw", Interval: time.Minute, Known: true}, ""))
	admin, path := s.as(fleet.RoleAdmin, here), "/api/v1/d/"+here+"/devices/gps-raw/raw"
	var got api.RawPayloads
	read(t, admin.want(http.StatusOK, "GET", path, nil), &got)
	if got.Days != 0 || len(got.Payloads) != 0 {
		t.Errorf("before: %+v", got)
	}
	admin.want(http.StatusBadRequest, "PUT", path, map[string]any{"days": 31})
	read(t, admin.want(http.StatusOK, "PUT", path, map[string]any{"days": 3}), &got)
	if got.Days != 3 {
		t.Errorf("%d days", got.Days)
	}
	p := fleet.NewRawPayload("gps-raw", []byte(`{"lat":-8,"password":"geheim","x":"`+"\x00"+`"}`), []fleet.Fix{{Ubigeo: here, Device: "gps-raw", Time: noon, Received: noon, Point: orb.Point{-79, -8}, Event: "sos"}})
	p.Topic, p.Decoder, p.Rejects = "x/y", "serenazgo", []string{"lat is missing"}
	s.must(s.st.SaveRaw(t.Context(), []fleet.RawPayload{p}))
	read(t, admin.want(http.StatusOK, "GET", path, nil), &got)
	if len(got.Payloads) != 1 || got.Payloads[0].Payload != `{"lat":-8,"password":"***","x":"\x00"}` || got.Payloads[0].Bytes != 38 ||
		len(got.Payloads[0].Fixes) != 1 || got.Payloads[0].Fixes[0].Event != "sos" || len(got.Payloads[0].Rejects) != 1 {
		t.Errorf("%+v", got.Payloads)
	}
	read(t, admin.want(http.StatusOK, "PUT", path, map[string]any{"days": 0}), &got)
	if got.Days != 0 || len(got.Payloads) != 0 {
		t.Errorf("switched off, there is %+v", got)
	}
	admin.want(http.StatusNotFound, "GET", strings.Replace(path, "gps-raw", "nobody", 1), nil)
	s.as(fleet.RoleSupervisor, here).want(http.StatusForbidden, "GET", path, nil)
	s.as(fleet.RoleAdmin, there).want(http.StatusNotFound, "GET", path, nil)
	rows, err := s.st.AuditRows(t.Context(), here, 10)
	s.must(err)
	var acts []string
	for _, r := range rows {
		acts = append(acts, r.Action)
	}
	if said := strings.Join(acts, " "); !strings.HasPrefix(said, "device.raw.keep device.raw.view device.raw.keep device.raw.view") {
		t.Errorf("the audit says %s", said)
	}
}
