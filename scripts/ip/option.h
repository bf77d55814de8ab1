/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_OPTION_H
#define _VTAP_OPTION_H

#include <stdbool.h>
#include <linux/types.h>

/* The content of the longest attribute: the DSCP map. */
#define VTAP_OPTION_BYTES	128

struct form;

/**
 * struct vtap_option - An option of a host end
 * @name: as in sysfs
 * @attr: IFLA_VIRTUALTAP_*
 * @form: what the attribute's content is
 * @range: for people: the kernel has the last word
 */
struct vtap_option {
	const char *name;
	int attr;
	const struct form *form;
	const char *range;
};

extern const struct vtap_option vtap_options[];
extern const unsigned int vtap_option_count;

/* Return: NULL if there is none. */
const struct vtap_option *vtap_option_find(const char *name);

/**
 * vtap_option_parse - The content of the attribute for what somebody wrote
 * @option: of vtap_options
 * @text: values of a list stand in one word, with commas between them
 * @data: of VTAP_OPTION_BYTES
 *
 * Return: bytes of the content, or -1.
 */
int vtap_option_parse(const struct vtap_option *option, const char *text,
		      __u8 *data);

/**
 * vtap_option_print - The option as it would be set, in JSON with JSON's types
 * @option: of vtap_options
 * @data: content of the attribute
 * @len: its bytes; nothing is printed of what has not the option's form
 *
 * By the functions of link_util.h, which ip has, and vtap has like them.
 */
void vtap_option_print(const struct vtap_option *option, const void *data,
		       unsigned int len);

/* Two digits a byte, colons between them; 18 bytes. */
void vtap_mac_print(char *text, const __u8 *mac);

/* Return: whether the text is one, with colons. */
bool vtap_mac_parse(const char *text, __u8 *mac);

#endif /* _VTAP_OPTION_H */
