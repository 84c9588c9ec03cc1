// Package match turns the fixes of one unit into traversals of the street
// network (map matching).
//
// Method: a hidden Markov model (Newson & Krumm, "Hidden Markov map matching
// through noise and sparseness", 2009) over a short window. A hidden state is
// an arc and a place on it. A fix is likely where it is near the arc (Gaussian
// of the distance) and moves along it (course, where the receiver gave one and
// the unit moves). The errors of a receiver last: a fix is likelier where it is
// off to the side as the fix before was. Going from one state to the next is
// likely where the way by street is about as long as the straight line
// (exponential of the difference); a U-turn costs extra metres, and going over
// to a street that runs beside the one driven costs something too. The best
// path is committed when it is Config.Lag old; its posterior, by the
// forward-backward algorithm on the same window, is the probability that the
// unit drove along that piece of arc, whatever the state at its ends. On long
// steps, rival ways that no state stands for lower it too.
//
// Shortest ways between near arcs are kept in a table that all matchers of a
// graph and mode share (ways); it changes how fast a matcher is, not what it
// gives. All tables of a process keep four million ways together, about 92 MB.
// States that fall beam nats behind the best are not gone on from.
//
// What is not movement: fixes within Config.MinMove of the last one used, or
// within Config.StopRadius while the receiver reports no speed, are one place
// at which time passes. Noise that throws a standing unit back along its arc
// is no movement either.
//
// What is not known: after a gap (Config.MaxGap, Config.MaxJump), where there
// is no street, or where no way could have been driven in the time, the track
// breaks and starts anew. Over a gap a path is given only if it is the only
// reasonable one.
//
// Units: metres, seconds, m/s, degrees clockwise from north. The same fixes
// give the same traversals, however they arrive. A Matcher is not safe for
// concurrent use; any number may share a Graph.
package match
