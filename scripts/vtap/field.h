/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_FIELD_H
#define _VTAP_FIELD_H

#include "nl.h"

/* A value by its name: "name value" behind a blank in text, a member of an object
 * in JSON. Nothing of what is not there, or not of the length that it should be.
 */
void field_address(const char *name, const struct nlattr *attr);
void field_mac(const char *name, const struct nlattr *attr);
void field_number(const char *name, const struct nlattr *attr);
void field_string(const char *name, const struct nlattr *attr);
/* Seconds; those that never end are "forever", in JSON absent. */
void field_lifetime(const char *name, const struct nlattr *attr);
/* The word that stands for a number. */
void field_word(const char *name, const struct nlattr *attr,
		const char * const words[], unsigned int count);
/* Of a flag, its name alone. */
void field_flag(const char *name, const struct nlattr *attr);

/* All attributes of a type in a nest: a list with commas, or an array. */
void field_addresses(const char *name, const struct nlattr *nest, int type);
void field_strings(const char *name, const struct nlattr *nest, int type);

/* Return: the attribute's address in text, of static storage; NULL if it is none. */
const char *field_address_text(const struct nlattr *attr);
const char *field_mac_text(const struct nlattr *attr);

#endif /* _VTAP_FIELD_H */
