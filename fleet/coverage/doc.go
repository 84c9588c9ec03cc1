// Package coverage says which streets and cells of a district were patrolled in
// a shift, by whom, for how long, and where nobody was: driven, from matched
// tracks (Coverage, Live), and planned (Planned, PlannedPolice), never mixed.
//
// # Streets
//
// A passage is what a unit did on an arc in one go (a pause longer than
// Config.Pause ends it). Its speed is the length-weighted median of the speeds
// that the receiver reported while moving, or length over moving time where it
// reported none. Above Config.PatrolSpeed it is transit, and covers nothing.
//
//	certain   = union of the passage's pieces with posterior ≥ Config.Certain
//	probable  = union of those with posterior ≥ Config.Probable
//	covered   : the union over a force's passages of certain is ≥ Config.Share of the length
//	visit     : one passage whose certain part is ≥ Config.EndToEnd of the length
//
// A force covers a street by its own units; the part that an integrated crew
// drove counts for either force. A street covered by an integrated crew alone
// is integrated, never both. A covered street counts whole.
//
// # Figures (Totals), as km and as % of the street that counts
//
// Street counts if it belongs to the district and some unit can reach it.
//
//	serenazgo  = covered by municipal or integrated units
//	pnp        = covered by police or integrated units
//	both       = covered by municipal and by police units
//	integrated = covered by integrated units
//	joint      = covered by any force
//	unknown    = covered by nobody, and a unit that was silent at that time, give
//	             or take Config.Drift, had a planned leg there
//	none       = street km − joint − unknown
//	probable   = not covered, but would be if posterior ≥ Config.Probable were enough
//	estimate   = joint + Σ posterior × length of probable, posterior being the
//	             best passage's mean by length
//	transit    = not covered, but driven over Config.Share of its length at any speed
//
// Figures come with the number of units on duty, heard and silent (no usable
// fix for longer than Config.Silence while on duty): silence is unknown, not
// absence.
//
// # Cells
//
// At each of Config.Resolutions, a cell counts if a street that counts touches
// it (sampled every 10 m). Passages at patrol speed and stays, with posterior ≥
// Config.Probable, give presence there.
//
//	dwell   = unit-seconds of presence, by force
//	visits  = presence of any force; interruptions up to Config.Pause do not end one
//	gaps    = time without a visit from the start of the shift to now or its end
//
// # Plans
//
// Planned.At is the length of the streets whose first service, repeat or fill
// leg has ended. PlannedPolice.Probability is 1 − Π(1 − trust·(1 − e^−passes)).
//
// # The same answer
//
// All sums are over sets, or of whole nanoseconds, or in a fixed order, so that
// the same fixes give the same snapshot, bit for bit, in whatever order they
// came. Units: metres, seconds, m/s, UTC instants; fractions of a segment run
// From→To. The package has no clock.
package coverage
