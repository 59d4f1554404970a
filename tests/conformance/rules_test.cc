// What the protos say of the fields of a request holds for every method: enums have their values,
// names lie within the connection that the call is about. Nothing is asked upstream otherwise.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "tests/conformance/conformance.h"

namespace relais::conformance {
namespace {

bool IsOutput(const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == google::api::OUTPUT_ONLY)
      return true;
  }
  return false;
}

// A field of a message within a request, and how to get there.
struct Place {
  std::vector<const FieldDescriptor*> path;
  const FieldDescriptor* field;

  std::string text() const {
    std::string text;
    for (const FieldDescriptor* each : path) absl::StrAppend(&text, each->name(), ".");
    return absl::StrCat(text, field->name(), field->is_repeated() ? "[0]" : "");
  }
  Message& In(Message& request) const {
    Message* message = &request;
    for (const FieldDescriptor* each : path)
      message = message->GetReflection()->MutableMessage(message, each);
    return *message;
  }
};

// Those of the request and of the messages that it has.
void AddPlaces(const Message& message, const std::vector<const FieldDescriptor*>& path,
               std::vector<Place>& places) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (IsOutput(*field) || field->is_map()) continue;
    places.push_back({path, field});
    if (field->is_repeated() || field->type() != FieldDescriptor::TYPE_MESSAGE ||
        !message.GetReflection()->HasField(message, field))
      continue;
    std::vector<const FieldDescriptor*> within = path;
    within.push_back(field);
    AddPlaces(message.GetReflection()->GetMessage(message, field), within, places);
  }
}

std::vector<Place> PlacesIn(const Message& request) {
  std::vector<Place> places;
  AddPlaces(request, {}, places);
  return places;
}

class Rules : public Conformance {
 protected:
  // Calls every method once for every field that `spoil` has made wrong in a valid request.
  template <typename Spoil>
  void RefusesEach(Spoil spoil) {
    for (const Method& method : methods()) {
      const Requests valid = method.Valid(gateway());
      const std::int64_t asked = Asked();
      for (const Place& place : PlacesIn(*valid.front())) {
        Requests requests = valid;
        if (!spoil(place, place.In(*requests.front()), *valid.front())) continue;
        EXPECT_TRUE(Violates(Call(method, requests).status, place.text()))
            << method.name() << ": " << TextOf(*requests.front());
      }
      EXPECT_EQ(Asked(), asked) << method.name();
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Conformance, Rules, ::testing::ValuesIn(Subjects()), WordOf);

TEST_P(Rules, EnumsHaveNoOtherValues) {
  RefusesEach([](const Place& place, Message& message, const Message&) {
    if (place.field->type() != FieldDescriptor::TYPE_ENUM) return false;
    const auto& reflection = *message.GetReflection();
    if (place.field->is_repeated()) {
      reflection.ClearField(&message, place.field);
      reflection.AddEnumValue(&message, place.field, 9999);
    } else {
      reflection.SetEnumValue(&message, place.field, 9999);
    }
    return true;
  });
}

TEST_P(Rules, NamesLieWithinTheConnectionOfTheCall) {
  const std::string& here = subject().resource;
  const std::string elsewhere = absl::StrCat(here.substr(0, here.find('/')), "/elsewhere");
  RefusesEach([&](const Place& place, Message& message, const Message& request) {
    if (place.field->type() != FieldDescriptor::TYPE_STRING ||
        !place.field->options().HasExtension(google::api::resource_reference))
      return false;
    // That which the call is about decides where everything else must lie.
    const auto about = FindName(request, here);
    if (!about || about->text() == place.text()) return false;
    const auto& reflection = *message.GetReflection();
    std::string name = absl::StrCat(here, "/things/1");
    if (place.field->is_repeated()) {
      if (reflection.FieldSize(message, place.field) > 0)
        name = reflection.GetRepeatedString(message, place.field, 0);
    } else if (!reflection.GetString(message, place.field).empty()) {
      name = reflection.GetString(message, place.field);
    }
    if (!absl::StartsWith(name, here)) return false;
    name = absl::StrCat(elsewhere, name.substr(here.size()));
    if (place.field->is_repeated()) {
      reflection.ClearField(&message, place.field);
      reflection.AddString(&message, place.field, name);
    } else {
      reflection.SetString(&message, place.field, name);
    }
    return true;
  });
}

}  // namespace
}  // namespace relais::conformance
