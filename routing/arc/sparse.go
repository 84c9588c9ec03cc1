package arc

type sparse struct{}

func (s *sparse) at(a, b int32) int32        { return 0 }
func (s *sparse) nearest(m *model) [][]int32 { return nil }
