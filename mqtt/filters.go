package mqtt

import "slices"

// wanted are the filters to subscribe to now.
func (s *Subscriber) wanted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.filters)
}

// refilter brings the subscriptions in line with topic rules that changed. What
// it cannot do now, because the connection is down, the next connection does.
func (s *Subscriber) refilter() {
	now := s.in.registry.Filters()
	s.mu.Lock()
	before := s.filters
	s.filters = now
	s.mu.Unlock()
	added, gone := map[string]byte{}, []string(nil)
	for _, f := range now {
		if !slices.Contains(before, f) {
			added[f] = 1
		}
	}
	for _, f := range before {
		if !slices.Contains(now, f) {
			gone = append(gone, f)
		}
	}
	if !s.client.IsConnectionOpen() {
		return
	}
	if len(gone) > 0 {
		s.client.Unsubscribe(gone...)
	}
	if len(added) == 0 {
		return
	}
	token := s.client.SubscribeMultiple(added, nil)
	go func() {
		select {
		case <-token.Done():
			if err := token.Error(); err != nil {
				s.log.Warn("subscription of a new topic rule failed; it is made again with the next connection", "error", err)
				return
			}
			s.log.Info("subscribed for new topic rules", "filters", now)
		case <-s.ending.Done():
		}
	}()
}
