package api

import (
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics serves figures in the Prometheus format: those given, by name
// (…_total is a counter), and the process's own. They hold no personal data.
func Metrics(figures map[string]func() float64) http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for name, f := range figures {
		if strings.HasSuffix(name, "_total") {
			r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name}, f))
		} else {
			r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name}, f))
		}
	}
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{DisableCompression: true}) // the server compresses
}
