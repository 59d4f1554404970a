// Resource names: collections and ids alternate, "erps/demo/dictionaries/x".

#ifndef RELAIS_SERVER_CORE_AIP_RESOURCE_NAME_H_
#define RELAIS_SERVER_CORE_AIP_RESOURCE_NAME_H_

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais {

// The ids when `name`, of at most `longest` bytes, has exactly these collections in this order;
// none of them is empty.
std::optional<std::vector<std::string>> IdsOf(std::string_view name,
                                              std::initializer_list<const char*> collections,
                                              std::size_t longest);

// The id behind the first collection; empty when `name` does not begin with that collection.
std::string_view FirstIdOf(std::string_view name, std::string_view collection);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_AIP_RESOURCE_NAME_H_
