package importer

import (
	"archive/zip"
	"math"
	"strings"
	"time"
)

// cellStyle is what a number in a cell stands for.
type cellStyle int

const (
	plainNumber cellStyle = iota
	calendar              // a date, with or without a time of day
	timeOfDay             // a fraction of a day
)

// cellStyles reads the number formats of a workbook's styles, in their order.
func cellStyles(z *zip.Reader) ([]cellStyle, error) {
	var sheet struct {
		Own []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if f, err := z.Open("xl/styles.xml"); err != nil {
		return nil, nil //nolint:nilerr // styles are optional
	} else if err := f.Close(); err != nil {
		return nil, err
	}
	if err := readPart(z, "xl/styles.xml", &sheet); err != nil {
		return nil, err
	}
	own := map[int]string{}
	for _, f := range sheet.Own {
		own[f.ID] = f.Code
	}
	out := make([]cellStyle, len(sheet.Cells))
	for i, x := range sheet.Cells {
		if code, ok := own[x.Format]; ok {
			out[i] = styleOfCode(code)
			continue
		}
		switch f := x.Format; { // the formats that every workbook has
		case f >= 14 && f <= 17, f == 22, f >= 27 && f <= 31, f == 36, f >= 50 && f <= 58:
			out[i] = calendar
		case f >= 18 && f <= 21, f >= 32 && f <= 35, f >= 45 && f <= 47:
			out[i] = timeOfDay
		}
	}
	return out, nil
}

// styleOfCode tells from a format such as dd/mm/yyyy hh:mm what it shows.
func styleOfCode(code string) cellStyle {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[': // a colour, a condition, a language; or [h], which counts hours
			inside, _, _ := strings.Cut(code[i+1:], "]")
			if strings.Trim(strings.ToLower(inside), "hms") == "" {
				b.WriteString(inside)
			}
			i += len(inside) + 1
		case c == ';':
			i = len(code) // only the first section: that of positive numbers
		default:
			b.WriteByte(c)
		}
	}
	s := strings.ToLower(strings.ReplaceAll(b.String(), "General", ""))
	switch {
	case strings.ContainsAny(s, "yd"):
		return calendar
	case strings.ContainsAny(s, "hs"):
		return timeOfDay
	case strings.Contains(s, "mm"):
		return calendar
	}
	return plainNumber
}

// write gives a number as the style shows it; v is the number as it is stored.
func (s cellStyle) write(v string, x float64, epoch time.Time) string {
	if s == plainNumber || math.IsNaN(x) || x < 0 || x > 2_958_466 { // 9999-12-31
		return v
	}
	day, part := math.Modf(x)
	seconds := math.Round(part * 86400)
	t := epoch.AddDate(0, 0, int(day)).Add(time.Duration(seconds) * time.Second)
	switch {
	case s == timeOfDay && day == 0:
		return t.Format("15:04:05")
	case seconds == 0 && s == calendar:
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}
