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
#include "server/core/aip/paging.h"
#include "server/services/campaign/codec/codec.h"

namespace relais::campaign {

// `items` are in order already. `arguments` is what tokens are bound to.
template <typename Response, typename Item, typename Request>
absl::StatusOr<Response> CutItems(std::vector<Item> items, const Request& request,
                                  const std::string& arguments,
                                  google::protobuf::RepeatedPtrField<Item>* (Response::*list)()) {
  auto page = CutList(request.page_size(), request.page_token(), arguments, items.size());
  if (!page.ok()) return page.status();
  Response response;
  for (std::size_t i = page->begin; i < page->end; ++i)
    *(response.*list)()->Add() = std::move(items[i]);
  response.set_next_page_token(std::move(page->next_page_token));
  return response;
}

template <typename Response, typename Item, typename Request>
absl::StatusOr<Response> AnswerList(absl::StatusOr<std::vector<Item>> items, const Request& request,
                                    const char* method,
                                    google::protobuf::RepeatedPtrField<Item>* (Response::*list)()) {
  if (!items.ok()) return items.status();
  std::sort(items->begin(), items->end(),
            [](const Item& left, const Item& right) { return left.name() < right.name(); });
  return CutItems<Response>(*std::move(items), request, absl::StrCat(method, "|", request.parent()),
                            list);
}

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_API_LIST_H_
