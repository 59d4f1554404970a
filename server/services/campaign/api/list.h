// Lists: the upstream gives all at once, the gateway cuts pages of what it has sorted by name.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_API_LIST_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_API_LIST_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/repeated_field.h"
#include "server/gateway/list.h"
#include "server/services/campaign/codec/codec.h"

namespace relais::campaign {

template <typename Response, typename Item, typename Request>
absl::StatusOr<Response> AnswerList(absl::StatusOr<std::vector<Item>> items, const Request& request,
                                    const char* method,
                                    google::protobuf::RepeatedPtrField<Item>* (Response::*list)()) {
  if (!items.ok()) return items.status();
  std::sort(items->begin(), items->end(),
            [](const Item& left, const Item& right) { return left.name() < right.name(); });
  return gateway::AnswerPage(request, absl::StrCat(method, "|", request.parent()),
                             *std::move(items), list);
}

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_API_LIST_H_
