# cclab_part(NAME DIR [libraries...]): one static library from all .c files of a folder, linked with
# the named libraries. A folder without .c files is an interface.
function(cclab_part name dir)
    file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.c)
    if(sources)
        add_library(${name} STATIC ${sources})
        target_link_libraries(${name} PUBLIC ${ARGN} PRIVATE cclab_options)
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE ${ARGN})
    endif()
endfunction()

# cclab_tests(DIR [libraries...]): every test_*.c of a folder of tests/ is one cmocka program and one
# ctest test, named DIR/test_x, run in the root of the source tree.
function(cclab_tests dir)
    file(GLOB sources CONFIGURE_DEPENDS ${dir}/test_*.c)
    file(GLOB helpers CONFIGURE_DEPENDS ${dir}/helper_*.c)
    string(REPLACE "/" "_" prefix ${dir})
    add_custom_target(${prefix}_tests)
    foreach(source ${sources})
        get_filename_component(base ${source} NAME_WE)
        add_executable(${prefix}_${base} ${source} ${helpers})
        target_link_libraries(${prefix}_${base} PRIVATE cclab_options test_base ${ARGN})
        add_dependencies(${prefix}_tests ${prefix}_${base})
        add_test(NAME ${dir}/${base} COMMAND ${prefix}_${base} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    endforeach()
endfunction()

# cclab_script_test(NAME COMMAND...): a script that starts programs itself, run in the root of the
# source tree; not where programs need an emulator, of which scripts know nothing.
function(cclab_script_test name)
    if(NOT CMAKE_CROSSCOMPILING)
        add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    endif()
endfunction()
