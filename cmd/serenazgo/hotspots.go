package main

// hotspotsCmd looks at the forecast of where and when incidents are expected.
type hotspotsCmd struct {
	Eval hotspotsEvalCmd `cmd:"" help:"Ask of a file of incidents how well each model would have foretold it."`
}
