#include "sandbox/upstreams/recordsql/sql/generated.h"

#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <string>

#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"

namespace relais::sandbox::recordsql {
namespace {

constexpr int kClientsWithMovements = 250;
constexpr std::array<std::string_view, 8> kCities = {"STRASBOURG", "BESANÇON",   "ORLÉANS", "NÎMES",
                                                     "ÉVREUX",     "LE CREUSOT", "ALBI",    "SÈTE"};
constexpr std::array<std::string_view, 8> kLabels = {
    "Livraison partielle",   "Réception fournisseur", "Avoir n° été",     "Retour \"client\"", "",
    "Régularisation d'août", "Transfert dépôt",       "Échantillon 100 %"};

template <typename... Arguments>
std::string Format(const char* format, Arguments... arguments) {
  char text[96];
  const int length = std::snprintf(text, sizeof(text), format, arguments...);
  return std::string(text, static_cast<size_t>(length));
}

// Fills one prepared INSERT after the other; columns in order.
class RowWriter {
 public:
  explicit RowWriter(sqlite3_stmt* statement) : statement_(statement) {}

  void Add(int64_t value) { sqlite3_bind_int64(statement_, ++index_, value); }
  void Add(double value) { sqlite3_bind_double(statement_, ++index_, value); }
  void Add(std::string_view text) {
    sqlite3_bind_text(statement_, ++index_, text.data(), static_cast<int>(text.size()),
                      SQLITE_TRANSIENT);
  }
  void AddNull() { sqlite3_bind_null(statement_, ++index_); }
  bool Finish() {
    index_ = 0;
    const bool done = sqlite3_step(statement_) == SQLITE_DONE;
    sqlite3_reset(statement_);
    return done;
  }

 private:
  sqlite3_stmt* statement_;
  int index_ = 0;
};

std::string DateOf(int64_t n) {
  return Format("20%02d%02d%02d", static_cast<int>(n / 336 % 25), static_cast<int>(n / 28 % 12) + 1,
                static_cast<int>(n % 28) + 1);
}

std::string TimeOf(int64_t n) {
  return Format("%02d%02d%02d", static_cast<int>(n / 3600 % 24), static_cast<int>(n / 60 % 60),
                static_cast<int>(n % 60));
}

void AddClient(int64_t n, RowWriter& row) {
  row.Add(n);
  row.Add("998");
  row.Add(Format("C%07d", static_cast<int>(n)));
  row.Add(Format("Société %04d", static_cast<int>(n * 7919 % 10000)));
  row.Add(Format("%05d", static_cast<int>(1000 + n * 37 % 95000)));
  row.Add(kCities[static_cast<size_t>(n) % kCities.size()]);
  row.Add(DateOf(n * 11));
  row.Add(static_cast<double>(n * 12345 % 9999999) / 100);
  row.Add(int64_t{n % 5 != 0});
}

void AddMovement(int64_t n, RowWriter& row) {
  row.Add(n);
  row.Add("998");
  row.Add(n * 10);
  row.Add(Format("ART%05d", static_cast<int>(n % 5000)));
  row.Add(Format("C%07d", static_cast<int>(n % kClientsWithMovements) + 1));
  row.Add(kLabels[static_cast<size_t>(n) % kLabels.size()]);
  if (n % 13 == 0) {
    row.AddNull();
  } else {
    row.Add(DateOf(n / 33));
  }
  row.Add(TimeOf(n * 17));
  row.Add(DateOf(n / 33) + TimeOf(n * 17));
  row.Add(static_cast<double>(n % 100000) / 8);
  row.Add(static_cast<double>(n * 137 % 20000000 - 5000000) / 100);
  row.Add(int64_t{n % 3 == 0});
}

struct Plan {
  const char* insert;
  const char* after;
  int64_t rows;
  void (*add)(int64_t, RowWriter&);
};

Plan PlanFor(std::string_view table, int64_t movement_rows) {
  if (dictionary::SameName(table, "CLI")) {
    return {
        "INSERT INTO CLI (CLI_ID, DOS, TIERS, NOM, CPOSTAL, VIL, CREDT, ENCOURS, ACTIF) "
        "VALUES (?,?,?,?,?,?,?,?,?)",
        "CREATE INDEX CLI_TIERS ON CLI (DOS, TIERS)", kClientRows, &AddClient};
  }
  return {
      "INSERT INTO MOUV (MOUV_ID, DOS, MOUVNO, REF, TIERS, LIB, MOUVDT, MOUVHE, USERCRDH, QTE, "
      "MONT, SOLDE) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
      // DOS alone gives the rows of a dossier in row-id order, which is what paging skips along.
      "CREATE INDEX MOUV_DOS ON MOUV (DOS); CREATE INDEX MOUV_NO ON MOUV (DOS, MOUVNO)",
      movement_rows, &AddMovement};
}

}  // namespace

bool IsGenerated(std::string_view table) {
  return dictionary::SameName(table, "CLI") || dictionary::SameName(table, "MOUV");
}

absl::Status GenerateRows(sqlite3* db, std::string_view table, int64_t movement_rows) {
  const Plan plan = PlanFor(table, movement_rows);
  sqlite3_stmt* statement = nullptr;
  bool done = sqlite3_exec(db, "BEGIN", nullptr, nullptr, nullptr) == SQLITE_OK &&
              sqlite3_prepare_v2(db, plan.insert, -1, &statement, nullptr) == SQLITE_OK;
  RowWriter row(statement);
  for (int64_t n = 1; done && n <= plan.rows; ++n) {
    plan.add(n, row);
    done = row.Finish();
  }
  sqlite3_finalize(statement);
  done = sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK && done;
  done = done && sqlite3_exec(db, plan.after, nullptr, nullptr, nullptr) == SQLITE_OK;
  if (done) return absl::OkStatus();
  return Fail(ErrorCode::kSqlFailed, dictionary::Concat({"table générée: ", sqlite3_errmsg(db)}));
}

}  // namespace relais::sandbox::recordsql
