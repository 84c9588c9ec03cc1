package main

// hotspotsCmd looks at the forecast of where and when incidents are expected.
type hotspotsCmd struct {
	Eval     hotspotsEvalCmd     `cmd:"" help:"Ask of a file of incidents how well each model would have foretold it."`
	Cells    hotspotsCellsCmd    `cmd:"" help:"List the cells with the most incidents, or the most harm, to expect in a shift."`
	Harm     hotspotsHarmCmd     `cmd:"" help:"Show or set how much harm an incident of each class stands for."`
	Backtest hotspotsBacktestCmd `cmd:"" help:"Test all models on the district's own incidents, and forecast with the best from then on."`
	Model    hotspotsModelCmd    `cmd:"" help:"Show or set the model that the district's forecasts are made with."`
	Series   hotspotsSeriesCmd   `cmd:"" help:"Count incidents by week or month, beside the period before and the year before."`
	Notices  hotspotsNoticesCmd  `cmd:"" help:"Say of what a sector had more in the last seven days than chance explains."`
	Feedback hotspotsFeedbackCmd `cmd:"" help:"Compare what patrols find in each sector with what people report there."`
}
