/* MSP folders as Fabric's tools make them: cacerts, intermediatecerts, admincerts, crls, signcerts,
 * keystore, config.yaml. */
#ifndef CCLAB_HARNESS_WORLD_MSP_FOLDER_H
#define CCLAB_HARNESS_WORLD_MSP_FOLDER_H

#include "harness/world/spec.h"

/* True if the folder has cacerts or signcerts. */
bool msp_folder_is(const char *path);

/* The MSP in a folder, but for its name, in the current arena. Reports what is missing or cannot be
 * read and returns false. */
bool msp_folder_read(const char *path, struct msp_text *msp);

/* The certificate in signcerts, and the key in keystore that belongs to it. Likewise. */
bool msp_folder_identity(const char *path, rt_str *cert, rt_str *key);

#endif
