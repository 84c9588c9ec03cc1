package api_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb/geojson"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

func TestExport(t *testing.T) {
	s := newSite(t)
	op := s.as(fleet.RoleOperator, here)
	d := "/api/v1/d/" + here + "/export"
	a := op.want(200, "GET", d, nil)
	if n := strings.Count(string(a.body), "\r\n"); n < 30 || a.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("%d lines of %s", n, a.header.Get("Content-Type"))
	}
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="recorrido-010203-c-010203-20261120-1530-20261121-1530.csv"` {
		t.Errorf("called %s", got)
	}
	for format, begins := range map[string]string{"xlsx": "PK", "gpx": "<?xml", "kml": "<?xml", "geojson": "{"} {
		for _, what := range []string{"trail", "trips", "stops", "events"} {
			a := op.want(200, "GET", d+"?what="+what+"&format="+format+"&unit=C-"+here, nil)
			if !strings.HasPrefix(string(a.body), begins) {
				t.Errorf("%s as %s begins with %.20q", what, format, a.body)
			}
			if _, err := geojson.UnmarshalFeatureCollection(a.body); format == "geojson" && err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	for _, bad := range []string{"?format=pdf", "?what=todo", "?doubtful=true&format=kml", "?from=2026-01-01T00:00:00Z"} {
		if a := op.do("GET", d+bad, nil); a.status != 400 {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
	rows, err := s.st.AuditRows(t.Context(), here, 100)
	s.must(err)
	exports := 0
	for _, r := range rows {
		if strings.HasPrefix(r.Action, "export.") {
			exports++
		}
	}
	if exports != 17 {
		t.Errorf("%d exports audited", exports)
	}
}

// broken is a store whose fixes end in an error.
type broken struct{ api.Store }

func (b broken) EachFixes(ctx context.Context, ubigeo, unit string, from, to time.Time, do func([]fleet.Fix) error) error {
	if err := b.Store.EachFixes(ctx, ubigeo, unit, from, to, do); err != nil {
		return err
	}
	return errors.New("the server went away")
}

// TestHalfAFile: whoever gets half a file is told.
func TestHalfAFile(t *testing.T) {
	s := newSite(t, func(c *api.Config) { c.Store = broken{c.Store} })
	p := s.as(fleet.RoleOperator, here)
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/api/v1/d/"+here+"/export", nil)
	s.must(err)
	req.AddCookie(&http.Cookie{Name: "serenazgo_session", Value: p.cookie})
	res, err := http.DefaultClient.Do(req)
	if err == nil {
		defer res.Body.Close()
		_, err = io.ReadAll(res.Body)
	}
	if err == nil {
		t.Error("a file that was broken off looks whole")
	}
}
