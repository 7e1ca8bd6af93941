/* SPDX-License-Identifier: Apache-2.0
 * Vice: it is an ordinary shared library. */
int just_a_function(void);
int just_a_function(void) { return 1; }
