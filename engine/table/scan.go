package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// Scan reads the whole source in order in the caller's goroutine; b.First is the row in the dataset.
func Scan(ctx context.Context, src Source, yield func(b *Batch) error) error {
	var batch Batch
	var first int64
	for {
		part, err := src.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		err = part.Decode(ctx, &batch, func(b *Batch) error {
			b.First = first
			first += int64(b.N)
			return yield(b)
		})
		if err != nil {
			return err
		}
	}
}

type numbered struct {
	part  Part
	index int
}

// ScanParallel decodes parts in workers goroutines (0: one per processor) and returns when all have ended. Part i always goes
// to worker i mod workers, so that a result doesn't depend on timing; yield is called with the worker's and the part's number
// and b.First is the row within the part.
func ScanParallel(ctx context.Context, src Source, workers int, yield func(worker, part int, b *Batch) error) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queues := make([]chan numbered, workers)
	var group sync.WaitGroup
	for w := range queues {
		queues[w] = make(chan numbered, 1)
		group.Go(func() {
			if err := drain(ctx, queues[w], func(part int, b *Batch) error { return yield(w, part, b) }); err != nil {
				cancel(err)
			}
		})
	}
	err := feed(ctx, src, queues)
	for _, q := range queues {
		close(q)
	}
	if err != nil {
		cancel(err)
	}
	group.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func feed(ctx context.Context, src Source, queues []chan numbered) error {
	for i := 0; ; i++ {
		part, err := src.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case queues[i%len(queues)] <- numbered{part, i}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func drain(ctx context.Context, queue <-chan numbered, yield func(part int, b *Batch) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("decode part: %v", r)
		}
	}()
	var batch Batch
	for n := range queue {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := n.part.Decode(ctx, &batch, func(b *Batch) error { return yield(n.index, b) }); err != nil {
			return err
		}
	}
	return nil
}
