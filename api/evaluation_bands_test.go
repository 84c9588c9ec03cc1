package api_test

import (
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// Bands that a district has set stay until others are set whole, or those of the
// profile are asked for in words: what says neither is refused.
func TestBandsAreNotLostUnasked(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	at := "/api/v1/d/" + here + "/evaluation/bands"
	var view struct {
		Version        int
		Bands, Default review.Bands
	}
	admin.want(204, "PUT", at, `{"bands":{"green":80,"amber":50,"hot_minutes":12,"hot_gap_minutes":90}}`)
	for _, c := range []struct {
		name        string
		body        any
		field, text string
	}{
		{"no body", nil, "", "La solicitud"},
		{"empty body", "", "", "La solicitud no se entiende"},
		{"null", "null", "", "La solicitud"},
		{"a list", "[]", "", "La solicitud"},
		{"nothing in it", "{}", "bands", "El juego de bandas falta."},
		{"empty bands", `{"bands":{}}`, "bands", "El juego de bandas no tiene la forma"},
		{"one of them", `{"bands":{"green":85}}`, "bands", "El juego de bandas no tiene la forma"},
		{"no amber", `{"bands":{"green":85,"amber":null,"hot_minutes":12,"hot_gap_minutes":90}}`, "bands", "El juego de bandas no tiene la forma"},
		{"text", `{"bands":""}`, "bands", "El juego de bandas no tiene la forma"},
		{"another name", `{"band":null}`, "", "La solicitud no tiene la forma"},
		{"upside down", `{"bands":{"green":50,"amber":80,"hot_minutes":12,"hot_gap_minutes":90}}`, "bands", "ámbar desde 0"},
	} {
		wantRefused(t, c.name, admin.do("PUT", at, c.body), c.field, c.text)
		read(t, admin.want(200, "GET", at, nil), &view)
		if view.Version != 1 || view.Bands.Green != 80 || view.Bands.Amber != 50 {
			t.Errorf("%s: version %d, %+v", c.name, view.Version, view.Bands)
		}
	}
	admin.want(204, "PUT", at, `{"bands":null}`)
	read(t, admin.want(200, "GET", at, nil), &view)
	if view.Bands.Green != view.Default.Green || view.Bands.Amber != view.Default.Amber {
		t.Errorf("asked for those of the profile: %+v, want %+v", view.Bands, view.Default)
	}
}
