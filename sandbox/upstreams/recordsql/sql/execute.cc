// RecordSql/Execute, in the order the service works.
#include <algorithm>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"
#include "sandbox/upstreams/recordsql/server.h"
#include "sandbox/upstreams/recordsql/sql/conditions.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::RecordSql;
using dictionary::SameName;

bool IsSpecial(std::string_view dhoq) {
  return SameName(dhoq, "_razcache") || SameName(dhoq, "_razuser") ||
         SameName(dhoq, "_razautorisedhoq");
}

// `MZ.DOS=997;TABLE.FIELD=value`; the short form `DOS=997` means the context record.
absl::Status ReadContext(std::string_view text, QuerySpec& spec) {
  for (const std::string& piece : SplitList(text)) {
    const size_t equals = piece.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Fail(ErrorCode::kBadParameters,
                  Concat({"erreur : paramètre '", piece, "' incorrect"}));
    }
    std::string key = absl::AsciiStrToUpper(Trim(piece.substr(0, equals)));
    if (key.find('.') == std::string::npos) key = Concat({"MZ.", key});
    spec.context[key] = Trim(piece.substr(equals + 1));
  }
  return absl::OkStatus();
}

// Joins and columns switched on and off, one command after the other.
class Switches {
 public:
  Switches(const RecordSql& record_sql, const dictionary::DataDictionary& data, QuerySpec& spec)
      : record_sql_(record_sql), data_(data), spec_(spec) {}

  absl::Status Apply(const std::string& tag, const std::string& name) {
    if (tag == "joinactivate" || tag == "joindeactivate") return Join(name, tag == "joinactivate");
    if (tag == "columnactivate") return Column(name, true);
    if (tag == "columndeactivate") return Column(name, false);
    return absl::OkStatus();
  }

 private:
  static absl::Status Unknown(std::string_view what, const std::string& name) {
    return Fail(ErrorCode::kUnknownJoinOrColumn,
                Concat({"erreur : ", what, " '", absl::AsciiStrToUpper(name), "' inconnue"}));
  }

  absl::Status Join(const std::string& name, bool on) {
    const bool all = SameName(name, "$ALL");
    if (!all && record_sql_.FindJoin(name) == nullptr) return Unknown("jointure", name);
    for (size_t i = 0; i < record_sql_.joins.size(); ++i) {
      const dictionary::Join& join = record_sql_.joins[i];
      if (join.name.empty() || !(all || SameName(join.name, name))) continue;
      spec_.joins[i] = on;
      if (on) ActivateDependencies(join);
    }
    return absl::OkStatus();
  }

  // Switching a join on switches on what it needs.
  void ActivateDependencies(const dictionary::Join& join) {
    for (const std::string& name : join.dependencies) {
      const dictionary::Join* needed = record_sql_.FindJoin(name);
      const auto index = static_cast<size_t>(needed - record_sql_.joins.data());
      if (spec_.joins[index]) continue;
      spec_.joins[index] = true;
      ActivateDependencies(*needed);
    }
  }

  absl::Status Column(const std::string& name, bool on) {
    const bool all = SameName(name, "$ALL");
    bool found = all;
    for (const dictionary::Column& column : dictionary::ColumnsOf(record_sql_, data_)) {
      if (!all && !SameName(column.name, name)) continue;
      found = true;
      auto& off = spec_.columns_off;
      off.erase(std::remove(off.begin(), off.end(), column.name), off.end());
      if (!on) off.push_back(column.name);
    }
    return found ? absl::OkStatus() : Unknown("colonne", name);
  }

  const RecordSql& record_sql_;
  const dictionary::DataDictionary& data_;
  QuerySpec& spec_;
};

absl::Status ApplySwitches(const RecordSql& record_sql, const dictionary::DataDictionary& data,
                           const ExecuteRequest& request, QuerySpec& spec) {
  Switches switches(record_sql, data, spec);
  for (const std::string& text : {request.filter.commands, request.infos}) {
    for (const auto& [tag, value] : ReadTags(text)) {
      if (absl::Status status = switches.Apply(tag, value); !status.ok()) return status;
    }
  }
  for (const std::string& name : request.filter.joins_off) {
    absl::Status status = switches.Apply("joindeactivate", name);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<const RecordSql*> FindRecordSql(const Catalogue& catalogue,
                                               const ExecuteRequest& request) {
  // The service leaves the name out of this text; so does the sandbox.
  if (!catalogue.IsAllowed(request.dhoq)) {
    return Fail(ErrorCode::kNotAuthorized, "erreur : dhoq '' non autorisé");
  }
  const dictionary::Dictionary* dictionary = catalogue.Find(request.dhoq);
  if (dictionary == nullptr) {
    return Fail(ErrorCode::kUnknownDictionary,
                Concat({"erreur : dhoq '", request.dhoq, "' introuvable"}));
  }
  const RecordSql* record_sql = dictionary->Find(request.recordsql);
  if (record_sql != nullptr) return record_sql;
  return Fail(ErrorCode::kUnknownRecordSql,
              Concat({"erreur : recordsql '", request.recordsql, "' inconnu"}));
}

std::vector<std::string> FieldsOf(const ExecuteRequest& request) {
  std::vector<std::string> fields = SplitList(request.fields);
  if (fields.size() == 1 && fields[0] == "*") fields.clear();
  return fields;
}

}  // namespace

absl::StatusOr<Query> Server::Prepare(const Catalogue& catalogue, const ExecuteRequest& request,
                                      const Tags& tags, const Session& session, RunFacts& facts) {
  const absl::StatusOr<const RecordSql*> found = FindRecordSql(catalogue, request);
  if (!found.ok()) return found.status();
  const RecordSql& record_sql = **found;
  facts.dictionary = request.dhoq;
  facts.record_sql = record_sql.name;
  QuerySpec spec = DefaultSpec(record_sql);
  spec.context["MZ.DOS"] = session.dossier;
  if (absl::Status status = ReadContext(request.parameters, spec); !status.ok()) return status;
  if (spec.context["MZ.DOS"] != session.dossier || IsSet(tags, "debugctx")) {
    const bool named = absl::AsciiStrToUpper(request.parameters).find("DOS") != std::string::npos;
    const std::lock_guard<std::mutex> lock(mutex_);
    facts.changed_dossier = named ? spec.context["MZ.DOS"] : "";
    facts.context_loaded =
        named && contexts_.emplace(session.claims.user, facts.changed_dossier).second;
  }
  absl::Status status = ApplySwitches(record_sql, catalogue.data, request, spec);
  if (!status.ok()) return status;
  absl::StatusOr<std::optional<dictionary::Node>> where = WhereOf(record_sql, request);
  if (!where.ok()) return where.status();
  absl::StatusOr<std::optional<dictionary::Node>> having = HavingOf(record_sql, request);
  if (!having.ok()) return having.status();
  spec.where = *std::move(where);
  spec.having = *std::move(having);
  spec.order = request.orderby;
  spec.fields = FieldsOf(request);
  return BuildQuery(record_sql, catalogue.data, spec);
}

absl::StatusOr<Server::Outcome> Server::Run(std::string_view body, std::string_view bearer,
                                            const ReplyFaults& faults) {
  const absl::Time start = absl::Now();
  const absl::StatusOr<ExecuteRequest> request = ReadExecuteRequest(body);
  if (!request.ok()) return request.status();
  const absl::StatusOr<Session> session = OpenSession(*request, bearer, faults);
  if (!session.ok()) return session.status();
  if (faults.error_code) {
    return Fail(static_cast<ErrorCode>(*faults.error_code), faults.error_text);
  }
  if (IsSpecial(request->dhoq)) return Special(request->dhoq, *session);
  RunFacts facts;
  facts.authentication = absl::Now() - start;
  const Tags tags = ReadTags(request->infos);
  const std::shared_ptr<const Catalogue> catalogue = CurrentCatalogue();
  const absl::StatusOr<Query> query = Prepare(*catalogue, *request, tags, *session, facts);
  if (!query.ok()) return query.status();
  const absl::Time sql_start = absl::Now();
  facts.load = sql_start - start;
  const int cap = faults.row_cap.value_or(options_.max_count);
  const auto count = static_cast<int>(std::clamp<int64_t>(request->count, 1, std::max(cap, 1)));
  absl::StatusOr<Page> page = database_->Fetch(*query, request->offset, count);
  if (!page.ok()) return page.status();
  facts.sql = absl::Now() - sql_start;
  facts.total = absl::Now() - start;
  facts.rows = page->count;
  ApplyDebug(tags);
  return Outcome{query->tables.front(), *std::move(page), InfosFor(tags, *session, facts)};
}

std::string Server::InfosFor(const Tags& tags, const Session& session, const RunFacts& facts) {
  bool debug = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    debug = debug_;
  }
  InfosWriter writer(options_);
  const bool memory = IsSet(tags, "perfmem");
  if (memory || session.perf || IsSet(tags, "perf")) writer.Perf(facts, memory);
  if (IsSet(tags, "version")) writer.Version(debug);
  if (IsSet(tags, "debugctx")) writer.Context(facts);
  if (IsSet(tags, "infostoken")) writer.Token(session.claims, clock_->Now());
  return writer.Take();
}

}  // namespace relais::sandbox::recordsql
