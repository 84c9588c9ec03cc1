package main

import (
	"context"
	"errors"
)

// readDevices tells the doors which devices and topic rules a district has now.
func (a *App) readDevices(ctx context.Context, ubigeo string) error {
	rules, err := a.store.TopicRules(ctx, ubigeo)
	if err != nil {
		return err
	}
	devices, err := a.store.Devices(ctx, ubigeo)
	if err != nil {
		return err
	}
	a.registry.Set(ubigeo, rules, devices)
	return nil
}

// readAllDevices does it for every district.
func (a *App) readAllDevices(ctx context.Context) error {
	ds, err := a.store.Districts(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range ds {
		failed = append(failed, a.readDevices(ctx, d.Ubigeo))
	}
	return errors.Join(failed...)
}
