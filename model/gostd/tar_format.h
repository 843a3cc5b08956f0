/* Internal to the tar writer: which formats can hold a header. */
#ifndef CCLAB_MODEL_GOSTD_TAR_FORMAT_H
#define CCLAB_MODEL_GOSTD_TAR_FORMAT_H

#include "model/gostd/tar.h"

/* fitsInOctal, fitsInBase256: can a field of `size` bytes hold the value? */
bool tar_fits_in_octal(size_t size, int64_t value);
bool tar_fits_in_base256(size_t size, int64_t value);
/* time.Time.IsZero. */
bool tar_time_is_zero(struct tar_time time);
/* splitUSTARPath; the outputs change only if it returns true. */
bool tar_split_ustar_path(rt_str name, rt_str *prefix, rt_str *suffix);

/* Header.allowedFormats: *formats is TAR_FORMAT_UNKNOWN, with the error that says why, if none can
 * hold it; *records are the PAX records to write. */
RT_MUST_USE struct rt_error *tar_allowed_formats(
        const struct tar_header *h, int *formats, struct rt_map **records);

#endif
