#include "server/cli/call.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <istream>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "server/cli/catalogue.h"
#include "server/cli/exchange.h"
#include "server/cli/exit_code.h"
#include "server/cli/failure.h"
#include "server/cli/json.h"
#include "server/cli/reflection.h"

namespace relais::cli {
namespace {

using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;

// How long the gateway may take to describe itself.
constexpr absl::Duration kReflectionTimeout = absl::Seconds(20);

int Refuse(std::string_view why) {
  std::cerr << "relaisd call: " << why << "\n";
  return kExitUsage;
}

int Refuse(const absl::Status& status) { return Refuse(std::string(status.message())); }

// Pipes and terminals too. read() takes a folder for what cannot be read, where iterators would
// throw.
std::optional<std::string> ReadAll(std::istream& in) {
  std::string text;
  char part[4096];
  while (in.read(part, sizeof part) || in.gcount() > 0)
    text.append(part, static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return std::nullopt;
  return text;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  auto text = file ? ReadAll(file) : std::nullopt;
  if (!text) return absl::NotFoundError(absl::StrCat("The file ", path, " cannot be read."));
  return *std::move(text);
}

absl::StatusOr<std::string> ReadArgument(const std::string& argument) {
  if (argument == "-") {
    auto text = ReadAll(std::cin);
    if (!text) return absl::NotFoundError("Standard input cannot be read.");
    return *std::move(text);
  }
  if (!argument.empty() && argument.front() == '@') return ReadFile(argument.substr(1));
  return argument;
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(
    const CallArguments& arguments) {
  if (arguments.tls_ca.empty() && arguments.certificate.empty() && arguments.key.empty())
    return grpc::InsecureChannelCredentials();
  if (arguments.certificate.empty() != arguments.key.empty())
    return absl::InvalidArgumentError("--cert and --key belong together: give both or none.");
  grpc::SslCredentialsOptions options;
  for (auto [path, text] : {std::pair(&arguments.tls_ca, &options.pem_root_certs),
                            std::pair(&arguments.certificate, &options.pem_cert_chain),
                            std::pair(&arguments.key, &options.pem_private_key)}) {
    if (path->empty()) continue;
    auto read = ReadFile(*path);
    if (!read.ok()) return read.status();
    *text = *std::move(read);
  }
  return grpc::SslCredentials(options);
}

absl::StatusOr<absl::Duration> TimeoutOf(const CallArguments& arguments) {
  absl::Duration timeout = absl::InfiniteDuration();
  if (arguments.timeout.empty()) return timeout;
  if (!absl::ParseDuration(arguments.timeout, &timeout) || timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--timeout: \"", arguments.timeout, "\" is not a duration such as 10s, 500ms or 1m30s."));
  }
  return timeout;
}

absl::StatusOr<Connection> Connect(const CallArguments& arguments) {
  Connection connection;
  const auto timeout = TimeoutOf(arguments);
  if (!timeout.ok()) return timeout.status();
  connection.deadline = absl::ToChronoTime(absl::Now() + *timeout);
  if (*timeout == absl::InfiniteDuration())
    connection.deadline = std::chrono::system_clock::time_point::max();
  for (const std::string& header : arguments.headers) {
    const std::size_t colon = header.find(':');
    if (colon == std::string::npos || colon == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("-H: \"", header, "\" is not of the form name:value."));
    }
    connection.metadata.emplace_back(
        absl::AsciiStrToLower(header.substr(0, colon)),
        std::string(absl::StripLeadingAsciiWhitespace(header.substr(colon + 1))));
  }
  auto credentials = CredentialsOf(arguments);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments settings;
  settings.SetMaxReceiveMessageSize(-1);
  connection.channel = grpc::CreateCustomChannel(arguments.address, *credentials, settings);
  return connection;
}

// Why the gateway could not even be asked what it offers.
int Unreachable(const CallArguments& arguments, const grpc::Status& status) {
  std::cerr << TextOf(status, *google::protobuf::DescriptorPool::generated_pool());
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      std::cerr << "Nothing that speaks gRPC answers at " << arguments.address
                << (arguments.tls_ca.empty()
                        ? ": is relaisd running, at this --address, without TLS (else --tls-ca)?\n"
                        : ": is relaisd running, at this --address, with a certificate for it?\n");
      break;
    case grpc::StatusCode::UNIMPLEMENTED:
      std::cerr << "The server at " << arguments.address << " has no server reflection.\n";
      break;
    default:
      break;
  }
  return kExitCallFailed + static_cast<int>(status.error_code());
}

int PrintList(Catalogue& catalogue, const std::string& service) {
  if (service.empty()) {
    for (const std::string& name : catalogue.services()) std::cout << name << "\n";
    return kExitOk;
  }
  const auto found = catalogue.FindService(service);
  if (!found.ok()) return Refuse(found.status());
  for (int i = 0; i < (*found)->method_count(); ++i)
    std::cout << PathOf(*(*found)->method(i)) << "\n";
  return kExitOk;
}

int PrintDefinition(Catalogue& catalogue, const std::string& name) {
  if (name.empty()) return Refuse("describe wants the name of a service, a method or a message.");
  const auto text = catalogue.Describe(name);
  if (!text.ok()) return Refuse(text.status());
  std::cout << *text;
  return kExitOk;
}

// The messages to send, serialised.
absl::StatusOr<std::vector<std::string>> RequestsOf(const MethodDescriptor& method,
                                                    std::string_view text, Message& request) {
  const auto objects = SplitObjects(text);
  if (!objects.ok()) return objects.status();
  std::vector<std::string> requests;
  for (std::string_view object : *objects) {
    request.Clear();
    absl::Status read = FromJson(object, request);
    if (!read.ok() && objects->size() > 1) {
      read = absl::InvalidArgumentError(
          absl::StrCat("Message ", requests.size() + 1, ": ", std::string(read.message())));
    }
    if (!read.ok()) return read;
    requests.push_back(request.SerializeAsString());
  }
  if (method.client_streaming()) return requests;
  if (requests.empty()) requests.emplace_back();
  if (requests.size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(method.name(), " takes one message, not ", requests.size(), "."));
  }
  return requests;
}

int CallMethod(const Connection& connection, Catalogue& catalogue, const CallArguments& arguments) {
  const auto method = catalogue.FindMethod(arguments.method);
  if (!method.ok()) return Refuse(method.status());
  const auto text = ReadArgument(arguments.argument);
  if (!text.ok()) return Refuse(text.status());
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<Message> request(factory.GetPrototype((*method)->input_type())->New());
  const auto requests = RequestsOf(**method, *text, *request);
  if (!requests.ok()) return Refuse(requests.status());
  const std::unique_ptr<Message> response(factory.GetPrototype((*method)->output_type())->New());
  const grpc::Status status = Exchange(
      connection, absl::StrCat("/", PathOf(**method)), *requests, [&](const std::string& bytes) {
        const auto json = response->ParseFromString(bytes)
                              ? ToJson(*response)
                              : absl::InternalError("A response is not what the method announces.");
        if (json.ok()) std::cout << *json << std::endl;  // seen at once, also through a pipe
        if (!json.ok()) std::cerr << std::string(json.status().message()) << "\n";
      });
  if (status.ok()) return kExitOk;
  std::cerr << TextOf(status, catalogue.pool());
  return kExitCallFailed + static_cast<int>(status.error_code());
}

}  // namespace

int RunCall(const CallArguments& arguments) {
  // The gateway cancels a call whose connection is closed.
  signal(SIGINT, [](int) { _exit(kExitInterrupted); });
  const auto connection = Connect(arguments);
  if (!connection.ok()) return Refuse(connection.status());
  Connection questions = *connection;
  questions.metadata.clear();
  questions.deadline =
      std::min(questions.deadline, absl::ToChronoTime(absl::Now() + kReflectionTimeout));
  Reflection reflection(questions);
  std::vector<std::string> services;
  if (const grpc::Status status = reflection.ListServices(services); !status.ok())
    return Unreachable(arguments, status);
  Catalogue catalogue(reflection, std::move(services));
  if (arguments.method.empty() || arguments.method == "list")
    return PrintList(catalogue, arguments.argument);
  if (arguments.method == "describe") return PrintDefinition(catalogue, arguments.argument);
  return CallMethod(*connection, catalogue, arguments);
}

}  // namespace relais::cli
