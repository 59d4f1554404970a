# cmake -DINPUT=x.desc -DOUTPUT=x.cc -P embed.cmake: the bytes of INPUT as kConfigDescriptors.
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(................................)" "\\1\n" lines "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${lines}")
file(WRITE ${OUTPUT} "#include <cstddef>

namespace relais::config {
extern const unsigned char kConfigDescriptors[];
extern const std::size_t kConfigDescriptorsSize;
const unsigned char kConfigDescriptors[] = {
${bytes}
};
const std::size_t kConfigDescriptorsSize = ${size};
}  // namespace relais::config
")
