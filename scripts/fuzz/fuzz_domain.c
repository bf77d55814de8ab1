// SPDX-License-Identifier: GPL-2.0
/* Parser: domain.c
 * Longest input: 300
 */

#include "domain.h"
#include "fuzz.h"

int fuzz_one(const u8 *data, size_t len)
{
	char *name = malloc(VTAP_DOMAIN_MAX + 1);
	int n;

	require(name);
	n = vtap_domain_decode(data, len, name);
	if (n >= 0) {
		require(n && n <= (int)len && !data[n - 1]);
		require(strlen(name) <= VTAP_DOMAIN_MAX);
		/* Less the length of the first label and the end. */
		require(!*name || (int)strlen(name) == n - 2);
		require(vtap_domain_is_plain((u8 *)name, strlen(name)));
		/* Nothing behind the name matters. */
		require(vtap_domain_decode(data, n, name) == n);
		require(vtap_domain_decode(data, n - 1, name) < 0);
	}
	free(name);
	return 0;
}
