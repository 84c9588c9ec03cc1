package mqtt

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Sessions of devices and programs, in testdata/sessions, a file each. A line
// begins with what it is:
//
//	# a remark
//	@ when the following is received
//	> the topic of a message; its payload is the next line, and what is to come
//	  of it follows:
//	= a fix: device, instant, position, speed in km/h, event, flags ("-": none)
//	! a dead letter, and a part of its reason
//	. a message that holds nothing to store, and its kind
type sessionMessage struct {
	line           int
	received       time.Time
	topic, payload string
	want           []string
}

func readSession(t *testing.T, file string) (out []sessionMessage) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	var at time.Time
	for n := 1; lines.Scan(); n++ {
		kind, rest, _ := strings.Cut(lines.Text(), " ")
		switch kind {
		case "#":
		case "@":
			if at, err = time.Parse(time.RFC3339, rest); err != nil {
				t.Fatalf("%s:%d: %v", file, n, err)
			}
		case ">":
			m := sessionMessage{line: n, received: at, topic: rest}
			lines.Scan()
			n++
			m.payload = lines.Text()
			out = append(out, m)
		case "=", "!", ".":
			last := &out[len(out)-1]
			last.want = append(last.want, lines.Text())
		default:
			t.Fatalf("%s:%d: a line that begins with %q", file, n, kind)
		}
	}
	if err := lines.Err(); err != nil || len(out) == 0 {
		t.Fatalf("%s: %d messages, %v", file, len(out), err)
	}
	return out
}

func sessions(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/sessions/*.txt")
	if err != nil || len(files) != len(byShape) {
		t.Fatalf("%d sessions of %d formats, %v", len(files), len(byShape), err)
	}
	return files
}

// told is a fix as a session writes it.
func told(f fleet.Fix) string {
	or := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	number := func(v float64) string { return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64) }
	point, speed := "-", "-"
	if !math.IsNaN(f.Point[0]) {
		point = number(f.Point[0]) + "," + number(f.Point[1])
	}
	if !math.IsNaN(f.Speed) {
		speed = number(f.Speed * 3.6)
	}
	return fmt.Sprintf("= %s %s %s %s %s %s", f.Device, f.Time.UTC().Format(time.RFC3339Nano), point, speed, or(f.Event), or(f.Flags.String()))
}

func TestSessionsAreRead(t *testing.T) {
	for _, file := range sessions(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			r := NewRegistry()
			r.Set("130102", ruled, nil)
			for _, m := range readSession(t, file) {
				d, ubigeo, _ := r.Decode(Message{Topic: m.topic, Payload: []byte(m.payload), Received: m.received})
				if ubigeo != "130102" {
					t.Errorf("line %d: district %q", m.line, ubigeo)
				}
				var got []string
				for _, f := range d.Fixes {
					got = append(got, told(f))
				}
				slices.Sort(got)
				want := slices.Sorted(slices.Values(m.want))
				if len(d.Rejects) == 1 && len(got) == 0 && len(want) == 1 {
					if reason, ok := strings.CutPrefix(want[0], "! "); !ok || !strings.Contains(d.Rejects[0].Reason, reason) {
						t.Errorf("line %d: %q; want %s", m.line, d.Rejects[0].Reason, want[0])
					}
					continue
				}
				if d.Skipped != "" {
					got = append(got, ". "+d.Skipped)
				}
				if !slices.Equal(got, want) || len(d.Rejects) > 0 {
					t.Errorf("line %d:\n%s\nrejected %v, want\n%s", m.line, strings.Join(got, "\n"), d.Rejects, strings.Join(want, "\n"))
				}
			}
		})
	}
}

// Every session published to Debian's broker by its own client, with MQTT 5, is
// stored as it was read: each fix once, each dead letter.
func TestSessionsThroughMosquitto(t *testing.T) {
	bin := mosquittoPub(t)
	m := newMosquitto(t)
	s := newSite(t)
	r := NewRegistry()
	r.Set("130102", ruled, nil)
	// The clock stands where the sessions are.
	at := time.Date(2025, 11, 21, 22, 45, 0, 0, time.UTC)
	sub, _ := s.subscriber(m.url(), func(c *SubscriberConfig) { c.Registry, c.Now = r, func() time.Time { return at } })
	ready(t, sub)
	want, letters := map[string]map[string]bool{}, 0
	for _, file := range sessions(t) {
		byTopic := map[string][]string{}
		var topics []string
		for _, msg := range readSession(t, file) {
			if byTopic[msg.topic] == nil {
				topics = append(topics, msg.topic)
			}
			byTopic[msg.topic] = append(byTopic[msg.topic], msg.payload)
			for _, w := range msg.want {
				switch f := strings.Fields(w); {
				case f[0] == "!":
					letters++
				case f[0] == "=" && !strings.Contains(w, "receive_time"): // that one is of the clock's instant
					if want[f[1]] == nil {
						want[f[1]] = map[string]bool{}
					}
					want[f[1]][f[2]+" "+f[3]] = true
				}
			}
		}
		for _, topic := range topics {
			c := exec.Command(bin, "-V", "5", "-q", "1", "-h", "127.0.0.1", "-p", fmt.Sprint(m.port), "-t", topic, "-l")
			c.Stdin = strings.NewReader(strings.Join(byTopic[topic], "\n") + "\n")
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v: %s", topic, err, out)
			}
		}
	}
	for device, fixes := range want {
		got := map[string]bool{}
		eventually(t, fmt.Sprintf("%d fixes of %s", len(fixes), device), func() bool {
			rows, err := s.store.Fixes(t.Context(), "130102", device, at.Add(-time.Hour), at.Add(-time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			clear(got)
			for _, f := range rows {
				part := strings.Fields(told(f))
				got[part[2]+" "+part[3]] = true
			}
			return len(rows) >= len(fixes)
		})
		for f := range fixes {
			if !got[f] {
				t.Errorf("%s: %s is not stored, but %v", device, f, got)
			}
		}
		if len(got) != len(fixes) {
			t.Errorf("%s: %d fixes are stored, %d were sent", device, len(got), len(fixes))
		}
	}
	eventually(t, fmt.Sprintf("%d dead letters", letters), func() bool { return len(s.letters()) == letters })
}
