// Package mqtt brings the fixes of GPS trackers and phones in, and takes the
// rounds out. Three front doors lead to one core:
//
//	Broker      an MQTT 3/3.1.1/5 broker in the process; devices connect to it
//	Subscriber  a client of somebody else's broker
//	HTTPDoor    for apps that send over HTTP
//
// Whichever way a payload is decoded, its fixes are committed by fleet.Ingest, and
// only then is the message acknowledged: a fix that a device was told is safe
// is in the database. What cannot be decoded is kept as a dead letter with the
// reason, and then acknowledged too, so that one bad payload blocks nobody.
//
// # Topics
//
//	serenazgo/<ubigeo>/<device>/pos     in   any format, by shape
//	owntracks/<ubigeo>/<device>[/…]     in   OwnTracks; its user is the ubigeo
//	those of fleet.TopicRule            in   as the district's rules say
//	serenazgo/<ubigeo>/<device>/round   out  the device's round, retained
//
// A device logs in to the Broker with the user name "<ubigeo>/<device>" and
// the secret made by fleet.NewDeviceSecret. It may publish under its own topics
// and subscribe to its own round, nothing else. OwnTracks' default topic,
// owntracks/%u/%d, fits: with that user name it becomes
// owntracks/<ubigeo>/<device>/<any name>. Who a fix belongs to follows from the
// credentials and the topic. What the payload says counts only from a gateway
// device, and from an external broker under a rule that says so.
//
// # Delivery
//
// At least once. A device publishes with QoS 1 and keeps a message until its
// PUBACK; after a lost connection it sends again, and the store recognises what
// it has by (district, device, time, number). QoS 0 is taken, counted and
// warned about: what is lost on the way is lost.
package mqtt
