#include "sandbox/upstreams/recordsql/server.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"
#include "sandbox/upstreams/recordsql/json_text.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::SameName;

constexpr absl::Duration kCacheLife = absl::Minutes(10);
constexpr std::string_view kBrokenInfos = "{\"xperf\":{\"TimeSQL\":\"12\",\"CountSQL\":";

std::string AuthBody(int error, std::string_view token, std::string_view text,
                     std::string_view infos) {
  std::string body = Concat({"{\"error\":", std::to_string(error)});
  AppendMember("access_token", token, body);
  AppendMember("txterr", text, body);
  AppendMember("infos", infos, body);
  body.push_back('}');
  return body;
}

std::string ExecuteBody(int error, std::string_view text, std::string_view table, const Page& page,
                        bool null_records, std::string_view infos) {
  std::string body;
  body.reserve(page.records.size() + infos.size() + 256);
  body.append(Concat({"{\"error\":", std::to_string(error)}));
  AppendMember("txterr", text, body);
  AppendMember("tablename", table, body);
  body.append(Concat({",\"nbrecord\":", std::to_string(page.count), ",\"records\":"}));
  if (null_records) {
    body.append("null");
  } else {
    body.push_back('[');
    body.append(page.records);
    body.push_back(']');
  }
  body.append(",\"infos\":");
  AppendQuoted(infos, body);
  body.push_back('}');
  return body;
}

const Account* FindAccount(const Options& options, const AuthRequest& request) {
  for (const Account& account : options.accounts) {
    if (SameName(account.user, request.user) && SameName(account.domain, request.domain) &&
        account.password == request.password) {
      return &account;
    }
  }
  return nullptr;
}

absl::Status ForcedError(const ReplyFaults& faults) {
  return Fail(static_cast<ErrorCode>(*faults.error_code), faults.error_text);
}

}  // namespace

Server::Server(Options options, const VirtualClock* clock)
    : options_(std::move(options)), clock_(clock) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Create(Options options, const VirtualClock* clock) {
  std::unique_ptr<Server> server(new Server(std::move(options), clock));
  absl::StatusOr<SourceFiles> files = ReadSourceFiles(server->options_.directory);
  if (!files.ok()) return files.status();
  absl::StatusOr<Catalogue> catalogue = BuildCatalogue(*files);
  if (!catalogue.ok()) return catalogue.status();
  absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(
      catalogue->data, {std::move(files->rows), files->built_in, server->options_.movement_rows});
  if (!database.ok()) return database.status();
  server->database_ = *std::move(database);
  server->catalogue_ = std::make_shared<const Catalogue>(*std::move(catalogue));
  server->loaded_at_ = clock->Now();
  return server;
}

std::string Server::Authenticate(std::string_view body, std::string_view url_environment,
                                 const ReplyFaults& faults) {
  std::string infos;
  absl::StatusOr<std::string> token = [&]() -> absl::StatusOr<std::string> {
    if (faults.error_code) return ForcedError(faults);
    const absl::StatusOr<AuthRequest> request = ReadAuthRequest(body);
    if (!request.ok()) return request.status();
    return IssueToken(*request, url_environment, infos);
  }();
  if (faults.malformed_infos) infos = kBrokenInfos;
  if (token.ok()) return AuthBody(0, *token, "", infos);
  const std::string text(token.status().message());
  return AuthBody(CodeOf(token.status()), "", text, infos);
}

absl::StatusOr<std::string> Server::IssueToken(const AuthRequest& request,
                                               std::string_view url_environment,
                                               std::string& infos) {
  const Account* account = FindAccount(options_, request);
  if (account == nullptr) {
    return Fail(ErrorCode::kBadCredentials, "erreur : utilisateur ou mot de passe incorrect");
  }
  const std::string environment =
      url_environment.empty() ? request.environment : std::string(url_environment);
  if (!SameName(environment, account->environment)) {
    return Fail(ErrorCode::kUnknownEnvironment,
                Concat({"erreur : environnement '", environment, "' inconnu"}));
  }
  const Tags tags = ReadTags(request.infos);
  ApplyDebug(tags);
  TokenClaims claims{0, account->user, account->domain, account->environment,
                     clock_->Now() + options_.token_life};
  const std::string token = tokens_.Issue(claims, IsSet(tags, "perf"));
  bool debug = false;
  bool first_login = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    debug = debug_;
    first_login = traced_accounts_.insert(Concat({account->domain, "\\", account->user})).second;
  }
  InfosWriter writer(options_);
  if (IsSet(tags, "version")) writer.Version(debug);
  if (IsSet(tags, "infostoken")) writer.Token(claims, clock_->Now());
  infos = writer.Take();
  if (first_login && IsSet(tags, "debugenv")) infos = EnvironmentTrace(environment);
  return token;
}

std::string Server::Execute(std::string_view body, std::string_view bearer,
                            const ReplyFaults& faults) {
  absl::StatusOr<Outcome> outcome = Run(body, bearer, faults);
  const std::string_view broken = faults.malformed_infos ? kBrokenInfos : "";
  if (!outcome.ok()) {
    const std::string text(outcome.status().message());
    return ExecuteBody(CodeOf(outcome.status()), text, "", Page{}, true, broken);
  }
  const bool null_records = faults.null_records && outcome->page.count == 0;
  return ExecuteBody(0, "", outcome->table, outcome->page, null_records,
                     faults.malformed_infos ? broken : std::string_view(outcome->infos));
}

absl::StatusOr<Server::Session> Server::OpenSession(const ExecuteRequest& request,
                                                    std::string_view bearer,
                                                    const ReplyFaults& faults) const {
  if (faults.token_expired) return Fail(ErrorCode::kExpiredToken, "erreur : jeton expiré");
  const std::string_view token = request.access_token.empty() ? bearer : request.access_token;
  absl::StatusOr<TokenClaims> claims = tokens_.Verify(token, clock_->Now());
  if (!claims.ok()) return claims.status();
  Session session{*std::move(claims), "", false};
  session.perf = tokens_.WantsPerf(session.claims.ident);
  for (const Account& account : options_.accounts) {
    if (SameName(account.user, session.claims.user) &&
        SameName(account.domain, session.claims.domain)) {
      session.dossier = account.dossier;
    }
  }
  return session;
}

absl::StatusOr<Server::Outcome> Server::Special(const std::string& word, const Session& session) {
  if (SameName(word, "_razuser")) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = contexts_.begin(); it != contexts_.end();) {
      it = it->first == session.claims.user ? contexts_.erase(it) : std::next(it);
    }
  } else {
    Reload();
  }
  return Outcome{};
}

std::shared_ptr<const Catalogue> Server::CurrentCatalogue() {
  bool stale = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stale = clock_->Now() - loaded_at_ > kCacheLife;
  }
  if (stale) Reload();
  const std::lock_guard<std::mutex> lock(mutex_);
  return catalogue_;
}

// A directory that no longer loads leaves what was loaded before in service.
void Server::Reload() {
  std::shared_ptr<const Catalogue> fresh;
  if (!options_.directory.empty()) {
    const absl::StatusOr<SourceFiles> files = ReadSourceFiles(options_.directory);
    absl::StatusOr<Catalogue> catalogue =
        files.ok() ? BuildCatalogue(*files) : absl::StatusOr<Catalogue>(files.status());
    if (catalogue.ok() && database_->AddTables(catalogue->data).ok()) {
      fresh = std::make_shared<const Catalogue>(*std::move(catalogue));
    }
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  loaded_at_ = clock_->Now();
  if (fresh != nullptr) catalogue_ = std::move(fresh);
}

void Server::ApplyDebug(const Tags& tags) {
  for (const auto& [tag, value] : tags) {
    if (tag != "debug") continue;
    const std::lock_guard<std::mutex> lock(mutex_);
    debug_ = value != "0";
  }
}

absl::StatusOr<int64_t> Server::InsertRow(std::string_view table,
                                          const std::map<std::string, std::string>& values) {
  return database_->Insert(table, values);
}

}  // namespace relais::sandbox::recordsql
