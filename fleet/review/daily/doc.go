// Package daily makes the facts of a day, on which joint reviews are built, from
// its shifts as they were driven, and keeps them. It makes them once a day is
// over, and again when fixes come late.
package daily
