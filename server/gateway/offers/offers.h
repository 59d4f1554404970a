// What a service offers to exports: which of its methods can be read as rows or files, and whose
// end can be waited for.

#ifndef RELAIS_SERVER_GATEWAY_OFFERS_OFFERS_H_
#define RELAIS_SERVER_GATEWAY_OFFERS_OFFERS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/gateway/offers/cells.h"

namespace relais::gateway {

// A method that can be read: a list, or a stream of rows that has a `resume_token` in its request
// and its responses.
struct RowOffer {
  // Puts the rows of a serialized response, which outlives them, into `rows`. The first response
  // tells the columns.
  using Decode = absl::Status (*)(std::string_view response, std::vector<SourceColumn>& columns,
                                  CellBlock& rows, std::string& resume_token);

  const google::protobuf::MethodDescriptor* method = nullptr;
  // Of a stream. Null: a list, each item a row, each field a column.
  Decode decode = nullptr;
  // A text of the request by which, when it is given, the rows come in a stable order, so that
  // reading can go on later where it ended. Empty: never.
  std::string stable_field{};
  // Tells what is sent upstream; has the fields of the same names as the method's request. May be
  // null.
  const google::protobuf::MethodDescriptor* explain = nullptr;
  // A field of an item, text or repeated text, with the names of its files. Empty: it has none.
  std::string files{};
  // Reads one of them by its `name`.
  const google::protobuf::MethodDescriptor* download = nullptr;
};

// A resource that comes to an end: `method` reads it by its `name`, and it has ended when its enum
// `field` has the value `ended`.
struct EndOffer {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string field{};
  std::string ended{};
};

struct Offers {
  std::vector<RowOffer> rows{};
  std::vector<EndOffer> ends{};
};

// A new message of a type that is linked in.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

// A method of the service `Message` belongs to, such as "ListJobs". Ends the program when there is
// none.
const google::protobuf::MethodDescriptor* MethodBeside(const google::protobuf::Descriptor& message,
                                                       const std::string& name);

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_OFFERS_OFFERS_H_
