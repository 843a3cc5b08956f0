# Builds for AArch64 with Debian's cross compiler, against the libraries that scripts/arm64-sysroot.sh
# unpacks into the build tree. Programs of the build and tests run under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
get_filename_component(CMAKE_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../build/arm64-sysroot ABSOLUTE)
if(NOT EXISTS ${CMAKE_SYSROOT})
    message(FATAL_ERROR "${CMAKE_SYSROOT} is missing: scripts/arm64-sysroot.sh makes it")
endif()

set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
# Signed return addresses and landing pads, as distributions build: the switch of stacks must bear them.
set(CMAKE_C_FLAGS_INIT -mbranch-protection=standard)
get_filename_component(CMAKE_CROSSCOMPILING_EMULATOR
    ${CMAKE_CURRENT_LIST_DIR}/../scripts/arm64-run.sh ABSOLUTE)

# Programs are the host's (protoc, protoc-c), all else comes from the sysroot.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)
