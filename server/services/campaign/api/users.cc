// The methods about users.

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/services/campaign/api/checks.h"
#include "server/services/campaign/api/list.h"
#include "server/services/campaign/api/service.h"

namespace relais::campaign {
namespace {

constexpr std::size_t kMostText = 255;
constexpr int kMostGroups = 1000;
const std::set<std::string>& Changeable() {
  static const auto* const kPaths = new std::set<std::string>{"login",
                                                              "password",
                                                              "email",
                                                              "first_name",
                                                              "last_name",
                                                              "privilege",
                                                              "must_change_password",
                                                              "model_groups"};
  return *kPaths;
}

// Of the password only a digest.
template <typename Name, typename Request>
state::Mutation UserMutation(const Target<Name>& target, Request request) {
  request.mutable_user()->set_password(gateway::PasswordDigest(request.user().password()));
  return gateway::MutationOf(target, std::move(request));
}

// Empty when it is not known.
template <typename Name>
std::string_view InstanceOf(const Target<Name>* target) {
  return target == nullptr ? std::string_view() : std::string_view(target->name.instance);
}

void CheckGroups(const v1::User& user, std::string_view instance, Violations& violations) {
  if (user.model_groups_size() > kMostGroups)
    violations.Add("user.model_groups", absl::StrCat("must be at most ", kMostGroups));
  for (int i = 0; i < user.model_groups_size(); ++i) {
    const std::string field = absl::StrCat("user.model_groups[", i, "]");
    const auto model = ModelName::Parse(user.model_groups(i).model());
    if (!model || (!instance.empty() && model->instance != instance)) {
      violations.Add(field + ".model",
                     "must be instances/{instance}/models/{model} of the same instance");
    }
    CheckText(field + ".group", user.model_groups(i).group(), kMostText,
              /*required=*/true, violations);
  }
}

// `writes`: whether a field is written.
template <typename Writes>
void CheckUser(const v1::User& user, std::string_view instance, Writes writes,
               Violations& violations) {
  if (writes("login")) CheckText("user.login", user.login(), kMostText, true, violations);
  if (writes("password")) CheckText("user.password", user.password(), kMostText, true, violations);
  CheckText("user.email", user.email(), kMostText, false, violations);
  CheckText("user.first_name", user.first_name(), kMostText, false, violations);
  CheckText("user.last_name", user.last_name(), kMostText, false, violations);
  if (user.privilege() == v1::User::PRIVILEGE_OTHER)
    violations.Add("user.privilege", "is not one of the privileges that can be written");
  CheckGroups(user, instance, violations);
}

void CheckCreation(const Target<InstanceName>* target, const v1::CreateUserRequest& request,
                   Violations& violations) {
  if (!request.user().name().empty())
    violations.Add("user.name", "must be empty: the upstream sets it");
  CheckUser(
      request.user(), InstanceOf(target), [](const char*) { return true; }, violations);
}

void CheckUpdate(const Target<UserName>* target, const v1::UpdateUserRequest& request,
                 Violations& violations) {
  const auto& paths = request.update_mask().paths();
  for (const std::string& path : paths) {
    if (!Changeable().contains(path))
      violations.Add("update_mask", absl::StrCat("has a field that cannot be changed; "
                                                 "those are login, password, email, "
                                                 "first_name, last_name, privilege, "
                                                 "must_change_password, model_groups"));
  }
  CheckUser(
      request.user(), InstanceOf(target),
      [&paths](const char* path) {
        return std::find(paths.begin(), paths.end(), path) != paths.end();
      },
      violations);
}

absl::StatusOr<v1::ListUsersResponse> ListUsers(const Target<InstanceName>& target,
                                                const CallContext& context,
                                                const v1::ListUsersRequest& request) {
  auto users = target.backend().ListUsers(context);
  if (!users.ok()) return users.status();
  std::sort(users->begin(), users->end(), [](const v1::User& left, const v1::User& right) {
    return NumberIn(left.name()) < NumberIn(right.name());
  });
  return gateway::AnswerPage(request, absl::StrCat("ListUsers|", request.parent()),
                             *std::move(users), &v1::ListUsersResponse::mutable_users);
}

// The user of that login; none: there is none.
absl::StatusOr<std::optional<std::string>> FindUser(Backend& backend, const CallContext& context,
                                                    const std::string& login) {
  auto users = backend.ListUsers(context);
  if (!users.ok()) return users.status();
  for (const v1::User& user : *users) {
    if (user.login() == login) return gateway::Serialize(user);
  }
  return std::optional<std::string>();
}

// Nobody has the login before, and the upstream takes it once: so whoever has it after it was sent
// is the user that was created, also when the answer was lost. Of what was not sent, or of what
// nobody knows any more that it was, the login proves nothing.
absl::StatusOr<v1::User> CreateUser(const Target<InstanceName>& target, const CallContext& context,
                                    const v1::CreateUserRequest& request) {
  Backend& backend = target.backend();
  const std::string& login = request.user().login();
  std::optional<SingleFlight::Lead> lead;  // until it is known what became of it
  state::Steps steps;
  steps.marked = false;
  steps.prepare = [&](const CallContext& call) -> absl::Status {
    auto taken = backend.LockLogin(call, login);
    if (!taken.ok()) return taken.status();
    lead.emplace(*std::move(taken));
    auto found = FindUser(backend, call, login);
    if (!found.ok() || !*found) return found.status();
    return gateway::Tagged(Error(absl::StatusCode::kAlreadyExists, Reason::kResourceExists)
                               << "The upstream has a user of that login already.",
                           *target.connection);
  };
  steps.send = [&](const CallContext& call, const std::string&) -> state::Answer {
    if (absl::Status sent = backend.InsertUser(call, request.user()); !sent.ok()) return sent;
    auto found = FindUser(backend, call, login);
    if (found.ok() && *found) return **std::move(found);
    absl::Status unknown =
        found.ok()
            ? absl::Status(Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
                           << "The new user does not show yet.")
            : found.status();
    AddMetadata(unknown, "outcome", "unknown");
    return unknown;
  };
  steps.find = [&](const CallContext& call, const std::string&) {
    return FindUser(backend, call, login);
  };
  return gateway::ParseAnswer<v1::User>(
      target.submissions->Once(context, UserMutation(target, request), steps));
}

absl::StatusOr<v1::User> UpdateUser(const Target<UserName>& target, const CallContext& context,
                                    const v1::UpdateUserRequest& request) {
  return gateway::Remember<v1::User>(
      *target.submissions, context, UserMutation(target, request), [&](const CallContext& call) {
        return target.backend().UpdateUser(call, target.name.id, request);
      });
}

absl::StatusOr<v1::DeleteUserResponse> DeleteUser(const Target<UserName>& target,
                                                  const CallContext& context,
                                                  const v1::DeleteUserRequest& request) {
  return gateway::RememberChange<v1::DeleteUserResponse>(
      target, context, request,
      [&](const CallContext& call) { return target.backend().DeleteUser(call, target.name.id); });
}

}  // namespace

void AddUserMethods(Methods& methods) {
  methods.Unary("ListUsers", ListUsers);
  methods.Unary("CreateUser", CreateUser, CheckCreation);
  methods.Unary("UpdateUser", UpdateUser, CheckUpdate);
  methods.Unary("DeleteUser", DeleteUser);
}

}  // namespace relais::campaign
