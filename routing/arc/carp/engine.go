package carp

import (
	"fmt"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing/arc"
)

// Engine is an instance as the engine of package arc sees it.
type Engine struct {
	Problem *arc.Problem

	in    *Instance
	roads *arc.Roads
	nodes []int         // the file's numbers, ascending
	index map[int]int32 // the other way round
	task  []int         // edge of each task
	dirs  [][2]int      // direction of each way of a task
	depot int32
	place []int32 // node of each place
}

// NewEngine hands an instance to the engine; vehicles is how many there are, 0
// for as many as wanted.
func NewEngine(in *Instance, vehicles int) (*Engine, error) {
	e := &Engine{in: in, index: map[int]int32{}}
	for _, x := range in.Edges {
		e.nodes = append(e.nodes, x.U, x.V)
	}
	slices.Sort(e.nodes)
	e.nodes = slices.Compact(e.nodes)
	for i, n := range e.nodes {
		e.index[n] = int32(i)
	}
	e.depot = e.index[in.Depot]
	var roads []arc.Road
	for _, x := range in.Edges {
		for dir, c := range x.Cost {
			if c < Forbidden {
				from, to := x.ends(dir)
				roads = append(roads, arc.Road{From: e.index[from], To: e.index[to], Cost: int32(c)})
			}
		}
	}
	var err error
	if e.roads, err = arc.NewRoads(len(e.nodes), roads); err != nil {
		return nil, err
	}
	return e, e.pose(vehicles)
}

// pose makes the problem.
func (e *Engine) pose(vehicles int) error {
	p := &arc.Problem{}
	places := map[int32]int32{}
	at := func(node int32) int32 {
		i, ok := places[node]
		if !ok {
			i = int32(len(e.place))
			places[node] = i
			e.place = append(e.place, node)
		}
		return i
	}
	base := at(e.depot)
	for i, x := range e.in.Edges {
		if !x.Required {
			continue
		}
		t := arc.Task{Demand: x.Demand}
		var dirs [2]int
		for dir, c := range x.Cost {
			if c < Forbidden {
				from, to := x.ends(dir)
				dirs[len(t.Ways)] = dir
				t.Ways = append(t.Ways, arc.Way{From: at(e.index[from]), To: at(e.index[to]), Cost: int32(x.Serve[dir])})
			}
		}
		p.Tasks = append(p.Tasks, t)
		e.task, e.dirs = append(e.task, i), append(e.dirs, dirs)
	}
	unit := arc.Unit{Start: base, End: base, Count: vehicles, Fixed: e.in.Dump}
	if e.in.Capacity < math.MaxInt64 {
		unit.Capacity = e.in.Capacity
	}
	p.Units = []arc.Unit{unit}
	if e.in.Kind == MinMax {
		p.Objective = arc.Longest
	}
	var err error
	p.Distances, err = e.roads.Distances(e.place)
	e.Problem = p
	return err
}

// Walks writes a plan out edge by edge.
func (e *Engine) Walks(plan arc.Plan) ([]Walk, error) {
	trip := arc.NewTrip(e.roads)
	var out []Walk
	for _, r := range plan.Routes {
		w, at := Walk{}, e.depot
		drive := func(to int32) error {
			trip.Run(at, func(n int32, _ int64) bool { return n != to })
			way := trip.Way(to)
			if way == nil {
				return fmt.Errorf("no way from node %d to %d", e.nodes[at], e.nodes[to])
			}
			for i := 1; i < len(way); i++ {
				w = append(w, Step{From: e.nodes[way[i-1]], To: e.nodes[way[i]]})
			}
			at = to
			return nil
		}
		for k, t := range r.Tasks {
			from, to := e.in.Edges[e.task[t]].ends(e.dirs[t][r.Ways[k]])
			if err := drive(e.index[from]); err != nil {
				return nil, err
			}
			w = append(w, Step{from, to, true})
			at = e.index[to]
		}
		if err := drive(e.depot); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}
