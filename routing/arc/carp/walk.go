package carp

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Step is one edge driven from one node to the next, by the file's numbers.
type Step struct {
	From, To int
	Served   bool
}

// Walk is the drive of one vehicle from the depot back to it.
type Walk []Step

// WriteWalks writes a line per walk: its steps as u-v, a served one as u=v.
func WriteWalks(w io.Writer, walks []Walk) error {
	b := bufio.NewWriter(w)
	for _, walk := range walks {
		for i, s := range walk {
			if i > 0 {
				b.WriteByte(' ')
			}
			sign := byte('-')
			if s.Served {
				sign = '='
			}
			b.WriteString(strconv.Itoa(s.From))
			b.WriteByte(sign)
			b.WriteString(strconv.Itoa(s.To))
		}
		b.WriteByte('\n')
	}
	return b.Flush()
}

// ReadWalks reads what WriteWalks has written.
func ReadWalks(file string, r io.Reader) ([]Walk, error) {
	var out []Walk
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<24)
	for line := 1; s.Scan(); line++ {
		var walk Walk
		for _, w := range strings.Fields(s.Text()) {
			at := strings.IndexAny(w, "-=")
			if at < 0 {
				return nil, &Problem{file, line, fmt.Sprintf("step %q; a step is u-v, or u=v where it serves", w)}
			}
			from, err1 := strconv.ParseUint(w[:at], 10, 31)
			to, err2 := strconv.ParseUint(w[at+1:], 10, 31)
			if err1 != nil || err2 != nil {
				return nil, &Problem{file, line, fmt.Sprintf("step %q; nodes are whole numbers from 0", w)}
			}
			walk = append(walk, Step{int(from), int(to), w[at] == '='})
		}
		out = append(out, walk)
	}
	if err := s.Err(); err != nil {
		return nil, &Problem{file, len(out) + 1, err.Error()}
	}
	return out, nil
}
