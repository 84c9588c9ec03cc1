package main

// benchCmd measures; each benchmark lives in a file of its own.
type benchCmd struct {
	Ingest        benchIngestCmd        `cmd:"" help:"Publish fixes over MQTT to a scratch service and measure their way to the store and the page."`
	IngestService benchIngestServiceCmd `cmd:"" hidden:"" help:"The service that bench ingest measures."`

	Arc      benchArcCmd      `cmd:"" help:"Solve public arc-routing instances and compare with the best known costs."`
	Coverage benchCoverageCmd `cmd:"" help:"Plan a district from files, let a simulated fleet drive the plan, and compare the coverage found with the truth."`
	Edits    benchEditsCmd    `cmd:"" help:"Plan a district from files, change the plan by hand in random ways, and time each change."`
	Match    benchMatchCmd    `cmd:"" help:"Match tracks with a known truth to a street network and score them."`
	Replan   benchReplanCmd   `cmd:"" help:"Plan a district from files, let random things happen in the middle of the shift, and time and check what comes of it."`
	Review   benchReviewCmd   `cmd:"" help:"Fill a scratch store with a simulated fleet's positions, and time the joint review of a period: from positions, and from the facts that are kept."`
	Rounds   benchRoundsCmd   `cmd:"" help:"Plan the rounds of a district from files and print the plan's figures."`
}
