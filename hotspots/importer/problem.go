package importer

import (
	"errors"
	"fmt"
)

// Code says what is wrong with a file or a row, or what is worth knowing about
// it, for those who word it in another language. The comment tells its values.
type Code string

// What is wrong with a file.
const (
	Empty       Code = "empty"
	NoRows      Code = "no_rows"      // a header and nothing else
	DamagedGzip Code = "damaged_gzip" //
	Workbook    Code = "workbook"     // or another zip file
	Document    Code = "document"     // PDF
	Markup      Code = "markup"       // JSON, XML or HTML
	Image       Code = "image"        //
	Binary      Code = "binary"       // the line
	LongLine    Code = "long_line"    // the line
	BreaksOff   Code = "breaks_off"   // the line
	OpenHeader  Code = "open_header"  // a quote of the header is not closed
	NoColumns   Code = "no_columns"   // the file's columns; see Missing
	NoSuchName  Code = "no_such_name" // the mapping's name, the file's columns
	TooManyRows Code = "too_many"     // how many are allowed
	TooLarge    Code = "too_large"    // how many MB of text are allowed in all
	TooWide     Code = "too_wide"     // how many columns are allowed
)

// What is wrong with a row.
const (
	OpenQuote     Code = "open_quote"
	FieldCount    Code = "field_count"    // its fields, the header's
	StationPlace  Code = "station_place"  // the coordinates are the police station's
	NoDate        Code = "no_date"        //
	NotDate       Code = "not_date"       // the text
	NoSuchDay     Code = "no_such_day"    // the text
	RoundedNumber Code = "rounded_number" // the text
	NotHour       Code = "not_hour"       // the text
	TooOld        Code = "too_old"        // the day
	Future        Code = "future"         // the day and time
	NoPlace       Code = "no_place"       //
	NotDegrees    Code = "not_degrees"    // the text
	UTM           Code = "utm"            // latitude, longitude
	Swapped       Code = "swapped"        // latitude, longitude
	OffEarth      Code = "off_earth"      // latitude, longitude
	NotPoint      Code = "not_point"      // the kind of geometry
	ForcedPoint   Code = "forced_point"   // latitude, longitude, rows at that point
	BackInTime    Code = "back_in_time"   // it ends before it begins: the end
	TooVague      Code = "too_vague"      // days between the first and the last moment
	NotFound      Code = "not_found"      // the address
	Elsewhere     Code = "elsewhere"      // the other district's ubigeo
	Outside       Code = "outside"        // latitude, longitude
	SameKey       Code = "same_key"       // the other row, the key
	SameIncident  Code = "same_incident"  // metres, minutes, the other row
)

// What is worth knowing about a file.
const (
	LocalAsUTC    Code = "local_as_utc"   // rows that agree, rows that do not
	QuietAsUTC    Code = "quiet_as_utc"   // the quietest four hours' begin as local times, and as instants
	TrueInstants  Code = "true_instants"  //
	ClockAgainst  Code = "clock_against"  // the mapping's rule, rows that agree with it, rows that agree with the other
	ZoneDropped   Code = "zone_dropped"   // rows
	NoTimeOfDay   Code = "no_time_of_day" // rows
	MidnightTimes Code = "midnight_times" // rows at 00:00 sharp, of how many
	OddHours      Code = "odd_hours"      // the quietest four hours' begin as read, hours that the times seem to be off
	ForcedPoints  Code = "forced_points"  // rows, points
	Geocoded      Code = "geocoded"       // rows, of them at a crossing, in a block, by street alone
	EarlyKnown    Code = "early_known"    // rows
	UnknownOrigin Code = "unknown_origin" // rows, the words
)

// Remark is worth knowing about a file that can be used.
type Remark struct {
	Code   Code
	Values []string
}

// Problem is what is wrong with a file or a row: in English as an error, and as
// a code with its values.
type Problem struct {
	Code    Code
	Values  []string
	Missing []string // of NoColumns: the roles that no column has
	err     error
}

func (p *Problem) Error() string { return p.err.Error() }

// Unwrap gives the error of package hotspots or of this one.
func (p *Problem) Unwrap() error { return p.err }

// wrong makes a problem with its English words.
func wrong(code Code, values []any, format string, args ...any) *Problem {
	return &Problem{Code: code, Values: texts(values), err: fmt.Errorf(format, args...)}
}

func texts(values []any) []string {
	var out []string
	for _, v := range values {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// about gives the code and values of a row's error.
func about(err error) (code string, values []string) {
	var p *Problem
	if !errors.As(err, &p) {
		return "", nil
	}
	return string(p.Code), p.Values
}

// UsualNames are the names that a column of a role is recognised by.
func UsualNames(r string) []string { return usual[role(r)] }
