// Package review sums up what the municipality and the police did in a period,
// each alone, integrated and together: the indicators that a joint session
// looks at, with the number of observations behind each, the gaps, and what hot
// cells got of what was planned for them.
//
// It works on facts of days (Day), which are made once of a day's fixes and
// kept; a period is never computed from fixes. The formula of each indicator
// stands in one place, Profile.Formulas, which the page and the papers print.
//
// # What is known
//
// Presence is time of a unit in a cell of resolution 9, matched to a street at
// patrol speed, by the thresholds of the profile. A unit that is silent on duty
// is unknown and not absent: cells in a half-hour in which a police unit was
// silent throughout are left out of complementarity unless police were seen
// there. A police plan is what was planned; it never counts as done and stands
// apart (Figure.Planned).
//
// No figure says that patrols changed crime. Lengths are metres or, where named
// so, km; durations seconds or, where named so, minutes; instants UTC. The
// package has no clock.
package review
