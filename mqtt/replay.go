package mqtt

import (
	"strings"

	"github.com/serenazgo/serenazgo/fleet"
)

// Replay decodes a dead letter as its message would be decoded now.
func (r *Registry) Replay(d fleet.DeadLetter) Decoded {
	m := Message{Topic: d.Topic, Client: d.Client, Payload: d.Payload, Received: d.Received}
	// The embedded broker puts the user name before a client's id.
	if user, _, ok := strings.Cut(d.Client, "#"); ok {
		if _, _, err := ParseDeviceUser(user); err == nil {
			m.User = user
		}
	}
	out, _, _ := r.Decode(m)
	return out
}
