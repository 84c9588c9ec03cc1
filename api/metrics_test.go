package api_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api"
)

func TestMetrics(t *testing.T) {
	h := api.Metrics(func() []api.Figure {
		return []api.Figure{
			{Name: "x_total", Help: "what x is", Value: 2},
			{Name: "queue", Labels: map[string]string{"b": "2", "a": "1"}, Value: 5},
			{Name: "lag_seconds", Spread: &api.Spread{AtMost: map[float64]uint64{0.1: 1, 1: 3}, Count: 4, Sum: 9}},
		}
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{"# HELP x_total what x is\n# TYPE x_total counter\nx_total 2\n", "# TYPE queue gauge\nqueue{a=\"1\",b=\"2\"} 5\n",
		"# TYPE lag_seconds histogram\nlag_seconds_bucket{le=\"0.1\"} 1\nlag_seconds_bucket{le=\"1\"} 3\nlag_seconds_bucket{le=\"+Inf\"} 4\nlag_seconds_sum 9\nlag_seconds_count 4\n", "go_goroutines"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %q in\n%s", want, w.Body)
		}
	}
}
