package arc

// polishShare is the share of the budget that goes into moves before a large
// problem is searched by windows.
const polishShare = 0.1

// polish makes moves that pay until there is none or stop says so, beginning from
// every task.
func (p *plan) polish(stop func() bool) {
	l := newDescent(p)
	for t := range p.where {
		l.look(int32(t))
	}
	l.run(stop)
	p.keep()
}
