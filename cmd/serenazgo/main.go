// Command serenazgo plans patrol rounds and follows the fleet that drives them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a bare machine has no time zones

	"github.com/alecthomas/kong"
)

// version is set by the build.
var version = "dev"

// errInput marks what the caller got wrong (arguments, files): exit status 2.
var errInput = errors.New("input")

// cli is the whole command line; each subcommand lives in a file of its own.
type cli struct {
	Version    kong.VersionFlag `help:"Print the version and quit."`
	Serve      serveCmd         `cmd:"" help:"Run the service."`
	Demo       demoCmd          `cmd:"" help:"Run the service on a demonstration district with a simulated fleet."`
	Export     exportCmd        `cmd:"" help:"Write trails, trips, stops or events as a file."`
	Doctor     doctorCmd        `cmd:"" help:"Say what is missing on this machine and how to install it."`
	Import     importCmd        `cmd:"" help:"Bring streets, incidents or police presence into the store."`
	Migrate    migrateCmd       `cmd:"" help:"Bring the database up to date and say which migrations it has."`
	Plan       planCmd          `cmd:"" help:"Plan the rounds of a shift, or check a plan."`
	User       userCmd          `cmd:"" help:"Look after accounts."`
	Unit       unitCmd          `cmd:"" help:"Register patrol units."`
	Device     deviceCmd        `cmd:"" help:"Look after trackers, phones and gateways."`
	Compliance complianceCmd    `cmd:"" help:"Compare what the units of a shift drove with their plan."`
	Shift      shiftCmd         `cmd:"" help:"Set the shifts of a district."`
	Post       postCmd          `cmd:"" help:"Set the fixed posts of a district: places where a unit stands at fixed times."`
	Area       areaCmd          `cmd:"" help:"Set the areas of a district: sectors, bases, priority and forbidden areas."`
	Incidents  incidentsCmd     `cmd:"" help:"Look after the files of incidents that were imported."`
	Hotspots   hotspotsCmd      `cmd:"" help:"Look at the forecast of incidents."`
	Risk       riskCmd          `cmd:"" help:"Look after the municipal risk factors, and unite them with the crime map."`
	Relay      relayCmd         `cmd:"" help:"Hand positions on to the ministry's GPS platform."`
	Review     reviewCmd        `cmd:"" help:"Make the joint review of a period: what the municipality and the police did."`
	Sessions   sessionsCmd      `cmd:"" help:"List the sessions of joint reviews, or write one."`
	Retention  retentionCmd     `cmd:"" help:"Say for how long positions are kept; hold periods; forget what is old."`
	Mail       mailCmd          `cmd:"" help:"Mail reports every day or week."`
	Bench      benchCmd         `cmd:"" help:"Measure."`
	Simulate   simulateCmd      `cmd:"" help:"Drive a plan with a simulated fleet that reports over MQTT."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run parses the arguments, runs the command and gives the exit status: 0 done,
// 1 failed, 2 bad arguments or input.
func run(ctx context.Context, args []string) int {
	var c cli
	p, err := kong.New(&c, kong.Name("serenazgo"),
		kong.Description("Patrol-route planning and fleet tracking for municipal serenazgo."),
		kong.DefaultEnvars("SERENAZGO"),
		kong.Vars{"version": version, "default_data": defaultData()},
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(os.Stderr, "serenazgo:", err)
		return 1
	}
	k, err := p.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "serenazgo:", err, "(see serenazgo --help)")
		return 2
	}
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "serenazgo:", err)
		if errors.Is(err, errInput) {
			return 2
		}
		return 1
	}
	return 0
}
