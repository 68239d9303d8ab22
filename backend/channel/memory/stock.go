package memory

import (
	"context"
	"fmt"

	"evenstock/backend/channel"
	"evenstock/backend/channel/channeltest"
)

// ReadStock implements [channel.Store].
func (s *Store) ReadStock(ctx context.Context, refs []channel.Ref) ([]channel.Reading, error) {
	const op = "read stock"
	if len(refs) > s.opts.ReadBatch {
		return nil, channel.TooMany(op, len(refs), s.opts.ReadBatch)
	}
	var out []channel.Reading
	err := s.call(ctx, channeltest.ReadStock, op, func(lie channeltest.FaultKind) error {
		for _, ref := range refs {
			out = append(out, s.reading(ref, lie))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Store) reading(ref channel.Ref, lie channeltest.FaultKind) channel.Reading {
	r := channel.Reading{Ref: ref}
	l := s.find(ref.Listing)
	switch {
	case l == nil:
		r.Err = missing("read stock", "The shop has no such listing any more.")
	case !s.knows(ref.Location):
		r.Err = noLocation("read stock")
	case lie == channeltest.StaleRead && l.tracked:
		r.Quantity = new(l.levels[ref.Location].before)
	case l.tracked:
		r.Quantity = new(l.levels[ref.Location].quantity)
	}
	return r
}

// GetOrders implements [channel.Store].
func (s *Store) GetOrders(ctx context.Context, refs []string) ([]channel.Order, error) {
	var out []channel.Order
	err := s.call(ctx, channeltest.GetOrders, "read known orders", func(lie channeltest.FaultKind) error {
		s.reveal()
		for _, ref := range refs {
			o := s.findOrder(ref)
			if o == nil || !o.hidden.IsZero() {
				out = append(out, channel.Order{Ref: ref, Gone: true, Updated: s.now()})
				continue
			}
			out = append(out, s.state(o, lie))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// PushStock implements [channel.Store].
func (s *Store) PushStock(ctx context.Context, batch []channel.StockLevel) ([]channel.Result, error) {
	const op = "push stock"
	if len(batch) > s.opts.PushBatch {
		return nil, channel.TooMany(op, len(batch), s.opts.PushBatch)
	}
	var out []channel.Result
	err := s.call(ctx, channeltest.PushStock, op, func(lie channeltest.FaultKind) error {
		s.mind(batch)
		for _, level := range batch {
			if s.opts.Feeds > 0 {
				out = append(out, s.feed(level, lie))
			} else {
				out = append(out, s.push(level, lie))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Store) push(level channel.StockLevel, lie channeltest.FaultKind) channel.Result {
	const op = "push stock"
	l := s.find(level.Listing)
	switch {
	case l == nil:
		return channel.Result{Err: missing(op, "The shop has no such listing any more.")}
	case !s.knows(level.Location):
		return channel.Result{Err: noLocation(op)}
	case !l.tracked:
		return channel.Result{Err: &channel.Error{Kind: channel.Invalid, Op: op, Code: channel.CodeUntracked,
			Message: "The shop does not count stock for this listing."}}
	case level.Available < 0 || s.opts.MaxQuantity > 0 && level.Available > s.opts.MaxQuantity:
		return channel.Result{Err: &channel.Error{Kind: channel.Invalid, Op: op, Code: channel.CodeInvalid,
			Message: fmt.Sprintf("The shop does not accept a quantity of %d.", level.Available)}}
	}

	at := l.levels[level.Location]
	was := at.quantity
	if s.opts.CompareAndSet && level.Expect != nil && *level.Expect != was {
		return channel.Result{Was: new(was), Err: &channel.Error{Kind: channel.Stale, Op: op, Code: channel.CodeNotApplied,
			Message: "The shop's number changed in the meantime."}}
	}
	s.written++
	result := channel.Result{}
	if s.opts.CompareAndSet || s.opts.Delta {
		result.Was = new(was)
	}
	if lie == channeltest.IgnoreWrite {
		return result
	}
	now := level.Available
	if s.opts.Delta && level.Expect != nil {
		now = was + level.Available - *level.Expect
	}
	at.set(now)
	s.changedListing(l)
	return result
}

// Track implements [channel.Tracker].
func (s *Store) Track(ctx context.Context, level channel.StockLevel) error {
	const op = "track stock"
	return s.call(ctx, channeltest.AnyCall, op, func(channeltest.FaultKind) error {
		l := s.find(level.Listing)
		if l == nil {
			return missing(op, "The shop has no such listing any more.")
		}
		if !s.knows(level.Location) {
			return noLocation(op)
		}
		l.tracked = true
		l.levels[level.Location].set(level.Available)
		s.changedListing(l)
		s.written++
		return nil
	})
}

func missing(op, message string) error {
	return &channel.Error{Kind: channel.Missing, Op: op, Code: channel.CodeMissing, Message: message}
}

func noLocation(op string) error {
	return &channel.Error{Kind: channel.Invalid, Op: op, Code: channel.CodeInvalid,
		Message: "The shop has no location of that name with numbers of its own."}
}

func badAnswer(op, what string) error {
	return &channel.Error{Kind: channel.Transient, Op: op, Code: channel.CodeBadAnswer, Err: fmt.Errorf("%s", what)}
}
