package carp

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// Most of what a file may hold, so that a wrong file ends in an error and not in
// a full memory.
const (
	mostEdges = 1 << 18
	mostNode  = 1<<31 - 1
)

// Read reads an instance. Keys may be English or Spanish; what is not needed is
// passed over. Counts are taken from the lists, never from the header.
func Read(file string, r io.Reader, kind Kind) (*Instance, error) {
	base := path.Base(strings.ReplaceAll(file, `\`, "/"))
	p := &reader{file: file, in: &Instance{Name: strings.TrimSuffix(base, path.Ext(base)), Kind: kind, Depot: -1}}
	if kind != CARP && kind != MCARP && kind != MinMax {
		return nil, fmt.Errorf("unknown problem %q: carp, mcarp or mm-kwrpp", kind)
	}
	s := bufio.NewScanner(r)
	for s.Scan() {
		p.line++
		if err := p.take(s.Text()); err != nil {
			return nil, err
		}
	}
	if err := s.Err(); err != nil {
		p.line++
		return nil, p.problem("%v", err)
	}
	if kind == MinMax && p.in.Depot < 0 {
		p.in.Depot = 1
	}
	p.line = 0
	return p.in, p.whole()
}

type reader struct {
	file string
	line int
	in   *Instance
	list list
}

// list is the kind of edges the current list holds.
type list struct{ open, required, arcs bool }

func (p *reader) problem(format string, args ...any) error {
	return &Problem{p.file, p.line, fmt.Sprintf(format, args...)}
}

func (p *reader) take(text string) error {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "(") {
		return p.edge(text)
	}
	key, value, ok := strings.Cut(text, ":")
	if !ok {
		return nil // a rule, an empty line
	}
	key = strings.ToUpper(strings.Join(strings.Fields(key), "_"))
	value = strings.TrimSpace(value)
	if l, ok := listNamed(key); ok {
		p.list = l
		return nil
	}
	p.list = list{}
	switch key {
	case "CAPACIDAD", "CAPACITY":
		return p.number(key, value, &p.in.Capacity)
	case "DUMPING_COST":
		return p.number(key, value, &p.in.Dump)
	case "DEPOSITO", "DEPOT":
		var n int64
		if err := p.number(key, value, &n); err != nil {
			return err
		}
		if n > mostNode {
			return p.problem("node %d is out of range", n)
		}
		p.in.Depot = int(n)
	}
	return nil
}

// listNamed tells what a list of that name holds, such as LISTA_ARISTAS_REQ,
// EDGE_NOREQ_LIST or LIST_REQ_ARCS.
func listNamed(key string) (list, bool) {
	l := list{required: true}
	for _, w := range strings.Split(key, "_") {
		switch w {
		case "LIST", "LISTA":
			l.open = true
		case "NOREQ":
			l.required = false
		case "ARCS", "ARC", "ARCOS", "ARCO":
			l.arcs = true
		}
	}
	return l, l.open
}

func (p *reader) number(key, value string, to *int64) error {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return p.problem("%s is %q; it must be a whole number from 0", key, value)
	}
	*to = n
	return nil
}

var flat = strings.NewReplacer("(", " ", ")", " ", ",", " ", ":", " ")

// edge reads a line such as "( 1, 2) coste 13 demanda 1".
func (p *reader) edge(text string) error {
	if !p.list.open {
		return p.problem("an edge outside of any list; a line such as LISTA_ARISTAS_REQ : must come before it")
	}
	if len(p.in.Edges) == mostEdges {
		return p.problem("more than %d edges", mostEdges)
	}
	f := strings.Fields(flat.Replace(text))
	values := map[string][]int64{}
	key := "ends"
	for _, w := range f {
		n, err := strconv.ParseInt(w, 10, 64)
		if err != nil {
			key = strings.ToLower(w)
			continue
		}
		if n < 0 || n > mostNode {
			return p.problem("%d is out of range; numbers go from 0 to %d", n, mostNode)
		}
		values[key] = append(values[key], n)
	}
	if len(values["ends"]) != 2 {
		return p.problem("%d nodes; an edge is written ( u, v)", len(values["ends"]))
	}
	e := Edge{U: int(values["ends"][0]), V: int(values["ends"][1]), Required: p.list.required, Line: p.line}
	if err := p.costs(&e, values); err != nil {
		return err
	}
	p.in.Edges = append(p.in.Edges, e)
	return nil
}

func (p *reader) costs(e *Edge, values map[string][]int64) error {
	pick := func(keys ...string) []int64 {
		for _, k := range keys {
			if v := values[k]; v != nil {
				return v
			}
		}
		return nil
	}
	drive := pick("trav_cost", "coste", "cost")
	serve := pick("serv_cost")
	if serve == nil {
		serve = drive
	}
	if p.in.Kind == MinMax {
		if len(drive) != 2 {
			return p.problem("%d costs; a windy edge has two, one a direction", len(drive))
		}
		e.Cost, e.Serve = [2]int64{drive[0], drive[1]}, [2]int64{serve[0], serve[len(serve)-1]}
	} else {
		if len(drive) != 1 || len(serve) != 1 {
			return p.problem("%d costs; an edge has one (two, one a direction, are read with problem mm-kwrpp)", len(drive))
		}
		e.Cost, e.Serve = [2]int64{drive[0], drive[0]}, [2]int64{serve[0], serve[0]}
		d := pick("demanda", "demand")
		if len(d) > 1 || len(d) == 0 && e.Required {
			return p.problem("%d demands; a required edge has one", len(d))
		}
		if len(d) == 1 && e.Required {
			e.Demand = d[0]
		}
	}
	if e.U == e.V { // a loop is driven the cheaper way round
		e.Cost[0], e.Serve[0] = min(e.Cost[0], e.Cost[1]), min(e.Serve[0], e.Serve[1])
		e.Cost[1], e.Serve[1] = Forbidden, Forbidden
	}
	if p.list.arcs {
		e.Cost[1], e.Serve[1] = Forbidden, Forbidden
	}
	for dir := range e.Cost {
		if e.Cost[dir] >= Forbidden {
			e.Cost[dir], e.Serve[dir] = Forbidden, Forbidden
		} else if e.Serve[dir] >= Forbidden {
			return p.problem("serving costs %d, driving %d; costs must be below %d, or both at least that to forbid a direction", e.Serve[dir], e.Cost[dir], Forbidden)
		}
	}
	return nil
}
