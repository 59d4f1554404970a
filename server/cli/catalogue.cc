#include "server/cli/catalogue.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/core/base/text/nearest.h"
#include "server/core/base/text/view.h"

namespace relais::cli {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::MethodDescriptor;
using ::google::protobuf::ServiceDescriptor;

bool IsSeparator(char c) { return c == '.' || c == '/'; }

// Whether `name` is all of `full` or what follows a dot or a slash in it.
bool IsEndOf(std::string_view name, std::string_view full) {
  if (name.empty() || name.size() > full.size()) return false;
  const std::size_t begin = full.size() - name.size();
  return full.substr(begin) == name && (begin == 0 || IsSeparator(full[begin - 1]));
}

std::string_view WithoutPackage(std::string_view full) {
  const std::string_view service = full.substr(0, full.find('/'));
  const std::size_t dot = service.rfind('.');
  return dot == std::string_view::npos ? full : full.substr(dot + 1);
}

std::string_view LastPart(std::string_view full) {
  return full.substr(full.find_last_of("./") + 1);
}

// The one that `name` means: itself, or the only one that ends with it.
absl::StatusOr<std::string> FindName(const char* kind, std::string_view name,
                                     const std::vector<std::string>& all) {
  std::vector<std::string> found;
  for (const std::string& full : all) {
    if (full == name) return full;
    if (IsEndOf(name, full)) found.push_back(full);
  }
  if (found.size() == 1) return found.front();
  if (!found.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", View(name), "\" can be several ", kind,
                                                   "s: ", absl::StrJoin(found, ", "), "."));
  }
  // Compared in the length in which it is written, since packages would outweigh a misspelt word.
  std::vector<std::string> shorter;
  for (const std::string& full : all) {
    const bool short_form = name.find_first_of("./") == std::string_view::npos;
    shorter.emplace_back(short_form ? LastPart(full) : WithoutPackage(full));
  }
  const std::string near = Nearest(
      name.find('/') == std::string_view::npos ? LastPart(name) : WithoutPackage(name), shorter);
  std::string meant;
  for (std::size_t i = 0; i < all.size() && meant.empty() && !near.empty(); ++i) {
    if (shorter[i] == near) meant = all[i];
  }
  return absl::NotFoundError(absl::StrCat("The server has no ", kind, " \"", View(name), "\"",
                                          meant.empty() ? "; `relaisd call list` shows what it has."
                                                        : "; did you mean \"" + meant + "\"?"));
}

void AddMessages(const Descriptor& message, std::vector<std::string>& names) {
  names.emplace_back(message.full_name());
  for (int i = 0; i < message.nested_type_count(); ++i) AddMessages(*message.nested_type(i), names);
}

void AddTypes(const FileDescriptor& file, std::vector<std::string>& names) {
  for (int i = 0; i < file.message_type_count(); ++i) AddMessages(*file.message_type(i), names);
  for (int i = 0; i < file.enum_type_count(); ++i)
    names.emplace_back(file.enum_type(i)->full_name());
}

std::string TextOf(const MethodDescriptor& method) {
  std::string text = method.DebugString();
  absl::StrAppend(&text, "\n", method.input_type()->DebugString());
  if (method.output_type() != method.input_type())
    absl::StrAppend(&text, "\n", method.output_type()->DebugString());
  return text;
}

}  // namespace

Catalogue::Catalogue(google::protobuf::DescriptorDatabase& files, std::vector<std::string> services)
    : pool_(&files), services_(std::move(services)) {}

absl::StatusOr<const ServiceDescriptor*> Catalogue::FindService(std::string_view name) {
  const auto full = FindName("service", name, services_);
  if (!full.ok()) return full.status();
  const ServiceDescriptor* const service = pool_.FindServiceByName(*full);
  if (service == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("The server does not describe its service ", *full, "."));
  }
  return service;
}

std::vector<std::string> Catalogue::Methods() {
  std::vector<std::string> methods;
  for (const std::string& name : services_) {
    const ServiceDescriptor* const service = pool_.FindServiceByName(name);
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      methods.push_back(PathOf(*service->method(i)));
    }
  }
  return methods;
}

absl::StatusOr<const MethodDescriptor*> Catalogue::FindMethod(std::string_view name) {
  std::string path(name);
  if (path.find('/') == std::string::npos && path.rfind('.') != std::string::npos)
    path[path.rfind('.')] = '/';
  const auto full = FindName("method", path, Methods());
  if (!full.ok()) return full.status();
  std::string dotted = *full;
  std::replace(dotted.begin(), dotted.end(), '/', '.');
  return pool_.FindMethodByName(dotted);
}

absl::StatusOr<std::string> Catalogue::Describe(std::string_view name) {
  if (const auto service = FindService(name); service.ok()) return (*service)->DebugString();
  if (const auto method = FindMethod(name); method.ok()) return TextOf(**method);
  std::vector<std::string> names = services_;
  for (const std::string& service : services_) {
    const ServiceDescriptor* const descriptor = pool_.FindServiceByName(service);
    if (descriptor != nullptr) AddTypes(*descriptor->file(), names);
  }
  // A type of a file that only another file imports is known by its full name.
  const std::string given(name);
  if (pool_.FindMessageTypeByName(given) != nullptr || pool_.FindEnumTypeByName(given) != nullptr)
    names.push_back(given);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const auto full = FindName("service, method or type", name, names);
  if (!full.ok()) return full.status();
  if (const Descriptor* const message = pool_.FindMessageTypeByName(*full))
    return message->DebugString();
  if (const EnumDescriptor* const type = pool_.FindEnumTypeByName(*full))
    return type->DebugString();
  return absl::NotFoundError(absl::StrCat("The server does not describe ", *full, "."));
}

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->full_name(), "/", method.name());
}

}  // namespace relais::cli
