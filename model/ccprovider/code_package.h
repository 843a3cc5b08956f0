/* Looking through a chaincode's code, a tar in gzip. */
#ifndef CCLAB_MODEL_CCPROVIDER_CODE_PACKAGE_H
#define CCLAB_MODEL_CCPROVIDER_CODE_PACKAGE_H

#include "model/rt/error.h"
#include "model/rt/str.h"

/* ValidateCodePackage of the platforms. */
RT_MUST_USE struct rt_error *code_package_validate_golang(rt_bytes code);
RT_MUST_USE struct rt_error *code_package_validate_node(rt_bytes code);
RT_MUST_USE struct rt_error *code_package_validate_java(rt_bytes code);
RT_MUST_USE struct rt_error *code_package_validate_car(rt_bytes code);

/* TargzMetadataProvider.GetMetadataAsTarEntries: what is below META-INF/statedb/. */
RT_MUST_USE struct rt_error *code_package_metadata(rt_bytes code, rt_bytes *tar);
/* car's MetadataProvider: an empty tar. */
RT_MUST_USE struct rt_error *code_package_no_metadata(rt_bytes code, rt_bytes *tar);

#endif
