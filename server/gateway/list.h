// Pages of lists, the same for every List method.

#ifndef RELAIS_SERVER_GATEWAY_LIST_H_
#define RELAIS_SERVER_GATEWAY_LIST_H_

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "server/core/aip/paging.h"

namespace relais::gateway {

// One page of a list of `total` items that is in memory: as many as the request asks for and a
// reply holds. `make` fills the i-th. `arguments` is what tokens are bound to.
template <typename Response, typename Request, typename Item, typename Make>
absl::StatusOr<Response> AnswerPage(const Request& request, std::string_view arguments,
                                    std::size_t total,
                                    google::protobuf::RepeatedPtrField<Item>* (Response::*list)(),
                                    Make make) {
  const auto page = CutList(request.page_size(), request.page_token(), arguments, total);
  if (!page.ok()) return page.status();
  Response response;
  auto& items = *(response.*list)();
  std::size_t bytes = 0;
  std::size_t at = page->begin;
  for (; at < page->end; ++at) {
    Item& item = *items.Add();
    make(at, item);
    bytes += item.ByteSizeLong();
    if (bytes > kMostPageBytes && at > page->begin) {
      items.RemoveLast();
      break;
    }
  }
  response.set_next_page_token(page->NextToken(at));
  return response;
}

// The same of items that are there already.
template <typename Response, typename Request, typename Item>
absl::StatusOr<Response> AnswerPage(const Request& request, std::string_view arguments,
                                    std::vector<Item> items,
                                    google::protobuf::RepeatedPtrField<Item>* (Response::*list)()) {
  return AnswerPage(request, arguments, items.size(), list,
                    [&items](std::size_t i, Item& item) { item = std::move(items[i]); });
}

// Leaves out of a page of the upstream what a reply does not hold. `message` is what is told of an
// item.
template <typename Item, typename Message>
void FitIntoReply(std::vector<Item>& items, Message Item::*message) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    bytes += (items[i].*message).ByteSizeLong();
    if (bytes <= kMostPageBytes || i == 0) continue;
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(i), items.end());
    return;
  }
}

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_LIST_H_
