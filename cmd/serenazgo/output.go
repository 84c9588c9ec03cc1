package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// printJSON writes one JSON object to standard output, and nothing else.
func printJSON(v any) error {
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// inputError marks a mistake of the caller's, for exit status 2, and keeps the
// message as it is.
type inputError struct{ err error }

func (e inputError) Error() string        { return e.err.Error() }
func (e inputError) Unwrap() error        { return e.err }
func (e inputError) Is(target error) bool { return target == errInput }

// badInput marks err as the caller's mistake; nil stays nil.
func badInput(err error) error {
	if err == nil || errors.Is(err, errInput) {
		return err
	}
	return inputError{err}
}

// badInputf is badInput of a formatted message.
func badInputf(format string, args ...any) error { return badInput(fmt.Errorf(format, args...)) }

// progress reports long work on standard error: a bar on a terminal, a line
// every ten seconds elsewhere. It is safe for concurrent use.
type progress struct {
	mu       sync.Mutex
	w        io.Writer
	label    string
	terminal bool
	begun    time.Time
	last     time.Time
	width    int
}

// newProgress starts a report under the label.
func newProgress(label string) *progress {
	fi, err := os.Stderr.Stat()
	now := time.Now()
	return &progress{w: os.Stderr, label: label, begun: now, last: now,
		terminal: err == nil && fi.Mode()&os.ModeCharDevice != 0}
}

// Set reports that done of total is finished; a total of 0 is unknown. The
// note says what is going on.
func (p *progress) Set(done, total float64, note string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	every := 10 * time.Second
	if p.terminal {
		every = 100 * time.Millisecond
	}
	if now.Sub(p.last) < every {
		return
	}
	p.last = now
	share := ""
	if total > 0 {
		f := min(max(done/total, 0), 1)
		if p.terminal {
			n := int(f * 24)
			share = "[" + strings.Repeat("█", n) + strings.Repeat("·", 24-n) + "] "
		}
		share += fmt.Sprintf("%3.0f %% ", 100*f)
	}
	p.line(fmt.Sprintf("%s %s%s", p.label, share, note))
}

// Done ends the report.
func (p *progress) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal && p.width > 0 {
		p.line("")
		fmt.Fprint(p.w, "\r")
	}
}

func (p *progress) line(s string) {
	if !p.terminal {
		fmt.Fprintln(p.w, s)
		return
	}
	n := len([]rune(s))
	fmt.Fprint(p.w, "\r"+s+strings.Repeat(" ", max(0, p.width-n)))
	p.width = n
}
