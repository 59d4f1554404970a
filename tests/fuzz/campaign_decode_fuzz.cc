// Replies of an instance of campaigns: every decoder over the same bytes; the bytes as a name, and
// as the end of a log.

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "server/core/base/error.h"
#include "server/json/mend.h"
#include "server/services/campaign/backend/problem.h"
#include "server/services/campaign/backend/watch.h"
#include "server/services/campaign/codec/codec.h"
#include "server/services/campaign/names.h"
#include "tests/fuzz/expect.h"

namespace relais::campaign {
namespace {

constexpr char kSome[] = "i";

template <typename T>
bool Accepted(const absl::StatusOr<T>& decoded, const std::string& body) {
  if (!decoded.ok()) {
    Expect(HasReason(decoded.status(), Reason::kUpstreamMalformedResponse),
           "a refusal has its reason: " + decoded.status().ToString());
    return false;
  }
  Expect(nlohmann::json::accept(json::Mended(body)), "an accepted reply is well-formed JSON");
  return true;
}

template <typename Message>
void CheckMessage(const Message& message) {
  Message again;
  Expect(again.ParseFromString(message.SerializeAsString()), "a message is valid: texts are UTF-8");
}

template <typename Item>
void CheckItems(const absl::StatusOr<std::vector<Item>>& items, const std::string& body) {
  if (!Accepted(items, body)) return;
  for (const Item& item : *items) CheckMessage(item);
}

void RunDecoders(const std::string& body) {
  CheckItems(DecodeProjects(body, kSome), body);
  CheckItems(DecodeModels(body, kSome), body);
  CheckItems(DecodeCampaigns(body, kSome), body);
  CheckItems(DecodeAnswers(body, kSome, false), body);
  CheckItems(DecodeAnswers(body, kSome, true), body);
  CheckItems(DecodeUsers(body, kSome), body);
  if (const auto message = DecodeMessage(body, {kSome, "M", "n"}); Accepted(message, body))
    CheckMessage(*message);
  if (const auto run = DecodeActionRun(body, kSome); Accepted(run, body)) {
    CheckMessage(*run);
    Expect(ActionRunName::Parse(run->name()).has_value(), "a run's name is one: " + run->name());
    Expect(NumberIn(run->name()) > 0, "it ends with a number");
  }
  if (const auto piece = DecodeFilePiece(body); Accepted(piece, body)) {
    Expect(piece->size >= 0, "a size is one");
    Expect(piece->file_name.find_first_of("/\\") == std::string::npos, "a file has a bare name");
  }
  (void)Accepted(DecodeLogon(body), body);
  (void)Accepted(DecodeDate(body), body);
  if (const auto polling = DecodePollingStatus(body); Accepted(polling, body))
    Expect(polling->last_id >= 0, "an id is none or one");
  if (const auto log = DecodeLog(body); Accepted(log, body)) {
    std::int64_t next = 0;
    for (const LogBatch& batch : CutLog(*log, 0, 16, true)) {
      Expect(batch.begin == next && batch.end > batch.begin, "batches follow each other");
      next = batch.end;
    }
    Expect(next == static_cast<std::int64_t>(log->size()), "nothing of a log is left out");
  }
  const auto problem = DecodeProblem(body);
  if (!Accepted(problem, body) || !*problem) return;
  Expect(!MeaningOf(**problem, "operations").ok(), "a problem is no success");
  v1::Message texts;  // as any message with texts
  texts.set_body((*problem)->message);
  CheckMessage(texts);
}

void RunNames(const std::string& text) {
  if (const auto name = CampaignName::Parse(text)) {
    const auto again = CampaignName::Parse(FormatCampaignName(*name));
    Expect(again && again->model == name->model && again->date == name->date &&
               again->restitution == name->restitution,
           "a campaign's name comes back from what it means");
  }
  if (const auto name = MessageName::Parse(text)) {
    const auto again =
        MessageName::Parse(FormatMessageName(name->instance, name->model, name->message));
    Expect(again && again->model == name->model && again->message == name->message,
           "a message's name comes back from what it means");
  }
  (void)UserName::Parse(text);
  (void)PollingName::Parse(text);
}

}  // namespace
}  // namespace relais::campaign

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string roomy;
  roomy.reserve(size + 64);
  roomy.assign(reinterpret_cast<const char*>(bytes), size);
  relais::campaign::RunDecoders(roomy);
  std::string tight = roomy;
  tight.shrink_to_fit();
  relais::campaign::RunDecoders(tight);
  relais::campaign::RunNames(roomy);
  return 0;
}
