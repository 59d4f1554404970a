#include "server/gateway/list.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "relais/robot/v1/robot.pb.h"

namespace relais::gateway {
namespace {

using robot::v1::Folder;
using robot::v1::ListFoldersRequest;
using robot::v1::ListFoldersResponse;

// Folders of so many bytes each, named by their number.
std::vector<Folder> Folders(const std::vector<std::size_t>& sizes) {
  std::vector<Folder> folders;
  for (const std::size_t size : sizes) {
    Folder& folder = folders.emplace_back();
    folder.set_name(std::to_string(folders.size()));
    folder.set_path(std::string(size, 'x'));
  }
  return folders;
}

// The names of each page until there is no more.
std::vector<std::string> Pages(const std::vector<std::size_t>& sizes, int page_size = 0) {
  std::vector<std::string> pages;
  ListFoldersRequest request;
  request.set_page_size(page_size);
  do {
    const auto page =
        AnswerPage(request, "list", Folders(sizes), &ListFoldersResponse::mutable_folders);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok() || pages.size() > sizes.size()) break;
    std::string& names = pages.emplace_back();
    for (const Folder& folder : page->folders()) names += folder.name();
    EXPECT_TRUE(page->ByteSizeLong() < (std::size_t{4} << 20) || page->folders_size() == 1);
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return pages;
}

TEST(AnswerPage, EndsWhereAReplyIsFull) {
  constexpr std::size_t kMebibyte = 1 << 20;
  using List = std::vector<std::string>;
  EXPECT_EQ(Pages({1, 1, 1}), List({"123"}));
  EXPECT_EQ(Pages({1, 1, 1}, 2), List({"12", "3"}));
  EXPECT_EQ(Pages({kMebibyte, kMebibyte, kMebibyte, 1, 1}), List({"12", "345"}));
  EXPECT_EQ(Pages({5 * kMebibyte, 1, 5 * kMebibyte, 5 * kMebibyte}), List({"1", "2", "3", "4"}));
  EXPECT_EQ(Pages({}), List({""}));
}

struct Listed {
  Folder folder;
};

TEST(FitIntoReply, LeavesOutWhatAReplyDoesNotHold) {
  const auto left = [](const std::vector<std::size_t>& sizes) {
    std::vector<Listed> items;
    for (Folder& folder : Folders(sizes)) items.push_back({std::move(folder)});
    FitIntoReply(items, &Listed::folder);
    return items.size();
  };
  EXPECT_EQ(left({}), 0U);
  EXPECT_EQ(left({1, 1, 1}), 3U);
  EXPECT_EQ(left({2 << 20, 1, 2 << 20, 1}), 2U);
  EXPECT_EQ(left({8 << 20, 1}), 1U);
}

}  // namespace
}  // namespace relais::gateway
