package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestBenchMatchStatus(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	points := write("points.csv", "id,time,geometry\n1,2018-07-18 17:13:33+00:00,POINT (11.90 50.3)\n1,2018-07-18 17:13:43+00:00,POINT (11.902 50.3)\n")
	truth := write("truth.csv", "id,WKT\n1,\"LINESTRING (11.899 50.3,11.901 50.3,11.903 50.3)\"\n")
	for _, tt := range []struct {
		name string
		args []string
		want int
	}{
		{"good", []string{"--points", points, "--truth", truth, "--network-from-truth"}, 0},
		{"no network", []string{"--points", points, "--truth", truth}, 2},
		{"two networks", []string{"--points", points, "--truth", truth, "--network-from-truth", "--osm", points}, 2},
		{"no such file", []string{"--points", filepath.Join(dir, "none"), "--truth", truth, "--network-from-truth"}, 2},
		{"files mixed up", []string{"--points", truth, "--truth", points, "--network-from-truth"}, 2},
		{"no tracks", []string{"--network-from-truth"}, 2},
		{"both kinds of tracks", []string{"--points", points, "--truth", truth, "--synthetic", points, "--osm", points}, 2},
		{"drives without streets", []string{"--synthetic", points, "--network-from-truth"}, 2},
		{"not a feed", []string{"--synthetic", points, "--osm", points}, 2},
		{"noise below nothing", []string{"--synthetic", points, "--osm", points, "--noise", "-1"}, 2},
		{"not an extract", []string{"--points", points, "--truth", truth, "--osm", truth}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := run(context.Background(), append([]string{"bench", "match"}, tt.args...)); got != tt.want {
				t.Errorf("exit status %d, want %d", got, tt.want)
			}
		})
	}
}
