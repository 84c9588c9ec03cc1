package main

// benchCmd measures; each benchmark lives in a file of its own.
type benchCmd struct {
	Match  benchMatchCmd  `cmd:"" help:"Match tracks with a known truth to a street network and score them."`
	Rounds benchRoundsCmd `cmd:"" help:"Plan the rounds of a district from files and print the plan's figures."`
}
