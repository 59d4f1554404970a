#include "sandbox/upstreams/recordsql/catalogue/infos.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/json_text.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;

constexpr std::array<std::string_view, 12> kContextRecordSqls = {
    "TABLECOMMUNE", "TCOMMUN", "UTILISATEUR", "DOSSIERCRM",  "APPLIAUTORIS", "DOSSIER",
    "PDOSSIER",     "DOSEXP",  "EXPERT_GRM",  "EXPERT_QUAL", "EXPERT_CONT",  "EXPERT_DDOC"};

std::string Millis(absl::Duration duration) {
  return std::to_string(absl::ToInt64Milliseconds(duration));
}

// "gtrstab" -> "Gtrstab".
std::string Capitalised(std::string_view text) {
  std::string out = absl::AsciiStrToLower(std::string(text.substr(0, text.find('.'))));
  if (!out.empty()) out[0] = absl::ascii_toupper(static_cast<unsigned char>(out[0]));
  return out;
}

void AppendOldKeys(const RunFacts& facts, std::string& out) {
  AppendMember("ExecuteSQLAuth", Millis(facts.authentication), out);
  AppendMember("ExecuteRequestSQL", Millis(facts.total), out);
  for (const std::string_view key : {"LoadCommunTables", "LoadUserTables", "LoadUser",
                                     "LoadAuthTables", "LoadDatasDiciotionary"}) {
    AppendMember(key, "0", out);
  }
  AppendMember("CountDictionary", "1", out);
  AppendMember("CountDictionaryLoadByDHXISAM", "0", out);
  AppendMember("CountDictionaryLoadByXML", "0", out);
  AppendMember("CountDictionaryLoadByJSON", "1", out);
  AppendMember("LoadDHOQ", Millis(facts.load), out);
  AppendMember("LoadDHXISAM", "0", out);
  AppendMember("LoadDataForSQL", "0", out);
  AppendMember("LoadRecordForSQL", "0", out);
  AppendMember("ExecuteSQL", Millis(facts.sql), out);
  AppendMember("ResultSQL", Millis(facts.sql), out);
  AppendMember("ImpersonationSQL", "0", out);
}

void AppendNewKeys(const RunFacts& facts, std::string& out) {
  AppendMember("TimeExecuteAuthentification", Millis(facts.authentication), out);
  AppendMember("CountNumberExecuteRequeteSQL", "1", out);
  AppendMember("CountDHOQ", "1", out);
  AppendMember("TimeLoadDHOQ", Millis(facts.load), out);
  AppendMember("CountNumberDictionary", "1", out);
  AppendMember("CountNumberDictionaryLoadByXML", "0", out);
  AppendMember("CountNumberDictionaryLoadByDHXISAM", "0", out);
  AppendMember("CountNumberDictionaryLoadByJSON", "1", out);
  AppendMember("TimeReadDatasDictionary", "0", out);
  AppendMember("CountLoadDHXISAM", "0", out);
  AppendMember("TimeLoadDHXISAM", "0", out);
  AppendMember("TimeSQL", Millis(facts.sql), out);
  AppendMember("CountSQL", "1", out);
  AppendMember("TimeExecuteRequestSQL", Millis(facts.total), out);
  AppendMember(Concat({"Time", Capitalised(facts.dictionary), Capitalised(facts.record_sql)}),
               Millis(facts.sql), out);
}

void AppendStages(const RunFacts& facts, std::string& out) {
  for (const std::string_view key :
       {"TimeReadLocales", "TimeReadDatas", "TimeReadDatas_CreateList", "TimeImpersonation"}) {
    AppendMember(key, "0", out);
  }
  AppendMember("TimeReadResult", Millis(facts.sql), out);
  AppendMember("TimeReadResult_ControlConf", "0", out);
  AppendMember("CountNumberRecord", std::to_string(facts.rows), out);
  AppendMember("CountNumberDatasRecord", std::to_string(facts.rows), out);
  AppendMember("TimeGlobalLoadInfosUser", "0", out);
}

void AppendMemory(std::string& out) {
  for (const std::string_view key :
       {"NonpagedSystemMemorySize", "PagedMemorySize", "PagedSystemMemorySize",
        "WorkingSetMemorySize", "PeakPagedMemorySize", "PeakVirtualMemorySize",
        "PeakWorkingSetMemorySize", "VirtualMemorySize"}) {
    AppendMember(key, std::to_string(key.size() * 4096 * 64), out);
  }
}

// The last Sunday of the month at 01:00 UTC, when Paris changes its clocks.
absl::Time ClockChange(int64_t year, int month) {
  const absl::CivilDay last = absl::CivilDay(year, month + 1, 1) - 1;
  const absl::CivilDay sunday = absl::PrevWeekday(last + 1, absl::Weekday::sunday);
  return absl::FromCivil(sunday, absl::UTCTimeZone()) + absl::Hours(1);
}

absl::TimeZone Paris(absl::Time at) {
  const int64_t year = absl::ToCivilYear(at, absl::UTCTimeZone()).year();
  const bool summer = at >= ClockChange(year, 3) && at < ClockChange(year, 10);
  return absl::FixedTimeZone(summer ? 7200 : 3600);
}

std::string Digits(absl::Time at, absl::TimeZone zone) {
  return absl::FormatTime("%Y%m%d%H%M%S", at, zone);
}

}  // namespace

void InfosWriter::Open(std::string_view key) {
  json_.push_back(json_.empty() ? '{' : ',');
  AppendQuoted(key, json_);
  json_.append(":{");
}

void InfosWriter::Perf(const RunFacts& facts, bool with_memory) {
  Open("xperf");
  if (options_.perf_keys == PerfKeys::kOld) {
    AppendOldKeys(facts, json_);
  } else {
    AppendNewKeys(facts, json_);
  }
  if (options_.perf_keys == PerfKeys::kStaged) AppendStages(facts, json_);
  if (with_memory) AppendMemory(json_);
  json_.push_back('}');
}

void InfosWriter::Version(bool debug) {
  if (json_.empty()) json_.push_back('{');
  AppendMember("VersionRest", options_.rest_version, json_);
  if (debug) AppendMember("DebugRest", "1", json_);
}

void InfosWriter::Context(const RunFacts& facts) {
  if (facts.changed_dossier.empty()) return;
  std::string action;
  if (facts.context_loaded) {
    for (const std::string_view name : kContextRecordSqls) action += Concat({name, ","});
    action += Concat({"création du contexte pour le dossier ", facts.changed_dossier});
  } else {
    action = Concat({"le contexte existe déjà pour le dossier ", facts.changed_dossier});
  }
  Open("debugctx");
  AppendMember("debugctx_action", action, json_);
  json_.push_back('}');
}

void InfosWriter::Token(const TokenClaims& claims, absl::Time now) {
  const bool full = options_.full_token_info;
  const int64_t minutes = absl::ToInt64Minutes(claims.expires - now);
  Open("InfosToken");
  AppendMember("ExpireLocalTime", Digits(claims.expires, Paris(claims.expires)), json_);
  AppendMember("ExpireUtcTime", Digits(claims.expires, absl::UTCTimeZone()), json_);
  AppendMember("ExpireMinutes", full ? std::to_string(minutes) : "0", json_);
  AppendMember("ExpireLocalTimeName", "Romance Standard Time", json_);
  AppendMember("Env", full ? claims.environment : "", json_);
  AppendMember("User", full ? claims.user : "", json_);
  AppendMember("Domain", full ? claims.domain : "", json_);
  json_.push_back('}');
}

std::string InfosWriter::Take() {
  if (!json_.empty()) json_.push_back('}');
  return std::move(json_);
}

std::string EnvironmentTrace(std::string_view environment) {
  return Concat({"{\"debugenv\":{\"Environnement\":\"", environment,
                 "\",\"LectureFichier\":\"C:\\divalto\\sys\\erp.env\","
                 "\"LectureFichier\":\"C:\\divalto\\sys\\dhserv.ini\","
                 "\"LectureFichier\":\"C:\\divalto\\Internet\\DhsDivaltoServiceDivaApiRest\\"
                 "DhsDivaltoServiceDivaApiRest_ListDHOQ.xml\",\"Implicite\":\"<vide>\"}}"});
}

bool IsSet(const std::vector<std::pair<std::string, std::string>>& tags, std::string_view tag) {
  return std::any_of(tags.begin(), tags.end(), [tag](const auto& entry) {
    return entry.first == tag && entry.second != "0";
  });
}

}  // namespace relais::sandbox::recordsql
