// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading: order, nothing else. */

#include <linux/module.h>

#include "conntrack.h"
#include "device.h"
#include "frag.h"
#include "netlink.h"
#include "notifier.h"
#include "rtnl.h"

static int __init vtap_init(void)
{
	int err;

	err = vtap_frag_register();
	if (err)
		return err;
	err = vtap_netlink_register();
	if (err)
		goto err_frag;
	err = vtap_notifiers_register();
	if (err)
		goto err_netlink;
	err = rtnl_link_register(&vtap_link_ops);
	if (err)
		goto err_notifiers;
	return 0;

err_notifiers:
	vtap_notifiers_unregister();
err_netlink:
	vtap_netlink_unregister();
err_frag:
	vtap_frag_unregister();
	return err;
}
module_init(vtap_init);

static void __exit vtap_exit(void)
{
	rtnl_link_unregister(&vtap_link_ops);
	vtap_notifiers_unregister();
	vtap_netlink_unregister();
	vtap_frag_unregister();
	vtap_ct_load_stop();
}
module_exit(vtap_exit);

MODULE_DESCRIPTION("Virtual network devices that join an Ethernet VPN to an IP host");
MODULE_AUTHOR("The virtualtap developers");
MODULE_VERSION(VTAP_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK(VTAP_KIND);
