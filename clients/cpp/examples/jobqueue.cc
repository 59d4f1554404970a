// Submits a text import, waits for its end and fetches what it wrote.
#include <filesystem>
#include <iostream>

#include "relais/client.h"

namespace jobqueue = relais::jobqueue::v1;
using relais::client::Source;

int main(int argc, char** argv) {
  auto client = relais::client::Connect(argc > 1 ? argv[1] : "localhost:50051");
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;

  jobqueue::JobDefinition definition;
  definition.set_display_name("steels");
  definition.mutable_text_import()->mutable_template_()->set_path("template.xml");
  definition.mutable_text_import()->add_data()->set_path("steels.csv");
  const char* kTemplate =
      "<Template><General><FullName><Item>Name</Item></FullName></General></Template>\n";

  auto job = client->jobqueue().Submit(
      "queues/sandbox", definition,
      {{"template.xml", Source::Bytes(kTemplate)},  // or Source::Path("…")
       {"steels.csv", Source::Bytes("Number,Name\n1,S235\n2,S355\n")}});
  if (!job.ok()) return std::cerr << job.status() << "\n", 1;
  job = client->jobqueue().Wait(job->name(), absl::Minutes(5));
  if (!job.ok()) return std::cerr << job.status() << "\n", 1;
  std::cout << job->name() << (job->succeeded() ? " succeeded\n" : " failed\n");

  const auto folder = std::filesystem::temp_directory_path() / "relais-steels";
  std::filesystem::create_directories(folder);
  auto files = client->jobqueue().DownloadAll(job->name(), folder.string());
  if (!files.ok()) return std::cerr << files.status() << "\n", 1;
  for (const relais::client::Saved& file : *files)
    std::cout << file.path << ": " << file.bytes << " bytes\n";
}
