#include "sandbox/faults/disturbance.h"

#include <algorithm>
#include <string_view>

namespace relais::sandbox {
namespace {

constexpr std::string_view kHtmlPage =
    "<!DOCTYPE html>\n<html><head><title>Erreur d'exécution</title></head>\n<body><h1>Erreur du "
    "serveur dans l'application '/'.</h1><hr>Service indisponible</body></html>\n";

}  // namespace

bool ReachesUpstream(const Fault& fault) {
  return !fault.status && !fault.html && !fault.body && fault.cut != Cut::kBeforeReply;
}

void Disturb(const Fault& fault, HttpReply& reply) {
  if (fault.status) reply.status = *fault.status;
  if (!fault.retry_after.empty()) reply.headers.emplace_back("Retry-After", fault.retry_after);
  if (fault.html) {
    reply.content_type = "text/html; charset=utf-8";
    reply.body = kHtmlPage;
  }
  if (fault.body) {
    reply.body = *fault.body;
    if (!fault.content_type.empty()) reply.content_type = fault.content_type;
  }
  if (fault.truncate && fault.truncate->keep_length) {
    reply.sent_bytes = fault.truncate->bytes;
  } else if (fault.truncate && fault.truncate->bytes < reply.body_size()) {
    if (reply.large) reply.large->size = fault.truncate->bytes;
    reply.body.resize(std::min(reply.body.size(), fault.truncate->bytes));
  }
  if (fault.cut == Cut::kBeforeReply || fault.lose_answer) reply.silent = true;
  if (fault.cut == Cut::kMidBody) reply.sent_bytes = reply.body_size() / 2;
}

}  // namespace relais::sandbox
