package provision

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Phone is what an app must know to report.
type Phone struct {
	Server   string // address of the page: https://host[:port]
	Username string // <ubigeo>/<device>
	Password string
	Interval time.Duration // between positions while moving; 0: 10 s
}

// Link opens in the OwnTracks app and sets it up to report over HTTP: that needs
// no second port, and the app keeps what it could not send. Format: OwnTracks
// booklet, "Remote configuration", URL config.
func (p Phone) Link() (string, error) {
	u, err := url.Parse(p.Server)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("address %q is not of the form https://host", p.Server)
	}
	_, device, _ := strings.Cut(p.Username, "/")
	seconds := int(p.Interval.Seconds())
	if seconds < 1 {
		seconds = 10
	}
	body, err := json.Marshal(map[string]any{
		"_type":    "configuration",
		"mode":     3, // HTTP
		"url":      u.Scheme + "://" + u.Host + "/ingest/owntracks",
		"auth":     true,
		"username": p.Username, "password": p.Password,
		"deviceId": device, "tid": lastTwo(device),
		"monitoring":              2,       // "move": a position every interval
		"moveModeLocatorInterval": seconds, // Android
		"locatorInterval":         seconds,
		"locatorDisplacement":     10, // metres, iOS
		"pubExtendedData":         true,
		"autostartOnBoot":         true,
		"cmd":                     false, // nobody sets the phone up from elsewhere
	})
	if err != nil {
		return "", fmt.Errorf("configuration link: %w", err)
	}
	return "owntracks:///config?inline=" + url.QueryEscape(base64.StdEncoding.EncodeToString(body)), nil
}

// Query is the address that apps which know only an address report to, such as
// OsmAnd: the password is part of it.
func (p Phone) Query() string {
	q := url.Values{"id": {p.Username}, "key": {p.Password}}
	return strings.TrimRight(p.Server, "/") + "/ingest/osmand?" + q.Encode() + "&lat={0}&lon={1}&timestamp={2}&hdop={3}&altitude={4}&speed={5}"
}

func lastTwo(s string) string { return s[max(0, len(s)-2):] }
