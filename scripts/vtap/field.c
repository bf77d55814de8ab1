// SPDX-License-Identifier: GPL-2.0
/* What attributes hold, with a name. */

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../ip/option.h"
#include "field.h"
#include "link.h"
#include "output.h"

#define FOREVER	0xffffffff

static void put(const char *name, const char *value)
{
	print_string(name, value);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, " %s", name);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, " %s", value);
}

const char *field_address_text(const struct nlattr *attr)
{
	static char text[INET6_ADDRSTRLEN];
	size_t len = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (len != sizeof(struct in_addr) && len != sizeof(struct in6_addr))
		return NULL;
	return inet_ntop(len == sizeof(struct in_addr) ? AF_INET : AF_INET6,
			 mnl_attr_get_payload(attr), text, sizeof(text));
}

const char *field_mac_text(const struct nlattr *attr)
{
	static char text[3 * ETH_ALEN];

	if (!attr || mnl_attr_get_payload_len(attr) != ETH_ALEN)
		return NULL;
	vtap_mac_print(text, mnl_attr_get_payload(attr));
	return text;
}

void field_address(const char *name, const struct nlattr *attr)
{
	const char *text = field_address_text(attr);

	if (text)
		put(name, text);
}

void field_mac(const char *name, const struct nlattr *attr)
{
	const char *text = field_mac_text(attr);

	if (text)
		put(name, text);
}

static bool is_number(const struct nlattr *attr)
{
	return attr && mnl_attr_get_payload_len(attr) == sizeof(__u32);
}

static void put_number(const char *name, __u32 number)
{
	print_number(name, number);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, " %s ", name);
	print_color_uint(PRINT_FP, COLOR_NONE, NULL, "%u", number);
}

void field_number(const char *name, const struct nlattr *attr)
{
	if (is_number(attr))
		put_number(name, mnl_attr_get_u32(attr));
}

void field_lifetime(const char *name, const struct nlattr *attr)
{
	if (!is_number(attr))
		return;
	if (mnl_attr_get_u32(attr) != FOREVER)
		put_number(name, mnl_attr_get_u32(attr));
	else if (!output_json)
		put(name, "forever");
}

void field_word(const char *name, const struct nlattr *attr,
		const char * const words[], unsigned int count)
{
	__u32 number;

	if (!is_number(attr))
		return;
	number = mnl_attr_get_u32(attr);
	if (number < count)
		put(name, words[number]);
	else
		put_number(name, number);
}

/* What others than the driver made may hold what a terminal takes for commands. */
static void print_visible(const char *text)
{
	for (; *text; text++)
		fputc(isprint((unsigned char)*text) ? *text : '?', output);
}

void field_string(const char *name, const struct nlattr *attr)
{
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
		return;
	print_string(name, mnl_attr_get_str(attr));
	if (output_json)
		return;
	fprintf(output, " %s ", name);
	print_visible(mnl_attr_get_str(attr));
}

void field_flag(const char *name, const struct nlattr *attr)
{
	if (attr)
		print_color_string(PRINT_FP, COLOR_NONE, NULL, " %s", name);
	if (output_json)
		print_color_bool(PRINT_JSON, COLOR_NONE, name, "%s", attr);
}

/* The text of an item of a list, or NULL. */
typedef const char *(*item_fn)(const struct nlattr *attr);

static const char *string_text(const struct nlattr *attr)
{
	if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
		return NULL;
	return mnl_attr_get_str(attr);
}

static void put_item(const char *name, const char *text, bool first)
{
	print_string(NULL, text);
	if (output_json)
		return;
	fprintf(output, first ? " %s " : ",", name);
	print_visible(text);
}

static void put_list(const char *name, const struct nlattr *nest, int type,
		     item_fn item)
{
	const struct nlattr *attr;
	const char *text;
	bool first = true;

	open_json_array(PRINT_JSON, name);
	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) != type)
			continue;
		text = item(attr);
		if (!text)
			continue;
		put_item(name, text, first);
		first = false;
	}
	close_json_array(PRINT_JSON, NULL);
}

void field_addresses(const char *name, const struct nlattr *nest, int type)
{
	put_list(name, nest, type, field_address_text);
}

void field_strings(const char *name, const struct nlattr *nest, int type)
{
	put_list(name, nest, type, string_text);
}
