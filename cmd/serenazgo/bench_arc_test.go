package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestBenchArcStatus(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("small.dat", "CAPACITY : 3\nLIST_REQ_EDGES :\n(1,2) cost 4 demand 2\n(2,3) cost 5 demand 2\nLIST_NOREQ_EDGES :\n(1,3) cost 6\nDEPOT : 1\n")
	wrong := write("wrong.dat", "CAPACITY : 3\nLIST_REQ_EDGES :\n(1,2) cost 4\nDEPOT : 1\n")
	windy := write("windy", "LIST_REQ_EDGES :\n(1,2) cost 4 3\n(2,3) cost 5 9\n")
	best := write("best.csv", "set,instance,best_known\nx,small,23\n")
	longest := write("longest.csv", "instance,k,longest_hgs_5s\nwindy,2,21\n")
	odd := write("odd.csv", "name,value\nsmall,23\n")
	out := filepath.Join(dir, "out")
	for _, tt := range []struct {
		name string
		args []string
		want int
	}{
		{"good", []string{"--files", good, "--best", best, "--solutions", out, "--json"}, 0},
		{"no best costs known", []string{"--files", good}, 0},
		{"two threads", []string{"--files", good, "--best", best, "--threads", "2"}, 0},
		{"longest", []string{"--files", windy, "--best", longest, "--problem", "mm-kwrpp", "--k", "2", "--solutions", out}, 0},
		{"longest of how many", []string{"--files", windy, "--best", longest, "--problem", "mm-kwrpp"}, 2},
		{"no such file", []string{"--files", filepath.Join(dir, "none*"), "--best", best}, 2},
		{"no best costs", []string{"--files", good, "--best", filepath.Join(dir, "none")}, 2},
		{"other columns", []string{"--files", good, "--best", odd}, 2},
		{"broken file", []string{"--files", wrong, "--best", best}, 2},
		{"other problem", []string{"--files", windy, "--best", best}, 2},
		{"no threads", []string{"--files", good, "--best", best, "--threads", "0"}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := run(context.Background(), append([]string{"bench", "arc", "--seconds", "0.05"}, tt.args...)); got != tt.want {
				t.Errorf("exit status %d, want %d", got, tt.want)
			}
		})
	}
	for _, name := range []string{"small.sol", "windy_k2.sol"} {
		if text, err := os.ReadFile(filepath.Join(out, name)); err != nil || len(text) == 0 {
			t.Errorf("walks of %s: %q, %v", name, text, err)
		}
	}
}
