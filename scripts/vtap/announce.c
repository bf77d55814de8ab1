// SPDX-License-Identifier: GPL-2.0
/* vtap announce: tells the segment where a host end's addresses are. */

#include <stdlib.h>

#include "command.h"
#include "output.h"
#include "request.h"

int vtap_announce(int argc, char **argv)
{
	char buf[NL_REQUEST_BYTES];
	struct nlmsghdr *nlh;
	struct genl genl;

	if (argc != 1)
		return misused("announce wants a device");
	nlh = change_begin(&genl, buf, VIRTUALTAP_CMD_ANNOUNCE, *argv);
	if (!nlh)
		return EXIT_FAILURE;
	return change_end(&genl, nlh, EXIT_SUCCESS, "announce", *argv);
}
