package main

import (
	"log/slog"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/mqtt"
)

// mqttFlags say how positions come in: by the broker in the process, or by
// another one.
type mqttFlags struct {
	MQTTListen    string `name:"mqtt-listen" help:"Address of the embedded MQTT broker; none: not without TLS." default:":1883"`
	MQTTTLSListen string `name:"mqtt-tls-listen" help:"Address of the embedded broker over TLS, such as :8883; needs --mqtt-cert and --mqtt-key." placeholder:"ADDRESS"`
	MQTTWSListen  string `name:"mqtt-ws-listen" help:"Address of the embedded broker over WebSocket, such as :8083; over TLS (wss) if there is a certificate." placeholder:"ADDRESS"`
	MQTTCert      string `name:"mqtt-cert" help:"Certificate of the embedded broker with its chain; read anew when it is renewed." placeholder:"PEM"`
	MQTTKey       string `name:"mqtt-key" help:"Key of the certificate." placeholder:"PEM"`
	MQTTService   string `name:"mqtt-service-user" help:"Login at the embedded broker for a program of yours, such as a bridge: it publishes for every device and reads everything." placeholder:"NAME"`
	MQTTServicePW string `name:"mqtt-service-password" help:"Its password, 20 characters or more; better given by SERENAZGO_MQTT_SERVICE_PASSWORD."`

	MQTTBroker   string   `name:"mqtt-broker" help:"Use this MQTT broker instead: tcp://host:port, ssl://, ws:// or wss://." placeholder:"URL"`
	MQTTUser     string   `name:"mqtt-user" help:"User name at the external broker."`
	MQTTPassword string   `name:"mqtt-password" help:"Password at the external broker; better given by SERENAZGO_MQTT_PASSWORD."`
	MQTTCA       string   `name:"mqtt-ca" help:"Authorities to trust for the external broker (default: those of the machine)." placeholder:"PEM"`
	MQTTClient   string   `name:"mqtt-client-id" help:"Name of this process at the external broker; each process needs its own, always the same." default:"serenazgo-ingest" placeholder:"ID"`
	Subscribe    []string `help:"Topic filters at the external broker (default: those of the known formats); $$share/ingest/… where several processes share the work." placeholder:"TOPIC"`
}

// servicePassword is the least length of the service account's password: its
// hash is made for secrets that nobody guesses.
const servicePassword = 20

// into checks the flags and writes them into the configuration of a process
// that takes positions.
func (f mqttFlags) into(cfg *appConfig, log *slog.Logger) (err error) {
	if f.MQTTBroker != "" {
		if f.MQTTTLSListen != "" || f.MQTTWSListen != "" || f.MQTTService != "" {
			return badInputf("--mqtt-tls-listen, --mqtt-ws-listen and --mqtt-service-user are for the embedded broker; leave them out with --mqtt-broker")
		}
		cfg.MQTTBroker, cfg.MQTTUser, cfg.MQTTPass, cfg.MQTTClient, cfg.Subscribe = f.MQTTBroker, f.MQTTUser, f.MQTTPassword, f.MQTTClient, f.Subscribe
		if f.MQTTCA != "" {
			cfg.MQTTTrust, err = readTrust(f.MQTTCA)
		}
		return badInput(err)
	}
	switch {
	case len(f.Subscribe) > 0:
		return badInputf("--subscribe is for an external broker; give it with --mqtt-broker URL")
	case f.MQTTCA != "":
		return badInputf("--mqtt-ca is for an external broker; give it with --mqtt-broker URL")
	case (f.MQTTCert == "") != (f.MQTTKey == ""):
		return badInputf("--mqtt-cert and --mqtt-key belong together; give both")
	case f.MQTTTLSListen != "" && f.MQTTCert == "":
		return badInputf("--mqtt-tls-listen %s needs a certificate; give --mqtt-cert and --mqtt-key", f.MQTTTLSListen)
	case f.MQTTCert != "" && f.MQTTTLSListen == "" && f.MQTTWSListen == "":
		return badInputf("--mqtt-cert is used by no listener; give --mqtt-tls-listen or --mqtt-ws-listen")
	case (f.MQTTService == "") != (f.MQTTServicePW == ""):
		return badInputf("--mqtt-service-user and --mqtt-service-password belong together; give both")
	}
	if f.MQTTListen != "none" {
		cfg.MQTTListen = f.MQTTListen
	}
	cfg.MQTTTLSListen, cfg.MQTTWSListen = f.MQTTTLSListen, f.MQTTWSListen
	if f.MQTTCert != "" {
		c, err := readCertificate(f.MQTTCert, f.MQTTKey, time.Now, log)
		if err != nil {
			return badInput(err)
		}
		cfg.MQTTTLS = c.config()
	}
	if f.MQTTService != "" {
		if strings.Contains(f.MQTTService, "/") || fleet.CheckDeviceID(f.MQTTService) != nil {
			return badInputf("--mqtt-service-user %q: use letters, digits, '.', '_' and '-', at most 64", f.MQTTService)
		}
		if len(f.MQTTServicePW) < servicePassword {
			return badInputf("--mqtt-service-password has %d characters; give %d or more, made at random", len(f.MQTTServicePW), servicePassword)
		}
		hash, err := fleet.HashDeviceSecret(f.MQTTServicePW)
		if err != nil {
			return err
		}
		cfg.MQTTService = &mqtt.ServiceAccount{User: f.MQTTService, SecretHash: hash}
	}
	if cfg.MQTTListen == "" && cfg.MQTTTLSListen == "" && cfg.MQTTWSListen == "" {
		return badInputf("no way in for positions: --mqtt-listen none needs --mqtt-tls-listen, --mqtt-ws-listen or --mqtt-broker; a process without is --roles api")
	}
	return nil
}
