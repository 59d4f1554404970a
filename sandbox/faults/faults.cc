#include "sandbox/faults/faults.h"

#include <utility>

namespace relais::sandbox {
namespace {

void Merge(const Fault& fault, Fault& out) {
  out.latency += fault.latency;
  if (fault.status) out.status = fault.status;
  if (!fault.retry_after.empty()) out.retry_after = fault.retry_after;
  out.html = out.html || fault.html;
  if (fault.body) {
    out.body = fault.body;
    out.content_type = fault.content_type;
  }
  if (fault.truncate) out.truncate = fault.truncate;
  if (fault.cut != Cut::kNone) out.cut = fault.cut;
  out.lose_answer = out.lose_answer || fault.lose_answer;
  out.hold_answer += fault.hold_answer;
  out.token_expired = out.token_expired || fault.token_expired;
  if (fault.error) out.error = fault.error;
  if (fault.row_cap) out.row_cap = fault.row_cap;
  out.malformed_infos = out.malformed_infos || fault.malformed_infos;
  out.null_records = out.null_records || fault.null_records;
  if (fault.insert) out.insert = fault.insert;
}

}  // namespace

void FaultGate::Set(std::vector<Fault> faults) {
  const std::lock_guard<std::mutex> lock(mutex_);
  armed_.clear();
  for (Fault& fault : faults) armed_.push_back({std::move(fault), 0});
}

void FaultGate::Add(Fault fault) {
  const std::lock_guard<std::mutex> lock(mutex_);
  armed_.push_back({std::move(fault), 0});
}

std::vector<Fault> FaultGate::List() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Fault> faults;
  for (const Armed& armed : armed_) faults.push_back(armed.fault);
  return faults;
}

Fault FaultGate::Admit(Operation operation) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Fault effect;
  for (Armed& armed : armed_) {
    const Fault& fault = armed.fault;
    if (fault.operation != Operation::kAny && fault.operation != operation) continue;
    const int64_t position = armed.seen++;
    const bool over = fault.count > 0 && position >= fault.after + fault.count;
    if (position >= fault.after && !over) Merge(fault, effect);
  }
  return effect;
}

}  // namespace relais::sandbox
