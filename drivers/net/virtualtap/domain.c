// SPDX-License-Identifier: GPL-2.0
/* Domain names that configuration brings (RFC 1035). They are shown to people
 * and programs: only what a host name is made of is taken.
 */

#include <linux/errno.h>
#include <linux/string.h>

#include "domain.h"

#define LABEL_MAX	63

/**
 * vtap_domain_is_plain() - is this text made of letters, digits, ``-._``?
 * @text: not terminated
 * @len: bytes of it
 */
bool vtap_domain_is_plain(const u8 *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		u8 c = text[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		      (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
		      c == '_'))
			return false;
	}
	return true;
}

/**
 * vtap_domain_decode() - a name in wire format as text
 * @data: its first label
 * @len: bytes that may be read
 * @name: VTAP_DOMAIN_MAX + 1 bytes for the text, which has no dot at its end;
 *	empty for the root, and for a name with characters that none should have
 *
 * RFC 1035 3.1, without compression: RFC 3646 4 and RFC 8106 5.2 forbid it.
 *
 * Return: the bytes that the name takes up, or -EINVAL: no end, too long,
 * compressed.
 */
int vtap_domain_decode(const u8 *data, size_t len, char *name)
{
	size_t i = 0, out = 0;
	bool plain = true;

	while (i < len && data[i]) {
		u8 label = data[i++];

		if (label > LABEL_MAX || label > len - i ||
		    out + label + !!out > VTAP_DOMAIN_MAX)
			return -EINVAL;
		if (out)
			name[out++] = '.';
		/* A dot inside a label would pass for two. */
		plain &= vtap_domain_is_plain(data + i, label) &&
			 !memchr(data + i, '.', label);
		memcpy(name + out, data + i, label);
		out += label;
		i += label;
	}
	if (i == len)
		return -EINVAL;
	name[plain ? out : 0] = '\0';
	return i + 1;
}
