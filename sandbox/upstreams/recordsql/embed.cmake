# cmake -DROOT=DIR -DFILES=a;b -DOUTPUT=x.cc -P embed.cmake: turns files into one C++ source, byte for byte.
set(entries "")
set(arrays "")
set(index 0)
foreach(file IN LISTS FILES)
  file(READ "${ROOT}/${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${hex}")
  string(LENGTH "${hex}" length)
  math(EXPR length "${length} / 2")
  string(APPEND arrays "constexpr char kFile${index}[] = \"${bytes}\";\n")
  string(APPEND entries "    {\"${file}\", std::string_view(kFile${index}, ${length})},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUTPUT}" "#include \"sandbox/upstreams/recordsql/fixtures.h\"

namespace relais::sandbox::recordsql {
namespace {
${arrays}
constexpr FixtureFile kFiles[] = {
${entries}};
}  // namespace

std::span<const FixtureFile> FixtureFiles() { return kFiles; }

}  // namespace relais::sandbox::recordsql
")
