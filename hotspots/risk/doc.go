// Package risk unites what the police record and what a municipality knows of
// its streets on the same H3 cells: the joint map.
//
// The municipality keeps places that make a street riskier or safer (factors):
// an unlit street, a vacant lot, a bar, a camera. Of each kind a cell's exposure
// falls off with the distance d from the cell's centre to the place, to nothing
// at the kind's reach r, and several places add up to at most 1:
//
//	exposure(kind, cell) = min(1, Σ max(0, 1 − d/r))
//	municipal(cell)      = max(0, Σ weight(kind) · exposure(kind, cell))
//	joint(cell)          = (1 − a) · crime(cell) + a · municipal(cell)
//
// with crime and municipal each divided by its sum over the cells, so that all
// three are shares of the district and comparable. crime is the forecast of
// recorded incidents in the shift; a, the part of the municipal map, and the
// weights are the district's own and printed beside the map. They are judgements,
// not measurements: nothing here claims that a factor causes crime. Where one of
// the two maps is empty, the joint map is the other.
//
// Distances are metres, places [lon, lat] in degrees, shares 0..1.
package risk
