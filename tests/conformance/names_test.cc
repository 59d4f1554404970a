// Names: of connections that there are not, and of another form. Nothing is asked upstream then.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/conformance/conformance.h"

namespace relais::conformance {
namespace {

class Names : public Conformance {
 protected:
  // The same call about something else; `name` is where and what it is about.
  Answer CallAbout(const Method& method, Requests requests, const FieldPath& field,
                   const std::string& name) {
    field.Set(*requests.front(), name);
    return Call(method, requests);
  }
  std::string collection() const {
    return subject().resource.substr(0, subject().resource.find('/'));
  }
};
INSTANTIATE_TEST_SUITE_P(Conformance, Names, ::testing::ValuesIn(Subjects()), WordOf);

TEST_P(Names, AreInEveryRequestButThoseForAllThatThereIs) {
  int without = 0;
  for (const Method& method : methods()) {
    const Requests valid = method.Valid(gateway());
    if (!FindName(*valid.front(), subject().resource)) ++without;
  }
  EXPECT_EQ(without, subject().nameless);
}

TEST_P(Names, OfUnknownConnectionsAreNotFound) {
  for (const Method& method : methods()) {
    const Requests valid = method.Valid(gateway());
    const auto field = FindName(*valid.front(), subject().resource);
    if (!field) continue;
    const std::int64_t asked = Asked();
    const std::string rest = field->Get(*valid.front()).substr(subject().resource.size());
    const Answer answer =
        CallAbout(method, valid, *field, absl::StrCat(collection(), "/nowhere", rest));
    const bool own = !subject().own.empty();  // then they are of things that there are not
    EXPECT_TRUE(
        Fails(answer.status, grpc::NOT_FOUND, own ? "RESOURCE_NOT_FOUND" : "CONNECTION_NOT_FOUND"))
        << method.name();
    EXPECT_EQ(FailureOf(answer.status).metadata["connection"], own ? subject().own : "nowhere")
        << method.name();
    EXPECT_EQ(Asked(), asked) << method.name();
  }
}

TEST_P(Names, OfAnotherFormAreRefused) {
  for (const Method& method : methods()) {
    const Requests valid = method.Valid(gateway());
    const auto field = FindName(*valid.front(), subject().resource);
    if (!field) continue;
    const std::string name = field->Get(*valid.front());
    const std::int64_t asked = Asked();
    for (const std::string& bad :
         {std::string(), std::string("sandbox"), absl::StrCat("/", name), absl::StrCat(name, "/"),
          absl::StrCat(name, "/more"), absl::StrCat(collection(), "//", "x"),
          absl::StrCat("x", name), std::string(3000, 'x')}) {
      const Answer answer = CallAbout(method, valid, *field, bad);
      EXPECT_TRUE(Violates(answer.status, field->text()))
          << method.name() << " about \"" << bad.substr(0, 100) << "\"";
    }
    EXPECT_EQ(Asked(), asked) << method.name();
  }
}

}  // namespace
}  // namespace relais::conformance
