#include "server/config/key_rules.h"

#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace relais::config {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;

constexpr KeyRule kRules[] = {
    {"relais.config.v1.Server.listen", "", "", "127.0.0.1:50051", false, Form::kListenAddress},
    {"relais.config.v1.Server.behind_proxy", "", "", "false"},
    {"relais.config.v1.Server.drain_delay", "0s", "300s", "3s"},
    {"relais.config.v1.Server.drain_deadline", "0s", "300s", "10s"},
    {"relais.config.v1.Server.max_unary_deadline", "1s", "3600s", "120s"},
    {"relais.config.v1.Server.polling_threads", "1", "8", "1"},
    {"relais.config.v1.Server.max_request_bytes", "1024", "67108864", "4194304"},
    {"relais.config.v1.ServerTls.certificate_file", "", "", "", true, Form::kFile},
    {"relais.config.v1.ServerTls.key_file", "", "", "", true, Form::kFile},
    {"relais.config.v1.ServerTls.client_ca_file", "", "", "", false, Form::kFile},
    {"relais.config.v1.Admin.listen", "", "", "127.0.0.1:9464", false, Form::kTcpAddress},
    {"relais.config.v1.Log.level", "", "", "info"},
    {"relais.config.v1.Log.access", "", "", "errors"},
    {"relais.config.v1.Secret.env", "", "", "", false, Form::kEnvironmentName},
    {"relais.config.v1.Secret.file", "", "", "", false, Form::kFile},
    {"relais.config.v1.Limits.in_flight", "1", "256", "4"},
    {"relais.config.v1.Limits.queue", "0", "100000", "256"},
    {"relais.config.v1.Limits.attempt_timeout", "0.1s", "3600s", "60s"},
    {"relais.config.v1.Limits.connect_timeout", "0.1s", "300s", "5s"},
    {"relais.config.v1.Limits.max_response_bytes", "1024", "1073741824", "67108864"},
    {"relais.config.v1.Limits.max_attempts", "1", "10", "3"},
    {"relais.config.v1.Limits.retry_budget_percent", "0", "100", "20"},
    {"relais.config.v1.Limits.breaker_failures", "1", "1000", "5"},
    {"relais.config.v1.ClientTls.ca_file", "", "", "", false, Form::kFile},
    {"relais.config.v1.ClientTls.pinned_public_key", "", "", "", false, Form::kPins},
    {"relais.config.v1.Erp.base_url", "", "", "", true, Form::kBaseUrl},
    {"relais.config.v1.Erp.user", "", "", "", true},
    {"relais.config.v1.Erp.password", "", "", "", true},
    {"relais.config.v1.Erp.max_page_size", "1", "100000", "1000"},
    {"relais.config.v1.Erp.verify_last_page", "", "", "true"},
    {"relais.config.v1.Erp.session_lifetime", "60s", "86400s", "1800s"},
    {"relais.config.v1.Erp.session_suspect_age", "1s", "86400s", "300s"},
    {"relais.config.v1.Erp.dictionaries", "", "", "", false, Form::kFile},
    {"relais.config.v1.Erp.data_dictionary", "", "", "", false, Form::kFile},
    {"relais.config.v1.Erp.probe", "", "", "a5rsdos.dhoq/Utilisateur", false, Form::kProbe},
    {"relais.config.v1.State.file", "", "", "/var/lib/relais/state.sqlite", false, Form::kPath},
    {"relais.config.v1.State.retention", "60s", "7776000s", "604800s"},
    {"relais.config.v1.State.settle_time", "0.1s", "3600s", "10s"},
    {"relais.config.v1.JobQueue.spool_directory", "", "", "/var/tmp", false, Form::kPath},
    {"relais.config.v1.Queue.base_url", "", "", "", true, Form::kBaseUrl},
    {"relais.config.v1.Queue.authentication", "", "", "", true},
    {"relais.config.v1.Queue.marker", "", "", "description"},
    {"relais.config.v1.Queue.poll_interval", "0.1s", "60s", "1s"},
    {"relais.config.v1.Queue.idle_poll_interval", "0.1s", "600s", "10s"},
    {"relais.config.v1.Queue.max_upload_bytes", "1", "1099511627776", "4294967296"},
    {"relais.config.v1.Queue.transfer_timeout", "1s", "86400s", "3600s"},
    {"relais.config.v1.Authentication.scheme", "", "", "basic"},
    {"relais.config.v1.Authentication.authority", "", "", "", false, Form::kBaseUrl},
    {"relais.config.v1.Orchestrator.base_url", "", "", "", true, Form::kBaseUrl},
    {"relais.config.v1.Orchestrator.authentication", "", "", "", true},
    {"relais.config.v1.Orchestrator.poll_interval", "0.1s", "60s", "5s"},
    {"relais.config.v1.Orchestrator.idle_poll_interval", "0.1s", "600s", "10s"},
    {"relais.config.v1.Orchestrator.robots_interval", "1s", "3600s", "60s"},
    {"relais.config.v1.Orchestrator.unresponsive_after", "30s", "3600s", "120s"},
    {"relais.config.v1.Orchestrator.log_poll_interval", "0.1s", "60s", "2s"},
    {"relais.config.v1.Orchestrator.log_hold_back", "0s", "300s", "5s"},
    {"relais.config.v1.Orchestrator.log_grace", "0s", "3600s", "90s"},
    {"relais.config.v1.Orchestrator.max_result_window", "100", "1000000000", "10000"},
    {"relais.config.v1.Orchestrator.folder_cache", "1s", "86400s", "300s"},
    {"relais.config.v1.Orchestrator.mark_jobs", "", "", "true"},
    {"relais.config.v1.Orchestrator.log_page_size", "10", "1000", "250"},
    {"relais.config.v1.OrchestratorAuthentication.scheme", "", "", "client_credentials"},
    {"relais.config.v1.OrchestratorAuthentication.scope", "", "",
     "OR.Robots OR.Monitoring OR.Jobs OR.Execution OR.Folders OR.Users"},
    {"relais.config.v1.OrchestratorAuthentication.identity_url", "", "", "", false, Form::kBaseUrl},
    {"relais.config.v1.Instance.codec", "", "", "reference_json"},
    {"relais.config.v1.Bridge.program", "", "", "", true, Form::kFile},
    {"relais.config.v1.Bridge.python", "", "", "python3"},
    {"relais.config.v1.Bridge.module", "", "", "gt_automation"},
    {"relais.config.v1.Instance.transport", "", "", "http"},
    {"relais.config.v1.Instance.host", "", "", "", true},
    {"relais.config.v1.Instance.port", "1", "65535", "3000"},
    {"relais.config.v1.Instance.use_tls", "", "", "false"},
    {"relais.config.v1.Instance.tls13_only", "", "", "false"},
    {"relais.config.v1.Instance.login", "", "", "", true},
    {"relais.config.v1.Instance.session_pool", "0", "64", "0"},
    {"relais.config.v1.Instance.session_idle", "1s", "86400s", "300s"},
    {"relais.config.v1.Instance.poll_interval", "0.1s", "60s", "1s"},
    {"relais.config.v1.Instance.idle_poll_interval", "0.1s", "600s", "15s"},
    {"relais.config.v1.Permissions.raw_sql", "", "", "false"},
    {"relais.config.v1.Permissions.debug", "", "", "false"},
    {"relais.config.v1.Permissions.undeclared_record_sqls", "", "", "true"},
};

std::map<std::string_view, const KeyRule*> IndexRules() {
  std::map<std::string_view, const KeyRule*> index;
  for (const KeyRule& rule : KeyRules()) index.emplace(rule.field, &rule);
  return index;
}

// "Level" -> "LEVEL_", "LogLevel" -> "LOG_LEVEL_".
std::string EnumPrefix(const std::string& type) {
  std::string prefix;
  for (const char c : type) {
    if (absl::ascii_isupper(c) && !prefix.empty()) prefix.push_back('_');
    prefix.push_back(absl::ascii_toupper(c));
  }
  prefix.push_back('_');
  return prefix;
}

}  // namespace

std::span<const KeyRule> KeyRules() { return kRules; }

const KeyRule& RuleFor(const FieldDescriptor& field) {
  static const auto& index = *new std::map<std::string_view, const KeyRule*>(IndexRules());
  static const KeyRule kNone;
  const auto found = index.find(field.full_name());
  return found == index.end() ? kNone : *found->second;
}

bool IsSecret(const Descriptor& message) {
  return message.full_name() == "relais.config.v1.Secret";
}

bool IsDuration(const Descriptor& message) {
  return message.full_name() == "google.protobuf.Duration";
}

bool IsSection(const FieldDescriptor& field) {
  return field.message_type() != nullptr && !IsDuration(*field.message_type());
}

bool HasRequiredKeys(const Descriptor& message) {
  if (IsSecret(message)) return true;
  for (int i = 0; i < message.field_count(); ++i) {
    if (RuleFor(*message.field(i)).required) return true;
  }
  return false;
}

const FieldDescriptor* FindKey(const Descriptor& message, std::string_view key) {
  return message.FindFieldByName(std::string(key));
}

std::vector<std::string> KeysOf(const Descriptor& message) {
  std::vector<std::string> keys;
  keys.reserve(message.field_count());
  for (int i = 0; i < message.field_count(); ++i) keys.push_back(message.field(i)->name());
  return keys;
}

std::string ShortEnumName(const EnumValueDescriptor& value) {
  const std::string prefix = EnumPrefix(value.type()->name());
  const std::string& name = value.name();
  return absl::AsciiStrToLower(name.rfind(prefix, 0) == 0 ? name.substr(prefix.size()) : name);
}

std::vector<std::string> EnumNames(const EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) names.push_back(ShortEnumName(*type.value(i)));
  }
  return names;
}

}  // namespace relais::config
