# cmake -DINPUT=x.desc -DOUTPUT=x.cc -DNAMESPACE=a::b -DNAME=kX -P embed.cmake: the bytes of INPUT as a::b::kX.
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(................................)" "\\1\n" lines "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${lines}")
file(WRITE ${OUTPUT} "#include <string_view>

namespace ${NAMESPACE} {
extern const std::string_view ${NAME};
constexpr char ${NAME}Bytes[] = {
${bytes}
};
const std::string_view ${NAME}(${NAME}Bytes, ${size});
}  // namespace ${NAMESPACE}
")
