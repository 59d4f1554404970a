// Makes an export, runs it and downloads its file.
#include <filesystem>
#include <iostream>

#include "relais/client.h"

namespace exports = relais::exports::v1;

int main(int argc, char** argv) {
  auto client = relais::client::Connect(argc > 1 ? argv[1] : "localhost:50051");
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;

  exports::CreateExportRequest request;
  request.set_export_id("postcodes");
  exports::Export& made = *request.mutable_export_();
  made.mutable_source()->mutable_records()->mutable_query()->set_record_sql(
      "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL");
  made.mutable_schedule()->mutable_daily();
  made.mutable_schedule()->set_time_zone("Europe/Paris");
  made.add_deliveries()->set_destination("outbox");
  auto created = client->Call(&exports::ExportService::Stub::CreateExport, request);
  if (!created.ok()) return std::cerr << created.status() << "\n", 1;

  auto run = client->exports().Run(created->name(), absl::Minutes(5));
  if (!run.ok()) return std::cerr << run.status() << "\n", 1;
  std::cout << run->name() << ": " << run->rows() << " rows\n";
  const auto path = std::filesystem::temp_directory_path() / "relais-postcodes.csv";
  auto saved = client->exports().Download(run->name(), "", path.string());
  if (!saved.ok()) return std::cerr << saved.status() << "\n", 1;
  std::cout << saved->bytes << " bytes of " << saved->media_type << "\n";
}
