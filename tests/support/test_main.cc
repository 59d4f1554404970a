// The entry of every test program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

int main(int argc, char** argv) {
  // As relaisd and relais-sandbox do: OpenSSL writes without MSG_NOSIGNAL to peers that may have
  // gone.
  std::signal(SIGPIPE, SIG_IGN);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
