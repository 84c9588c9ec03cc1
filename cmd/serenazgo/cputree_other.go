//go:build !linux

package main

// usedByTree is not known on this system.
func usedByTree() cpuUse { return cpuUse{} }
