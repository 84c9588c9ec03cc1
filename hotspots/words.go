package hotspots

// Words cuts a text into its lower-case words without accents, as the types of
// incidents are read.
func Words(s string) []string { return plainWords(s) }
