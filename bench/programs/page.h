// The page that the benchmarks read: 1000 rows of about 256 bytes of JSON each, 10 columns.

#ifndef RELAIS_BENCH_PROGRAMS_PAGE_H_
#define RELAIS_BENCH_PROGRAMS_PAGE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relais::bench {

// One record, wrapped as the upstream does.
inline std::string Record(int id) {
  return absl::StrFormat(
      "{\"record\":{\"MOUV_ID\":\"%d\",\"DOS\":\"998\",\"REF\":\"ART%07d\",\"DES\":\"Vis à tête "
      "cylindrique, série %d\","
      "\"PINO\":\"%d\",\"QTE\":\"%d.250\",\"MONT\":\"-%d.99\",\"DAT\":\"2024%02d%02d\","
      "\"USERCRDH\":\"20240101120000\","
      "\"ACTIF\":\"1\",\"NOTE\":\"\"}}",
      id, id % 100000, id % 97, id * 7 % 100000, id % 500, id % 10000, id % 12 + 1, id % 28 + 1);
}

inline std::string Page(int first, int rows) {
  std::string body = absl::StrCat(
      "{\"error\":0,\"txterr\":\"\",\"tablename\":\"MOUV\",\"nbrecord\":", rows, ",\"records\":[");
  for (int i = 0; i < rows; ++i) absl::StrAppend(&body, i == 0 ? "" : ",", Record(first + i));
  return body + "],\"infos\":\"\"}";
}

}  // namespace relais::bench

#endif  // RELAIS_BENCH_PROGRAMS_PAGE_H_
