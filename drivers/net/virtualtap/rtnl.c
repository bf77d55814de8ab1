// SPDX-License-Identifier: GPL-2.0
/* ``ip link add / set / del ... type virtualtap``. */

#include <linux/etherdevice.h>
#include <net/rtnetlink.h>
#include <uapi/linux/virtualtap.h>

#include "conntrack.h"
#include "device.h"
#include "l2.h"
#include "l3.h"
#include "lower.h"
#include "option.h"
#include "rtnl.h"

#define PEER_SUFFIX	"-l2"

static int check_mac(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_len(attr) != ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "Hardware address must have 6 bytes");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(nla_data(attr))) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "Hardware address must be unicast and not zero");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/* The core parses leniently: it skips attributes that it does not know, and
 * with them what a newer user of this interface believes to have set.
 */
static int check_known(struct nlattr *linkinfo_attr,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *linkinfo[IFLA_INFO_MAX + 1];
	int err;

	if (!linkinfo_attr)
		return 0;
	err = nla_parse_nested_deprecated(linkinfo, IFLA_INFO_MAX,
					  linkinfo_attr, NULL, extack);
	if (err || !linkinfo[IFLA_INFO_DATA])
		return err;
	return __nla_validate(nla_data(linkinfo[IFLA_INFO_DATA]),
			      nla_len(linkinfo[IFLA_INFO_DATA]),
			      IFLA_VIRTUALTAP_MAX, vtap_option_policy,
			      NL_VALIDATE_TRAILING | NL_VALIDATE_MAXTYPE,
			      extack);
}

static int vtap_validate(struct nlattr *tb[], struct nlattr *data[],
			 struct netlink_ext_ack *extack)
{
	int err;

	err = check_mac(tb[IFLA_ADDRESS], extack);
	if (err)
		return err;
	err = check_known(tb[IFLA_LINKINFO], extack);
	if (err)
		return err;
	return vtap_option_check(data, extack);
}

static int refuse_same_address(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "Both ends cannot have the same hardware address");
	return -EADDRNOTAVAIL;
}

/* Name of the Ethernet end: as given, else the host end's with a suffix. */
static int choose_peer_name(struct net_device *host, struct nlattr *peer_tb[],
			    char *name, struct netlink_ext_ack *extack)
{
	if (peer_tb && peer_tb[IFLA_IFNAME]) {
		nla_strscpy(name, peer_tb[IFLA_IFNAME], IFNAMSIZ);
		return 0;
	}
	if (snprintf(name, IFNAMSIZ, "%s" PEER_SUFFIX, host->name) >= IFNAMSIZ) {
		NL_SET_ERR_MSG(extack,
			       "Name too long for NAME" PEER_SUFFIX ": give a peer name");
		return -ENAMETOOLONG;
	}
	return 0;
}

/* The kind's setup made a host end of it, with the attributes applied: make an
 * Ethernet end, and apply them again.
 */
static void turn_into_ethernet(struct net_device *dev, struct nlattr *tb[],
			       const u8 *address)
{
	vtap_l2_setup(dev);
	if (tb[IFLA_MTU])
		dev->mtu = nla_get_u32(tb[IFLA_MTU]);
	if (tb[IFLA_TXQLEN])
		dev->tx_queue_len = nla_get_u32(tb[IFLA_TXQLEN]);
	if (address) {
		eth_hw_addr_set(dev, address);
		dev->addr_assign_type = NET_ADDR_SET;
	} else {
		eth_hw_addr_random(dev);
	}
}

static struct net_device *create_ethernet(struct net *src_net,
					  struct net_device *host,
					  struct nlattr *tb[],
					  struct nlattr *peer_tb[],
					  const struct ifinfomsg *ifm,
					  struct netlink_ext_ack *extack)
{
	struct nlattr **attrs = peer_tb ? peer_tb : tb;
	const u8 *address = NULL;
	struct net_device *dev;
	char name[IFNAMSIZ];
	struct net *net;
	int err;

	err = choose_peer_name(host, peer_tb, name, extack);
	if (err)
		return ERR_PTR(err);
	if (peer_tb && peer_tb[IFLA_ADDRESS])
		address = nla_data(peer_tb[IFLA_ADDRESS]);
	if (address && ether_addr_equal_unaligned(address, host->dev_addr))
		return ERR_PTR(refuse_same_address(extack));

	net = rtnl_link_get_net(src_net, attrs);
	if (IS_ERR(net))
		return ERR_CAST(net);
	/* The core asked this for the host end's namespace only. */
	if (!ns_capable(net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(extack, "No permission in the peer's namespace");
		dev = ERR_PTR(-EPERM);
		goto put_net;
	}
	dev = rtnl_create_link(net, name, NET_NAME_USER, &vtap_link_ops, attrs,
			       extack);
	if (IS_ERR(dev))
		goto put_net;
	turn_into_ethernet(dev, attrs, address);
	/* Unless told, its MTU is no smaller for a small one of the host end. */
	if (!peer_tb)
		dev->mtu = max_t(unsigned int, dev->mtu, ETH_DATA_LEN);
	if (dev->mtu < dev->min_mtu) {
		NL_SET_ERR_MSG(extack, "MTU of the Ethernet end must be at least 1280");
		err = -EINVAL;
		goto free_dev;
	}
	if (ifm && host->ifindex)
		dev->ifindex = ifm->ifi_index;
	err = register_netdevice(dev);
	if (err)
		goto free_dev;
	netif_carrier_off(dev);
	err = rtnl_configure_link(dev, ifm, 0, NULL);
	if (err) {
		unregister_netdevice(dev);
		dev = ERR_PTR(err);
	}
put_net:
	put_net(net);
	return dev;

free_dev:
	free_netdev(dev);
	dev = ERR_PTR(err);
	goto put_net;
}

static int parse_peer(struct nlattr *attr, struct nlattr *peer_tb[],
		      struct netlink_ext_ack *extack)
{
	int err = rtnl_nla_parse_ifinfomsg(peer_tb, attr, extack);

	return err ? err : check_mac(peer_tb[IFLA_ADDRESS], extack);
}

/* The host end, and the Ethernet end with it. */
static int add_pair(struct net *src_net, struct net_device *dev,
		    struct nlattr *tb[], struct nlattr *data[],
		    struct netlink_ext_ack *extack)
{
	struct nlattr *peer_tb[IFLA_MAX + 1];
	const struct ifinfomsg *ifm = NULL;
	struct net_device *ethernet;
	int err;

	if (data && data[IFLA_VIRTUALTAP_PEER]) {
		ifm = nla_data(data[IFLA_VIRTUALTAP_PEER]);
		err = parse_peer(data[IFLA_VIRTUALTAP_PEER], peer_tb, extack);
		if (err)
			return err;
	}
	if (!tb[IFLA_ADDRESS])
		eth_hw_addr_random(dev);
	/* The Ethernet end takes its name from the host end's. */
	if (strchr(dev->name, '%')) {
		err = dev_alloc_name(dev, dev->name);
		if (err < 0)
			return err;
	}
	ethernet = create_ethernet(src_net, dev, tb, ifm ? peer_tb : NULL, ifm,
				   extack);
	if (IS_ERR(ethernet))
		return PTR_ERR(ethernet);
	err = register_netdevice(dev);
	if (err)
		goto err_unregister;
	err = vtap_attach(vtap_of(ethernet), vtap_port_of(dev), extack);
	if (err) {
		unregister_netdevice(dev);
		goto err_unregister;
	}
	return 0;

err_unregister:
	unregister_netdevice(ethernet);
	return err;
}

/* The station that is there already. */
static void inherit_address(struct net_device *dev, const u8 *address)
{
	eth_hw_addr_set(dev, address);
	dev->addr_assign_type = NET_ADDR_STOLEN;
}

/* One more host end on an instance, or the first one on a lower device. */
static int add_port(struct net_device *link, struct net_device *dev,
		    struct nlattr *tb[], struct netlink_ext_ack *extack)
{
	struct vtap *vtap = vtap_is_ethernet(link) ? vtap_of(link) :
						     vtap_lower_rtnl(link);
	struct vtap_port *owner = vtap ? rtnl_dereference(vtap->owner) : NULL;
	bool created = false;
	int err;

	if (!vtap) {
		err = vtap_lower_check(link, extack);
		if (err)
			return err;
	} else if (!owner) {
		NL_SET_ERR_MSG(extack, "The link is going away");
		return -ENODEV;
	}
	if (!tb[IFLA_ADDRESS])
		inherit_address(dev, owner ? owner->dev->dev_addr :
					     link->dev_addr);
	else if (vtap_is_ethernet(link) &&
		 ether_addr_equal(dev->dev_addr, link->dev_addr))
		return refuse_same_address(extack);
	if (!tb[IFLA_MTU] && !vtap_is_ethernet(link))
		dev->mtu = clamp(link->mtu, dev->min_mtu, dev->max_mtu);
	err = register_netdevice(dev);
	if (err)
		return err;
	if (!vtap) {
		vtap = vtap_lower_create(link, vtap_port_of(dev), extack);
		created = true;
	}
	err = PTR_ERR_OR_ZERO(vtap);
	if (err)
		goto err_unregister;
	err = vtap_attach(vtap, vtap_port_of(dev), extack);
	if (err)
		goto err_destroy;
	return 0;

err_destroy:
	if (created)
		vtap_lower_destroy(vtap);
err_unregister:
	unregister_netdevice(dev);
	return err;
}

static struct net_device *find_link(struct net *src_net, struct nlattr *tb[],
				    struct nlattr *data[],
				    struct netlink_ext_ack *extack)
{
	struct net_device *link;

	if (data && data[IFLA_VIRTUALTAP_PEER]) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_VIRTUALTAP_PEER],
				    "A host end on a link has no peer");
		return ERR_PTR(-EINVAL);
	}
	link = __dev_get_by_index(src_net, nla_get_u32(tb[IFLA_LINK]));
	if (!link) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_LINK],
				    "The link does not exist");
		return ERR_PTR(-ENODEV);
	}
	return link;
}

static bool is_ct_missing(struct nlattr *data[])
{
	return data && data[IFLA_VIRTUALTAP_CONNTRACK] &&
	       nla_get_u8(data[IFLA_VIRTUALTAP_CONNTRACK]) &&
	       vtap_ct_is_missing();
}

int vtap_newlink(struct net_device *dev, struct rtnl_newlink_params *params,
		 struct netlink_ext_ack *extack)
{
	struct net *src_net = rtnl_newlink_link_net(params);
	struct nlattr **tb = params->tb, **data = params->data;
	struct vtap_port *port = vtap_port_of(dev);
	struct net_device *link;
	int err;

	/* The device is known to nobody yet. */
	if (is_ct_missing(data))
		vtap_ct_load();
	err = vtap_option_apply(port, dev_net(dev), data, extack);
	if (err)
		return err;
	if (port->opt.mode == VIRTUALTAP_MODE_ETHER)
		vtap_l3_set_ethernet(dev);
	if (tb[IFLA_LINK]) {
		link = find_link(src_net, tb, data, extack);
		err = IS_ERR(link) ? PTR_ERR(link) :
				     add_port(link, dev, tb, extack);
	} else {
		err = add_pair(src_net, dev, tb, data, extack);
	}
	/* Who was not registered is not destroyed. */
	if (err && dev->reg_state == NETREG_UNINITIALIZED) {
		vtap_ct_stop(port);
		vtap_trusted_free(port);
	}
	return err;
}

/* Not with a reference to the device, see vtap_ct_load(): it is looked up again,
 * as the core does not.
 */
static int load_ct(struct net_device *dev, struct netlink_ext_ack *extack)
{
	struct net_device *master = netdev_master_upper_dev_get(dev);
	struct net *net = get_net(dev_net(dev));
	int ifindex = dev->ifindex;
	int err = 0;

	vtap_ct_load();
	if (__dev_get_by_index(net, ifindex) != dev || !vtap_is_host(dev) ||
	    netdev_master_upper_dev_get(dev) != master) {
		NL_SET_ERR_MSG(extack, "The device has changed meanwhile");
		err = -EAGAIN;
	}
	put_net(net);
	return err;
}

static int vtap_changelink(struct net_device *dev, struct nlattr *tb[],
			   struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	int err;

	if (!data)
		return 0;
	if (!vtap_is_host(dev)) {
		NL_SET_ERR_MSG(extack, "Options belong to the host end");
		return -EOPNOTSUPP;
	}
	if (data[IFLA_VIRTUALTAP_PEER]) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_VIRTUALTAP_PEER],
				    "The peer cannot be changed");
		return -EOPNOTSUPP;
	}
	err = vtap_option_check_change(data, extack);
	if (!err && is_ct_missing(data))
		err = load_ct(dev, extack);
	if (err)
		return err;
	return vtap_option_apply(vtap_port_of(dev), dev_net(dev), data, extack);
}

static size_t vtap_get_size(const struct net_device *dev)
{
	return vtap_is_host(dev) ? vtap_option_size() : 0;
}

static int vtap_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	return vtap_is_host(dev) ? vtap_option_fill(skb, vtap_port_of(dev)) : 0;
}

struct rtnl_link_ops vtap_link_ops = {
	.kind		= VTAP_KIND,
	.priv_size	= MAX_T(size_t, sizeof(struct vtap),
				sizeof(struct vtap_port)),
	.setup		= vtap_l3_setup,
	.validate	= vtap_validate,
	.newlink	= vtap_newlink_op,
	.changelink	= vtap_changelink,
	.dellink	= vtap_remove,
	.get_size	= vtap_get_size,
	.fill_info	= vtap_fill_info,
	.get_link_net	= vtap_link_net,
	.policy		= vtap_option_policy,
	.maxtype	= IFLA_VIRTUALTAP_MAX,
};
