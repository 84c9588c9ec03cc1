package api

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Figure is one value of GET /metrics. A name that ends in _total is a counter,
// any other a gauge; with Spread it is a histogram and Value does not count.
// Figures of one name have one Help and the same names of labels.
type Figure struct {
	Name, Help string
	Labels     map[string]string
	Value      float64
	Spread     *Spread
}

// Spread is a histogram: how many values were at most each bound, all of them,
// and their sum.
type Spread struct {
	AtMost map[float64]uint64
	Count  uint64
	Sum    float64
}

// Metrics serves figures in the Prometheus format, and the process's own. They
// hold no personal data.
func Metrics(read func() []Figure) http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), figures(read))
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{DisableCompression: true}) // the server compresses
}

// figures collects what is read at each request.
type figures func() []Figure

// Describe says nothing: which figures there are is known when they are read.
func (figures) Describe(chan<- *prometheus.Desc) {}

// Collect reads the figures.
func (read figures) Collect(out chan<- prometheus.Metric) {
	for _, f := range read() {
		names := slices.Sorted(maps.Keys(f.Labels))
		values := make([]string, len(names))
		for i, n := range names {
			values[i] = f.Labels[n]
		}
		desc := prometheus.NewDesc(f.Name, f.Help, names, nil)
		switch {
		case f.Spread != nil:
			out <- prometheus.MustNewConstHistogram(desc, f.Spread.Count, f.Spread.Sum, f.Spread.AtMost, values...)
		case strings.HasSuffix(f.Name, "_total"):
			out <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, f.Value, values...)
		default:
			out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, f.Value, values...)
		}
	}
}
