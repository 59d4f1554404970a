// Rows of a list: each item a row, each field a column, by the descriptors alone.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_MESSAGE_CELLS_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_MESSAGE_CELLS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/gateway/offers/cells.h"

namespace relais::exports {

// A column of items of one type: where in an item its value stands.
class ItemField {
 public:
  // By a path of fields, `import_summary.failed`, or into a map of texts, `axes.Region`. None: the
  // type has no such field, or it is one that is no cell.
  static std::optional<ItemField> Find(const google::protobuf::Descriptor& item,
                                       std::string_view path);
  // All that can be cells, in the order of the proto: the fields of the item and of the messages in
  // it. Repeated texts are one cell, joined by "; ", and so are maps of texts, "key=value".
  static std::vector<ItemField> AllOf(const google::protobuf::Descriptor& item);

  const gateway::SourceColumn& column() const { return column_; }

  // Adds its cell of an item of that type. Enums are their names without the prefix of their type;
  // what is absent is null.
  void AddCell(const google::protobuf::Message& item, gateway::CellBlock& rows) const;

 private:
  gateway::SourceColumn column_;
  std::vector<const google::protobuf::FieldDescriptor*> path_;
  std::string map_key_;  // of the last field, a map; empty: all of it
};

// The texts of an item's field, text or repeated text, that are not empty.
std::vector<std::string> TextsOf(const google::protobuf::Message& item, const std::string& field);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_MESSAGE_CELLS_H_
