package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	jobqueuev1 "github.com/relais-gateway/relais/clients/go/jobqueue/v1"
)

const heartbeat = 12 * time.Second

// jobState is a job at one time; it does not change.
type jobState struct {
	text    []byte // as the upstream told it
	id      string
	job     *jobqueuev1.Job
	event   encoded       // a WatchJobResponse
	since   uint64        // number of the list that told it first
	changed chan struct{} // closed when there is a newer state
}

// list is what one poll has brought; it does not change.
type list struct {
	number uint64
	jobs   []*jobState
	byID   map[string]*jobState
	delta  encoded       // a WatchJobsResponse with what has changed since the list before; nil when nothing has
	next   chan struct{} // closed when there is a newer list with changes
}

// watches are all watchers of the queue: they share one poll, which rests while there are none.
type watches struct {
	upstream *upstream
	interval time.Duration

	mu       sync.Mutex
	watchers int
	stop     context.CancelFunc
	current  *list         // nil before the first list
	arrived  chan struct{} // closed when there is a first list
}

func newWatches(upstream *upstream, interval time.Duration) *watches {
	return &watches{upstream: upstream, interval: interval, arrived: make(chan struct{})}
}

// enter begins a watch, and gives what ends it.
func (w *watches) enter() func() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.watchers++; w.watchers == 1 {
		var ctx context.Context
		ctx, w.stop = context.WithCancel(context.Background())
		go w.poll(ctx)
	}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.watchers--; w.watchers == 0 {
			w.stop()
			w.current, w.arrived = nil, make(chan struct{})
		}
	}
}

func (w *watches) poll(ctx context.Context) {
	ticker := time.NewTicker(w.interval)
	defer ticker.Stop()
	for {
		// An upstream that fails is asked again with the next tick.
		_ = w.upstream.read(ctx, "GET", w.upstream.jobs, nil, func(body []byte) error { return w.take(ctx, body) })
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// take makes a list of the reply of the upstream, and wakes who waits for what it brings.
func (w *watches) take(ctx context.Context, body []byte) error {
	var told struct {
		Results []json.RawMessage `json:"results"`
	}
	if err := decode(body, &told); err != nil {
		return err
	}
	w.mu.Lock()
	before := w.current
	w.mu.Unlock()
	made := &list{number: 1, byID: make(map[string]*jobState, len(told.Results)), next: make(chan struct{})}
	if before != nil {
		made.number = before.number + 1
	}
	var changed []*jobState
	for index, text := range told.Results {
		var state *jobState
		if before != nil && index < len(before.jobs) && bytes.Equal(before.jobs[index].text, text) {
			state = before.jobs[index]
		} else {
			var err error
			if state, err = newState(text, made.number); err != nil {
				return err
			}
			changed = append(changed, state)
		}
		made.jobs = append(made.jobs, state)
		made.byID[state.id] = state
	}
	if before != nil && len(changed) == 0 && len(made.jobs) == len(before.jobs) {
		return nil
	}
	var err error
	if made.delta, err = encode(difference(changed, before, made)); err != nil {
		return err
	}
	w.publish(ctx, before, made, changed)
	return nil
}

func (w *watches) publish(ctx context.Context, before, made *list, changed []*jobState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	w.current = made
	if before == nil {
		close(w.arrived)
		return
	}
	for _, state := range changed {
		if old := before.byID[state.id]; old != nil {
			close(old.changed)
		}
	}
	for _, old := range before.jobs {
		if made.byID[old.id] == nil {
			close(old.changed)
		}
	}
	close(before.next)
}

func newState(text []byte, number uint64) (*jobState, error) {
	var told upstreamJob
	if err := decode(text, &told); err != nil {
		return nil, err
	}
	job, err := told.message()
	if err != nil {
		return nil, err
	}
	event, err := encode(&jobqueuev1.WatchJobResponse{Job: job})
	if err != nil {
		return nil, err
	}
	return &jobState{text: bytes.Clone(text), id: told.ID, job: job, event: event, since: number,
		changed: make(chan struct{})}, nil
}

func difference(changed []*jobState, before, now *list) *jobqueuev1.WatchJobsResponse {
	response := &jobqueuev1.WatchJobsResponse{SnapshotComplete: true}
	for _, state := range changed {
		response.Jobs = append(response.Jobs, state.job)
	}
	if before != nil {
		for _, old := range before.jobs {
			if now.byID[old.id] == nil {
				response.RemovedJobs = append(response.RemovedJobs, old.job.GetName())
			}
		}
	}
	return response
}

// first waits for the first list.
func (w *watches) first(ctx context.Context) error {
	w.mu.Lock()
	arrived := w.arrived
	w.mu.Unlock()
	select {
	case <-arrived:
		return nil
	case <-ctx.Done():
		return status.FromContextError(ctx.Err()).Err()
	}
}

func (w *watches) newest() *list {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.current
}

// await ends with the channel, or when it is time for a heartbeat, which is then told.
func await(ctx context.Context, news <-chan struct{}, timer *time.Timer) (beat bool, err error) {
	timer.Reset(heartbeat - rand.N(heartbeat/12))
	select {
	case <-news:
		return false, nil
	case <-timer.C:
		return true, nil
	case <-ctx.Done():
		return false, status.FromContextError(ctx.Err()).Err()
	}
}

func (q *jobQueue) WatchJob(request *jobqueuev1.WatchJobRequest, stream grpc.ServerStreamingServer[jobqueuev1.WatchJobResponse]) error {
	id, err := jobID(request.GetName())
	if err != nil {
		return err
	}
	defer q.watches.enter()()
	if err := q.watches.first(stream.Context()); err != nil {
		return err
	}
	timer := time.NewTimer(heartbeat)
	defer timer.Stop()
	state := q.watches.newest().byID[id]
	for {
		if state == nil {
			return status.Error(codes.NotFound, "there is no such job any more")
		}
		if err := stream.SendMsg(state.event); err != nil || state.job.GetEnded() {
			return err
		}
		for beat := true; beat; {
			if beat, err = await(stream.Context(), state.changed, timer); err != nil {
				return err
			}
			if beat {
				if err := stream.SendMsg(encoded{}); err != nil {
					return err
				}
			}
		}
		state = q.watches.newest().byID[id]
	}
}

func (q *jobQueue) WatchJobs(request *jobqueuev1.WatchJobsRequest, stream grpc.ServerStreamingServer[jobqueuev1.WatchJobsResponse]) error {
	if request.GetParent() != queueName {
		return status.Error(codes.NotFound, "parent: there is no such queue")
	}
	defer q.watches.enter()()
	if err := q.watches.first(stream.Context()); err != nil {
		return err
	}
	timer := time.NewTimer(heartbeat)
	defer timer.Stop()
	seen := q.watches.newest()
	snapshot := difference(seen.jobs, nil, seen)
	snapshot.Restarted = true
	if err := stream.Send(snapshot); err != nil {
		return err
	}
	for {
		beat, err := await(stream.Context(), seen.next, timer)
		if err != nil {
			return err
		}
		var message any = encoded{}
		if !beat {
			before := seen
			seen = q.watches.newest()
			message = seen.delta
			if seen.number != before.number+1 {
				message = missed(before, seen)
			}
		}
		if err := stream.SendMsg(message); err != nil {
			return err
		}
	}
}

// missed is what has changed between two lists that do not follow each other.
func missed(before, now *list) *jobqueuev1.WatchJobsResponse {
	var changed []*jobState
	for _, state := range now.jobs {
		if state.since > before.number {
			changed = append(changed, state)
		}
	}
	return difference(changed, before, now)
}
