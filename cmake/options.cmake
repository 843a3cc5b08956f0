# Warnings and instrumentation for the project's own code (cclab_options); generated and foreign code
# gets the instrumentation only (cclab_instrument).
add_library(cclab_instrument INTERFACE)
add_library(cclab_options INTERFACE)
target_link_libraries(cclab_options INTERFACE cclab_instrument)
target_compile_options(cclab_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wframe-larger-than=24576
    -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef)
# Results are set on success only, which gcc's guess at higher optimisation does not see; clang's
# exact form of the warning (part of -Wall) stays on.
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_compile_options(cclab_options INTERFACE -Wno-maybe-uninitialized)
endif()
# AArch64 multiplies and adds in one step with one rounding, other machines cannot.
target_compile_options(cclab_options INTERFACE -ffp-contract=off)
if(CCLAB_WERROR)
    target_compile_options(cclab_options INTERFACE -Werror)
endif()
target_include_directories(cclab_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_definitions(cclab_options INTERFACE _GNU_SOURCE)
# RT_CHECK() (model/rt/check.h): not NDEBUG, which CMake also defines in RelWithDebInfo, the type of
# the builds with sanitizers.
target_compile_definitions(cclab_options INTERFACE $<$<NOT:$<CONFIG:Release>>:CCLAB_CHECKS>)
if(CCLAB_SANITIZE)
    target_compile_options(cclab_instrument INTERFACE -fsanitize=${CCLAB_SANITIZE}
        -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
    target_link_options(cclab_instrument INTERFACE -fsanitize=${CCLAB_SANITIZE})
endif()
if(CCLAB_FUZZ)
    target_compile_options(cclab_instrument INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CCLAB_COVERAGE)
    target_compile_options(cclab_instrument INTERFACE --coverage)
    target_link_options(cclab_instrument INTERFACE --coverage)
endif()
