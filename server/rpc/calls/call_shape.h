// What Unary, Rows, State, Upload and Exchange have in common: how a call is awaited, begins, and
// is destroyed when nothing of it is awaited any more.

#ifndef RELAIS_SERVER_RPC_CALLS_CALL_SHAPE_H_
#define RELAIS_SERVER_RPC_CALLS_CALL_SHAPE_H_

#include <atomic>

#include "server/rpc/calls/call.h"
#include "server/rpc/calls/method.h"

namespace relais::rpc {

// One call of a method; owns itself. gRPC completes three operations of every call that arrives:
// its arrival, its Finish and its end ("done"). `Begin` runs during the first; the call is
// destroyed when all three were handled.
class CallShape {
 public:
  CallShape(const CallShape&) = delete;
  CallShape& operator=(const CallShape&) = delete;

 protected:
  explicit CallShape(const Method& method) : call_(*method.runtime, method.info) {}
  virtual ~CallShape() = default;

  // Asks gRPC for one call of the method, once the object is complete.
  void Await() {
    call_.server_context().AsyncNotifyWhenDone(&done_tag_);
    Request(&arrived_tag_);
  }

  // Asks gRPC for a call; `arrived` completes when it has come.
  virtual void Request(void* arrived) = 0;
  // Lets a further object await the next call of this method.
  virtual void AwaitNext() = 0;
  // The call has come. Sees to it that Finish is called sooner or later, from any thread.
  virtual void Begin() = 0;
  // gRPC has told that the call is over, and `call_` has taken note; more messages would go
  // nowhere.
  virtual void Done() {}
  // The caller's turn was interrupted; see CallerTurn.
  virtual void OnInterrupted() {}
  // Nothing is awaited any more.
  virtual void Dispose() { delete this; }

  // The tag of the operation that ends the call.
  void* finished_tag() { return &finished_tag_; }

  Call& call() { return call_; }

  // One more operation is to be handled, which ends with Release.
  void Retain() { awaited_.fetch_add(1, std::memory_order_relaxed); }
  void Release() {
    if (awaited_.fetch_sub(1, std::memory_order_acq_rel) == 1) Dispose();
  }

 private:
  friend class CallerTurn;

  void OnArrived(bool ok) {
    if (!ok) return Dispose();  // the server shuts down; the done tag never comes then
    AwaitNext();
    Begin();
    Release();
  }
  void OnFinished(bool) { Release(); }
  void OnDone(bool) {
    call_.NoteDone();
    Done();
    Release();
  }

  Call call_;
  std::atomic<int> awaited_{3};  // to be handled: arrived, finished, done, and what is retained
  MemberTag<CallShape, &CallShape::OnArrived> arrived_tag_{this};
  MemberTag<CallShape, &CallShape::OnFinished> finished_tag_{this};
  MemberTag<CallShape, &CallShape::OnDone> done_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_CALL_SHAPE_H_
