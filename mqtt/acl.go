package mqtt

import (
	"strings"

	"github.com/serenazgo/serenazgo/fleet"
)

// ServiceAccount is a login for programs of the municipality itself, such as a
// bridge from another broker or a second process of this service: it may
// publish for every device and read everything. Its user name has no "/", so
// that it is never that of a device.
type ServiceAccount struct {
	User       string
	SecretHash string // of fleet.NewDeviceSecret
}

func (s *ServiceAccount) check(password string) bool {
	return fleet.CheckDeviceSecret(s.SecretHash, password)
}

// rights says what a logged-in user may do.
type rights struct {
	registry *Registry
	service  *ServiceAccount
}

func (r rights) isService(user string) bool { return r.service != nil && user == r.service.User }

// mayPublish tells whether the user may publish to the topic: a device to its
// own and to those that its district's rules name, a gateway for every device of
// the district.
func (r rights) mayPublish(user, topic string) bool {
	if strings.ContainsAny(topic, "+#") {
		return false
	}
	if r.isService(user) {
		_, err := r.registry.routes(Message{Topic: topic})
		return err == nil || isRoundTopic(topic) || isProbeTopic(topic)
	}
	ubigeo, device, err := ParseDeviceUser(user)
	if err != nil {
		return false
	}
	if isOwnPos(topic, user) {
		return true
	}
	routes, err := r.registry.routes(Message{Topic: topic, User: user})
	if err != nil {
		return false
	}
	own := (*r.registry.districts.Load())[ubigeo]
	for _, w := range routes {
		if w.ubigeo == ubigeo && (w.identity == device && w.exact || own.gateway(device)) {
			return true
		}
	}
	return false
}

// mayRead tells whether the user may subscribe to the filter, or receive from
// the topic: a device its own round.
func (r rights) mayRead(user, filter string) bool {
	if r.isService(user) {
		return !strings.HasPrefix(plainFilter(filter), "$")
	}
	ubigeo, device, err := ParseDeviceUser(user)
	return err == nil && filter == RoundTopic(ubigeo, device)
}

// isOwnPos tells whether the topic is PosTopic of the device that logs in as
// user, as that of nearly every message is.
func isOwnPos(topic, user string) bool {
	const before, after = "serenazgo/", "/pos"
	return user != "" && len(topic) == len(before)+len(user)+len(after) && topic[len(before):len(before)+len(user)] == user &&
		strings.HasPrefix(topic, before) && strings.HasSuffix(topic, after)
}

func isRoundTopic(topic string) bool {
	if !strings.HasSuffix(topic, "/round") {
		return false
	}
	u, d, ok := identify("serenazgo/{ubigeo}/{device}/round", topic)
	return ok && fleet.CheckUbigeo(u) == nil && fleet.CheckDeviceID(d) == nil
}
