# Writes a C source OUT with the bytes of FILE as `const char NAME_text[]` and `const size_t NAME_len`.
# Run by cmake -P.
file(READ ${FILE} hex HEX)
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUT} "/* Made by cmake/embed.cmake. */\n#include <stddef.h>\n\nextern const char ${NAME}_text[];\n"
    "extern const size_t ${NAME}_len;\nconst char ${NAME}_text[] = {\n${bytes}\n0\n};\n"
    "const size_t ${NAME}_len = sizeof(${NAME}_text) - 1;\n")
