package embedded

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestStartTwice(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		began := time.Now()
		c, err := Start(context.Background(), Config{Data: dir})
		if err != nil {
			t.Fatal(err)
		}
		t.Log(time.Since(began), c.PID(), c.URL("x"))
		pid := c.PID()
		began = time.Now()
		c.Stop()
		t.Log("stop", time.Since(began))
		if syscall.Kill(pid, 0) == nil {
			t.Fatal("still there")
		}
	}
	es, _ := os.ReadDir(dir)
	for _, e := range es {
		t.Log(e.Name())
	}
}
