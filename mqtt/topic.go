package mqtt

import (
	"fmt"
	"strings"

	"github.com/serenazgo/serenazgo/fleet"
)

// PosTopic is where a device publishes its fixes.
func PosTopic(ubigeo, device string) string { return "serenazgo/" + ubigeo + "/" + device + "/pos" }

// RoundTopic is where a device reads its round.
func RoundTopic(ubigeo, device string) string { return "serenazgo/" + ubigeo + "/" + device + "/round" }

// DeviceUser is the user name that a device logs in with.
func DeviceUser(ubigeo, device string) string { return ubigeo + "/" + device }

// ParseDeviceUser takes a device's user name apart.
func ParseDeviceUser(user string) (ubigeo, device string, err error) {
	ubigeo, device, ok := strings.Cut(user, "/")
	if !ok {
		return "", "", fmt.Errorf("%w: user name %q is not of the form <ubigeo>/<device>", fleet.ErrInvalid, user)
	}
	if err := fleet.CheckUbigeo(ubigeo); err != nil {
		return "", "", err
	}
	if err := fleet.CheckDeviceID(device); err != nil {
		return "", "", err
	}
	return ubigeo, device, nil
}

// identify names the device that a topic under a pattern belongs to. A pattern
// is a topic with {ubigeo} and {device} for a level each; several {device}
// levels are joined with '/'. "+" stands for any one level, "#" at the end for
// any further ones, or none.
func identify(pattern, topic string) (ubigeo, device string, ok bool) {
	for {
		p, prest, pmore := strings.Cut(pattern, "/")
		if p == "#" {
			return ubigeo, device, true
		}
		l, lrest, lmore := strings.Cut(topic, "/")
		switch p {
		case "{ubigeo}":
			ubigeo = l
		case fleet.DeviceLevel:
			if device != "" {
				device += "/"
			}
			device += l
		case "+":
		default:
			if p != l {
				return "", "", false
			}
		}
		if !lmore {
			return ubigeo, device, !pmore || prest == "#"
		}
		if !pmore {
			return "", "", false
		}
		pattern, topic = prest, lrest
	}
}

// filterOf makes the MQTT filter that takes everything under a pattern.
func filterOf(pattern string) string {
	return strings.NewReplacer("{ubigeo}", "+", fleet.DeviceLevel, "+").Replace(pattern)
}
