package main

import "time"

// cpuUse is processor time by who used it.
type cpuUse struct {
	self     time.Duration // this process
	children time.Duration // its descendants but PostgreSQL
	database time.Duration // PostgreSQL's processes among them
}

func (u cpuUse) sum() time.Duration { return u.self + u.children + u.database }

// since is what was used after before. A process that was killed takes its time
// along, so that there may be less than before; that counts as nothing.
func (u cpuUse) since(before cpuUse) cpuUse {
	return cpuUse{max(u.self-before.self, 0), max(u.children-before.children, 0), max(u.database-before.database, 0)}
}

// mean of two uses.
func (u cpuUse) mean(v cpuUse) cpuUse {
	return cpuUse{(u.self + v.self) / 2, (u.children + v.children) / 2, (u.database + v.database) / 2}
}
