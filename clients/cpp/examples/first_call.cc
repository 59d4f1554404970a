#include <iostream>

#include "relais/client.h"

using relais::jobqueue::v1::GetQueueRequest, relais::jobqueue::v1::JobQueueService;

int main(int argc, char** argv) {
  auto client = relais::client::Connect(argc > 1 ? argv[1] : "localhost:50051");
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;

  GetQueueRequest request;
  request.set_name("queues/sandbox");
  auto queue = client->Call(&JobQueueService::Stub::GetQueue, request);
  if (!queue.ok()) return std::cerr << queue.status() << "\n", 1;
  std::cout << queue->name() << " runs version " << queue->server_version() << "\n";
}
