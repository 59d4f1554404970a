// Texts as they stand in a worksheet.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_XLSX_TEXT_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_XLSX_TEXT_H_

#include <string>
#include <string_view>

#include "server/gateway/offers/cells.h"
#include "server/services/exports/format/time_text.h"

namespace relais::exports {

// Characters that a cell holds, in UTF-16 units.
constexpr int kMostOfSheetText = 32767;

// Appends `text` for libxlsxwriter, which takes care of &, < and >. What XML has not becomes
// `_xHHHH_`, as Excel writes it: controls but tab and line feed, U+FFFE and U+FFFF. A text that
// reads like this itself has its "_" as `_x005F_`. Bytes that are no UTF-8 become U+FFFD.
void AppendSheetText(std::string_view text, std::string& out);

// The number by which Excel knows a day, a time or both; false before 1900-03-01, where Excel's
// calendar is wrong. Seconds are cut off to what is shown: thousandths or whole ones.
bool SerialOf(const WallTime& wall, gateway::CellKind kind, bool millis, double& serial);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_XLSX_TEXT_H_
