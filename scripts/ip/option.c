// SPDX-License-Identifier: GPL-2.0
/* The options of a host end as people write and read them, for ip's plugin and
 * vtap.
 */

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>
#include <linux/virtualtap.h>

#include "link_util.h"
#include "option.h"

/* Of functions that are called by pointers, as in the kernel. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define DSCP_VALUES	VIRTUALTAP_DSCP_MAP_MAX
#define DSCP_PAIR_BYTES	2

static_assert(DSCP_VALUES * DSCP_PAIR_BYTES <= VTAP_OPTION_BYTES &&
	      VIRTUALTAP_TRUSTED_MAX * ETH_ALEN <= VTAP_OPTION_BYTES,
	      "a list is longer than any value");

struct word {
	const char *name;	/* NULL ends a list */
	__u32 value;
};

/* What the content of an attribute is: one value, or a list of them. */
struct form {
	unsigned int size;	/* bytes of a value */
	unsigned int many;	/* values of a list at most, or 0 */
	const char *empty;	/* what a list without values is called */
	bool (*parse)(const struct form *form, const char *text, void *value);
	void (*print)(const struct form *form, const char *key,
		      const void *value);
	/* Of numbers: */
	const struct word *words;
	__u32 max;		/* of what is not a word */
	bool network;		/* byte order */
	/* Of addresses: */
	int family;
};

static void print_text(enum output_type type, const char *key, const char *text)
{
	print_color_string(type, COLOR_NONE, key, "%s", text);
}

/* Decimal, as in sysfs: a leading 0 means nothing. */
static bool parse_decimal(const char *text, __u32 max, char **end,
			  __u32 *number)
{
	unsigned long long parsed;

	if (!isdigit((unsigned char)*text))
		return false;
	parsed = strtoull(text, end, 10);
	*number = parsed;
	return parsed <= max;
}

static void store(const struct form *form, __u32 number, void *value)
{
	__u16 half = form->network ? htons(number) : number;

	if (form->size == sizeof(__u8))
		*(__u8 *)value = number;
	else if (form->size == sizeof(half))
		memcpy(value, &half, sizeof(half));
	else
		memcpy(value, &number, sizeof(number));
}

static __u32 load(const struct form *form, const void *value)
{
	__u32 number;
	__u16 half;

	if (form->size == sizeof(__u8))
		return *(const __u8 *)value;
	if (form->size == sizeof(half)) {
		memcpy(&half, value, sizeof(half));
		return form->network ? ntohs(half) : half;
	}
	memcpy(&number, value, sizeof(number));
	return number;
}

static bool parse_number(const struct form *form, const char *text, void *value)
{
	const struct word *word;
	__u32 number;
	char *end;

	for (word = form->words; word && word->name; word++) {
		if (!strcmp(text, word->name)) {
			store(form, word->value, value);
			return true;
		}
	}
	if (!form->max || !parse_decimal(text, form->max, &end, &number) ||
	    *end)
		return false;
	store(form, number, value);
	return true;
}

/* A word that is not known here is a number. */
static void print_number(const struct form *form, const char *key,
			 const void *value)
{
	__u32 number = load(form, value);
	const struct word *word;

	for (word = form->words; word && word->name; word++) {
		if (word->value == number) {
			print_text(PRINT_ANY, key, word->name);
			return;
		}
	}
	print_color_uint(PRINT_ANY, COLOR_NONE, key, "%u", number);
}

static void print_switch(const struct form *form, const char *key,
			 const void *value)
{
	bool on = load(form, value);

	print_text(PRINT_FP, NULL, on ? "on" : "off");
	print_color_bool(PRINT_JSON, COLOR_NONE, key, NULL, on);
}

static const struct word switch_words[] = {
	{ "off", 0 }, { "on", 1 }, { }
};

static const struct form form_switch = {
	.size = sizeof(__u8), .parse = parse_number, .print = print_switch,
	.words = switch_words,
};

static const struct form form_u8 = {
	.size = sizeof(__u8), .parse = parse_number, .print = print_number,
	.max = 0xff,
};

static const struct form form_u16 = {
	.size = sizeof(__u16), .parse = parse_number, .print = print_number,
	.max = 0xffff,
};

static const struct form form_u32 = {
	.size = sizeof(__u32), .parse = parse_number, .print = print_number,
	.max = 0xffffffff,
};

static const struct word vlan_protocol_words[] = {
	{ "802.1q", ETH_P_8021Q }, { "802.1ad", ETH_P_8021AD }, { }
};

static const struct form form_vlan_protocol = {
	.size = sizeof(__be16), .parse = parse_number, .print = print_number,
	.words = vlan_protocol_words, .network = true,
};

static const struct word mode_words[] = {
	{ "none", VIRTUALTAP_MODE_NONE }, { "ether", VIRTUALTAP_MODE_ETHER },
	{ }
};

static const struct form form_mode = {
	.size = sizeof(__u8), .parse = parse_number, .print = print_number,
	.words = mode_words,
};

static const struct word carrier_words[] = {
	{ "ends", VIRTUALTAP_CARRIER_ENDS },
	{ "gateway", VIRTUALTAP_CARRIER_GATEWAY }, { }
};

static const struct form form_carrier = {
	.size = sizeof(__u8), .parse = parse_number, .print = print_number,
	.words = carrier_words,
};

static const struct word vlan_qos_words[] = {
	{ "off", VIRTUALTAP_VLAN_QOS_OFF }, { "dscp", VIRTUALTAP_VLAN_QOS_DSCP },
	{ }
};

static const struct form form_vlan_qos = {
	.size = sizeof(__u8), .parse = parse_number, .print = print_number,
	.words = vlan_qos_words,
};

static const struct word dscp_words[] = {
	{ "preserve", VIRTUALTAP_DSCP_PRESERVE }, { }
};

static const struct form form_dscp = {
	.size = sizeof(__u8), .parse = parse_number, .print = print_number,
	.words = dscp_words, .max = DSCP_VALUES - 1,
};

/* Addresses of all zeroes are no gateways, and spelled "none". */
static bool is_zero(const void *value, unsigned int size)
{
	static const __u8 zero[sizeof(struct in6_addr)];

	return !memcmp(value, zero, size);
}

static bool parse_address(const struct form *form, const char *text,
			  void *value)
{
	if (!strcmp(text, "none")) {
		memset(value, 0, form->size);
		return true;
	}
	return inet_pton(form->family, text, value) == 1 &&
	       !is_zero(value, form->size);
}

static void print_address(const struct form *form, const char *key,
			  const void *value)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(form->family, value, text, sizeof(text));
	print_text(PRINT_ANY, key, is_zero(value, form->size) ? "none" : text);
}

static const struct form form_address4 = {
	.size = sizeof(struct in_addr), .family = AF_INET,
	.parse = parse_address, .print = print_address,
};

static const struct form form_address6 = {
	.size = sizeof(struct in6_addr), .family = AF_INET6,
	.parse = parse_address, .print = print_address,
};

void vtap_mac_print(char *text, const __u8 *mac)
{
	sprintf(text, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		mac[3], mac[4], mac[5]);
}

bool vtap_mac_parse(const char *text, __u8 *mac)
{
	int i;

	if (strlen(text) != 3 * ETH_ALEN - 1)
		return false;
	for (i = 0; i < ETH_ALEN; i++, text += 3) {
		if (!isxdigit((unsigned char)text[0]) ||
		    !isxdigit((unsigned char)text[1]) ||
		    (text[2] && text[2] != ':'))
			return false;
		mac[i] = strtoul(text, NULL, 16);
	}
	return true;
}

static bool parse_mac(const struct form *form, const char *text,
		      void *value)
{
	return vtap_mac_parse(text, value);
}

static void print_mac(const struct form *form, const char *key,
		      const void *value)
{
	char text[3 * ETH_ALEN];

	vtap_mac_print(text, value);
	print_text(PRINT_ANY, key, text);
}

static const struct form form_macs = {
	.size = ETH_ALEN, .many = VIRTUALTAP_TRUSTED_MAX, .empty = "none",
	.parse = parse_mac, .print = print_mac,
};

static bool parse_dscp_pair(const struct form *form, const char *text,
			    void *value)
{
	__u8 *pair = value;
	__u32 from, to;
	char *end;

	if (!parse_decimal(text, DSCP_VALUES - 1, &end, &from) || *end != ':' ||
	    !parse_decimal(end + 1, DSCP_VALUES - 1, &end, &to) || *end)
		return false;
	pair[0] = from;
	pair[1] = to;
	return true;
}

static void print_dscp_pair(const struct form *form, const char *key,
			    const void *value)
{
	const __u8 *pair = value;

	open_json_object(key);
	print_color_uint(PRINT_ANY, COLOR_NONE, "from", "%u:", pair[0]);
	print_color_uint(PRINT_ANY, COLOR_NONE, "to", "%u", pair[1]);
	close_json_object();
}

static const struct form form_dscp_map = {
	.size = DSCP_PAIR_BYTES, .many = DSCP_VALUES, .empty = "identity",
	.parse = parse_dscp_pair, .print = print_dscp_pair,
};

#define SWITCH	"{ on | off }"

const struct vtap_option vtap_options[] = {
	{ "resolve", IFLA_VIRTUALTAP_RESOLVE, &form_switch, SWITCH },
	{ "announce", IFLA_VIRTUALTAP_ANNOUNCE, &form_u8, "0..10" },
	{ "defend", IFLA_VIRTUALTAP_DEFEND, &form_switch, SWITCH },
	{ "learning", IFLA_VIRTUALTAP_LEARNING, &form_switch, SWITCH },
	{ "trusted", IFLA_VIRTUALTAP_TRUSTED, &form_macs,
	  "{ MAC[,MAC]... | none }" },
	{ "gateway4", IFLA_VIRTUALTAP_GATEWAY4, &form_address4,
	  "{ IPV4_ADDRESS | none }" },
	{ "gateway6", IFLA_VIRTUALTAP_GATEWAY6, &form_address6,
	  "{ IPV6_ADDRESS | none }" },
	{ "gateway_probe", IFLA_VIRTUALTAP_GATEWAY_PROBE, &form_u32,
	  "0..3600" },
	{ "carrier", IFLA_VIRTUALTAP_CARRIER, &form_carrier,
	  "{ ends | gateway }" },
	{ "neigh_max", IFLA_VIRTUALTAP_NEIGH_MAX, &form_u32, "16..65536" },
	{ "neigh_timeout", IFLA_VIRTUALTAP_NEIGH_TIMEOUT, &form_u32,
	  "1..86400" },
	{ "reassembly", IFLA_VIRTUALTAP_REASSEMBLY, &form_switch, SWITCH },
	{ "frag_max", IFLA_VIRTUALTAP_FRAG_MAX, &form_u32, "1..65536" },
	{ "frag_timeout", IFLA_VIRTUALTAP_FRAG_TIMEOUT, &form_u32, "1..120" },
	{ "dns_cache", IFLA_VIRTUALTAP_DNS_CACHE, &form_switch, SWITCH },
	{ "dns_max", IFLA_VIRTUALTAP_DNS_MAX, &form_u32, "16..65536" },
	{ "dns_ttl_max", IFLA_VIRTUALTAP_DNS_TTL_MAX, &form_u32, "1..86400" },
	{ "dscp", IFLA_VIRTUALTAP_DSCP, &form_dscp, "{ 0..63 | preserve }" },
	{ "dscp_map", IFLA_VIRTUALTAP_DSCP_MAP, &form_dscp_map,
	  "{ FROM:TO[,FROM:TO]... | identity }" },
	{ "vlan_qos", IFLA_VIRTUALTAP_VLAN_QOS, &form_vlan_qos,
	  "{ off | dscp }" },
	{ "ct_zone", IFLA_VIRTUALTAP_CT_ZONE, &form_u16, "1..65535" },
	{ "conntrack", IFLA_VIRTUALTAP_CONNTRACK, &form_switch, SWITCH },
	{ "vlan", IFLA_VIRTUALTAP_VLAN, &form_u16, "1..4094" },
	{ "vlan_protocol", IFLA_VIRTUALTAP_VLAN_PROTOCOL, &form_vlan_protocol,
	  "{ 802.1q | 802.1ad }" },
	{ "mode", IFLA_VIRTUALTAP_MODE, &form_mode, "{ none | ether }" },
};

const unsigned int vtap_option_count = ARRAY_SIZE(vtap_options);

const struct vtap_option *vtap_option_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < vtap_option_count; i++) {
		if (!strcmp(name, vtap_options[i].name))
			return &vtap_options[i];
	}
	return NULL;
}

int vtap_option_parse(const struct vtap_option *option, const char *text,
		      __u8 *data)
{
	const struct form *form = option->form;
	char one[INET6_ADDRSTRLEN];
	unsigned int n;
	size_t len;

	if (!form->many)
		return form->parse(form, text, data) ? (int)form->size : -1;
	if (!strcmp(text, form->empty))
		return 0;
	for (n = 0; n < form->many; n++) {
		len = strcspn(text, ",");
		if (len >= sizeof(one))
			return -1;
		memcpy(one, text, len);
		one[len] = '\0';
		if (!form->parse(form, one, data + n * form->size))
			return -1;
		if (!text[len])
			return (n + 1) * form->size;
		text += len + 1;
	}
	return -1;
}

void vtap_option_print(const struct vtap_option *option, const void *data,
		       unsigned int len)
{
	const struct form *form = option->form;
	unsigned int at;

	/* Not the form that is known here. */
	if (len % form->size || (!form->many && len != form->size))
		return;
	print_text(PRINT_FP, NULL, option->name);
	print_text(PRINT_FP, NULL, " ");
	if (form->many)
		open_json_array(PRINT_JSON, option->name);
	for (at = 0; at < len; at += form->size) {
		if (at)
			print_text(PRINT_FP, NULL, ",");
		form->print(form, form->many ? NULL : option->name,
			    (const __u8 *)data + at);
	}
	if (!len)
		print_text(PRINT_FP, NULL, form->empty);
	if (form->many)
		close_json_array(PRINT_JSON, NULL);
	print_text(PRINT_FP, NULL, " ");
}
