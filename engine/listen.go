package engine

import (
	"context"
	"time"
)

// listen looks at the journals, which are few, again and again.
func (c *crew) listen(ctx context.Context) error {
	ticker := time.NewTicker(journalEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		change, err := c.e.said.refresh(ctx, c.db.Writer())
		if err != nil && ctx.Err() == nil {
			c.e.tally.trouble("", err)
			if err := sleep(ctx, time.Second); err != nil {
				return err
			}
		}
		c.e.feeds.raise(change)
	}
}

// folders are where walks begin.
func (e *Engine) folders() []string {
	out := []string{"."}
	for _, f := range e.opt.Folders {
		if rel, ok := relative(e.opt.Root, f); ok && !below(".", rel) {
			out = append(out, rel)
		}
	}
	return out
}

// dirty hands what the watcher says to the loop, as paths of the store.
func (c *crew) dirty(ctx context.Context) func([]string) {
	return func(paths []string) {
		out := make([]string, 0, len(paths))
		for _, p := range paths {
			if rel, ok := relative(c.e.opt.Root, p); ok {
				out = append(out, rel)
			}
		}
		select {
		case c.marks <- out:
		case <-ctx.Done():
		}
	}
}
