/* Texts of the values of an enumeration that is written as a list, and the way back.
 *
 *     #define COLOURS(X) X(RED, "red") X(BLUE, "blue")
 *     static const char *const names[] = RT_NAMES(COLOURS);
 *
 * The list's values count from 0. What follows a text in a list, RT_NAMES leaves out. Nothing here
 * needs a machine or an arena, so everything above may use it. */
#ifndef CCLAB_MODEL_RT_NAMES_H
#define CCLAB_MODEL_RT_NAMES_H

#include <stddef.h>
#include <string.h>

/* The initialiser of an array of the list's texts, with NULL after the last one. */
#define RT_NAMES(list)                                                                             \
    {                                                                                              \
        list(RT_NAMES_TEXT) NULL                                                                   \
    }
#define RT_NAMES_TEXT(name, text, ...) text,

/* The text of a value; "?" if the array of texts has none for it. */
#define rt_name(names, value)                                                                      \
    ((size_t)(value) < sizeof(names) / sizeof(*(names)) - 1 ? (names)[value] : "?")

/* The value with this text; how many texts there are, if it is none of them. */
static inline size_t rt_name_find(const char *const *names, const char *text)
{
    size_t i = 0;
    while (names[i] && strcmp(names[i], text) != 0)
        i++;
    return i;
}

#endif
