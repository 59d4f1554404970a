#include "sandbox/upstreams/robot/wire.h"

#include <nlohmann/json.hpp>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sandbox/http/json_reply.h"

namespace relais::sandbox::robot {
namespace {

using json = nlohmann::ordered_json;

std::uint64_t Random() {
  static thread_local std::mt19937_64 source{std::random_device{}()};
  return source();
}

}  // namespace

std::string WireTime(absl::Time time, const char* zone) {
  const std::int64_t ticks = absl::ToUnixNanos(time) / 100;
  const std::int64_t seconds = ticks / 10'000'000 - (ticks % 10'000'000 < 0 ? 1 : 0);
  std::string text =
      absl::FormatTime("%Y-%m-%dT%H:%M:%S", absl::FromUnixSeconds(seconds), absl::UTCTimeZone());
  if (const std::int64_t rest = ticks - seconds * 10'000'000; rest != 0) {
    std::string digits = absl::StrFormat("%07d", rest);
    digits.erase(digits.find_last_not_of('0') + 1);
    absl::StrAppend(&text, ".", digits);
  }
  return text + zone;
}

HttpReply JsonAnswer(int status, const json& body) {
  HttpReply reply = JsonReply(status, DumpOrdered(body));
  reply.content_type = "application/json; odata.metadata=minimal; odata.streaming=true";
  return reply;
}

HttpReply ErrorAnswer(int status, int code, const std::string& message,
                      const std::string& traceparent) {
  const std::string trace =
      traceparent.size() == 55
          ? traceparent
          : absl::StrFormat("00-%016x%016x-%016x-00", Random(), Random(), Random());
  return JsonAnswer(status, {{"message", message}, {"errorCode", code}, {"traceId", trace}});
}

std::string NewGuid() {
  const std::uint64_t high = Random();
  const std::uint64_t low = Random();
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", high >> 32, (high >> 16) & 0xffff,
                         high & 0xfff, 0x8000 | ((low >> 48) & 0x3fff), low & 0xffffffffffff);
}

}  // namespace relais::sandbox::robot
