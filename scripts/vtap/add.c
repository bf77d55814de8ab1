// SPDX-License-Identifier: GPL-2.0
/* vtap add: a link of the kind, with every option, without ip's plugin. */

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/rtnetlink.h>

#include "../ip/option.h"
#include "command.h"
#include "link.h"
#include "output.h"

#define NETNS_DIRECTORY	"/run/netns"

/* A word of the command that is about a link of any kind. */
struct attribute {
	const char *name;
	int (*put)(struct nlmsghdr *nlh, const char *value);
	const char *takes;
};

static int put_name(struct nlmsghdr *nlh, const char *value)
{
	if (!*value || strlen(value) >= IFNAMSIZ)
		return -1;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, value);
	return 0;
}

static int put_address(struct nlmsghdr *nlh, const char *value)
{
	unsigned char mac[ETH_ALEN];

	if (!vtap_mac_parse(value, mac))
		return -1;
	mnl_attr_put(nlh, IFLA_ADDRESS, sizeof(mac), mac);
	return 0;
}

static int put_mtu(struct nlmsghdr *nlh, const char *value)
{
	unsigned long mtu;
	char *end;

	mtu = strtoul(value, &end, 10);
	if (!isdigit((unsigned char)*value) || *end || mtu > 0xffff)
		return -1;
	mnl_attr_put_u32(nlh, IFLA_MTU, mtu);
	return 0;
}

static int put_link(struct nlmsghdr *nlh, const char *value)
{
	unsigned int index = if_nametoindex(value);

	if (!index)
		return -1;
	mnl_attr_put_u32(nlh, IFLA_LINK, index);
	return 0;
}

/* The namespace is open until the command ends. */
static int put_netns(struct nlmsghdr *nlh, const char *value)
{
	char path[256];
	int fd;

	if (*value && !value[strspn(value, "0123456789")]) {
		mnl_attr_put_u32(nlh, IFLA_NET_NS_PID,
				 strtoul(value, NULL, 10));
		return 0;
	}
	if (strchr(value, '/') ||
	    snprintf(path, sizeof(path), NETNS_DIRECTORY "/%s", value) >=
		    (int)sizeof(path))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	mnl_attr_put_u32(nlh, IFLA_NET_NS_FD, fd);
	return 0;
}

/* Those behind "peer" first. */
static const struct attribute attributes[] = {
	{ "name", put_name, "a name of 15 characters at most" },
	{ "address", put_address, "a hardware address" },
	{ "mtu", put_mtu, "a number up to 65535" },
	{ "netns", put_netns, "a namespace of `ip netns`, or a process's id" },
	{ "link", put_link, "a device" },
};

#define IN_PEER(a)	((a) - attributes < 4)
#define IN_HOST(a)	((a) - attributes > 0)

static const struct attribute *find_attribute(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attributes); i++) {
		if (!strcmp(name, attributes[i].name))
			return &attributes[i];
	}
	return NULL;
}

static int refuse_value(const char *name, const char *value, const char *takes)
{
	return misused("\"%s\" is wrong: %s takes %s", value, name, takes);
}

static int put_attribute(const struct attribute *attribute,
			 struct nlmsghdr *nlh, const char *value)
{
	if (!attribute->put(nlh, value))
		return 0;
	return refuse_value(attribute->name, value, attribute->takes);
}

static int put_option(const struct vtap_option *option, struct nlmsghdr *nlh,
		      const char *value)
{
	__u8 data[VTAP_OPTION_BYTES];
	int len;

	len = vtap_option_parse(option, value, data);
	if (len < 0)
		return refuse_value(option->name, value, option->range);
	mnl_attr_put(nlh, option->attr, len, data);
	return 0;
}

/* Words are pairs of a name and a value, but "up". Each may be there once. */
struct words {
	char **argv;
	unsigned int attributes;	/* seen, by their places */
	bool options[IFLA_VIRTUALTAP_MAX + 1];
};

static int refuse_again(const char *name)
{
	return misused("%s is given twice", name);
}

static void set_up(struct ifinfomsg *ifm)
{
	ifm->ifi_flags |= IFF_UP;
	ifm->ifi_change |= IFF_UP;
}

static int take_attribute(struct words *words, struct nlmsghdr *nlh,
			  const struct attribute *attribute)
{
	unsigned int bit = 1u << (attribute - attributes);

	if (!words->argv[1])
		return misused("%s wants a value", attribute->name);
	if (words->attributes & bit)
		return refuse_again(attribute->name);
	words->attributes |= bit;
	words->argv += 2;
	return put_attribute(attribute, nlh, words->argv[-1]);
}

static int put_peer(char **argv, struct nlmsghdr *nlh)
{
	const struct attribute *attribute;
	struct words words = { .argv = argv };
	struct ifinfomsg *ifm;
	struct nlattr *nest;
	int status;

	nest = mnl_attr_nest_start(nlh, IFLA_VIRTUALTAP_PEER);
	ifm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifm));
	while (*words.argv) {
		if (!strcmp(*words.argv, "up")) {
			set_up(ifm);
			words.argv++;
			continue;
		}
		attribute = find_attribute(*words.argv);
		if (!attribute || !IN_PEER(attribute))
			return misused("\"%s\" is unknown behind peer",
				       *words.argv);
		status = take_attribute(&words, nlh, attribute);
		if (status)
			return status;
	}
	mnl_attr_nest_end(nlh, nest);
	return 0;
}

static int take_option(struct words *words, struct nlmsghdr *nlh)
{
	const struct vtap_option *option = vtap_option_find(*words->argv);

	if (!option)
		return misused("\"%s\" is no option, see vtap(8)",
			       *words->argv);
	if (!words->argv[1])
		return misused("%s takes %s", option->name, option->range);
	if (words->options[option->attr])
		return refuse_again(option->name);
	words->options[option->attr] = true;
	words->argv += 2;
	return put_option(option, nlh, words->argv[-1]);
}

/* Attributes of the link stand in front of the nest with those of the kind, so
 * they are looked for first.
 */
static int put_link_words(char **argv, struct nlmsghdr *nlh,
			  struct ifinfomsg *ifm, char **options)
{
	const struct attribute *attribute;
	struct words words = { .argv = argv };
	int status;

	while (*words.argv && strcmp(*words.argv, "peer")) {
		attribute = find_attribute(*words.argv);
		if (!strcmp(*words.argv, "up")) {
			set_up(ifm);
			words.argv++;
		} else if (attribute && IN_HOST(attribute)) {
			status = take_attribute(&words, nlh, attribute);
			if (status)
				return status;
		} else {
			*options++ = *words.argv++;
			if (*words.argv)
				*options++ = *words.argv++;
		}
	}
	while (*words.argv)
		*options++ = *words.argv++;
	*options = NULL;
	return 0;
}

static int put_kind(char **argv, struct nlmsghdr *nlh)
{
	struct words words = { .argv = argv };
	struct nlattr *info, *data;
	int status = 0;

	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, VTAP_KIND);
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	while (!status && *words.argv && strcmp(*words.argv, "peer"))
		status = take_option(&words, nlh);
	if (!status && *words.argv)
		status = put_peer(words.argv + 1, nlh);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	return status;
}

static int send_request(struct nlmsghdr *nlh, const char *name)
{
	struct nl nl;

	if (nl_open(&nl, NETLINK_ROUTE))
		return complain("netlink: %s", strerror(errno));
	if (nl_talk(&nl, nlh, NULL, NULL))
		return complain("%s: %s", name, nl_reason());
	nl_close(&nl);
	return done("add", name);
}

int vtap_add(int argc, char **argv)
{
	char buf[NL_REQUEST_BYTES];
	struct ifinfomsg *ifm;
	struct nlmsghdr *nlh;
	char **options;
	int status;

	/* Names of a link and its options are much shorter. */
	if (argc < 1 || argc > 200)
		return misused("add wants the name of a device, see vtap(8)");
	nlh = nl_request(buf, RTM_NEWLINK,
			 NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
	ifm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifm));
	if (put_name(nlh, *argv))
		return refuse_value("add", *argv, attributes[0].takes);
	options = calloc(argc, sizeof(*options));
	if (!options)
		return complain("out of memory");
	status = put_link_words(argv + 1, nlh, ifm, options);
	if (!status)
		status = put_kind(options, nlh);
	free(options);
	return status ? status : send_request(nlh, *argv);
}
