#include "tests/conformance/subjects/subjects.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace relais::conformance {

#define RELAIS_SERVICE(word)             \
  namespace word {                       \
  Subject MakeSubject(); /* its table */ \
  }
#include "server/services.def"
#undef RELAIS_SERVICE

const std::vector<const Subject*>& Subjects() {
  static const auto& subjects = *new std::vector<const Subject*>{
#define RELAIS_SERVICE(word) new Subject(word::MakeSubject()),
#include "server/services.def"
#undef RELAIS_SERVICE
  };
  return subjects;
}

std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", absl::CEscape(text), "\"");
}

Texts Name(const std::string& name) { return {absl::StrCat("name: ", Quoted(name))}; }

Texts Parent(const std::string& parent) { return {absl::StrCat("parent: ", Quoted(parent))}; }

std::function<Texts(Gateway&)> Always(Texts texts) {
  return [texts = std::move(texts)](Gateway&) { return texts; };
}

}  // namespace relais::conformance
