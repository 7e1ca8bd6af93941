/* SPDX-License-Identifier: Apache-2.0
 * Not a plugin: the library that missing_library.c needs, and that no loader finds. */
int from_the_absent_library(void);
int from_the_absent_library(void) { return 1; }
