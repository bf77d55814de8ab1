// SPDX-License-Identifier: GPL-2.0
/* /sys/class/net/<host end>/virtualtap/: options and what was learned. */

#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "device.h"
#include "nexthop.h"
#include "option.h"
#include "sysfs.h"

static struct vtap_port *port_of(struct device *dev)
{
	return vtap_port_of(to_net_dev(dev));
}

static ssize_t option_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct dev_ext_attribute *ext =
		container_of(attr, struct dev_ext_attribute, attr);

	return vtap_option_print(port_of(dev), ext->var, buf);
}

static ssize_t option_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t len)
{
	struct dev_ext_attribute *ext =
		container_of(attr, struct dev_ext_attribute, attr);
	struct net_device *netdev = to_net_dev(dev);
	int err = -ENODEV;

	if (!ns_capable(dev_net(netdev)->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	/* Deleting the device waits for us with RTNL held. */
	if (!rtnl_trylock())
		return restart_syscall();
	if (netdev->reg_state == NETREG_REGISTERED)
		err = vtap_option_set(port_of(dev), ext->var, buf);
	if (!err)
		netdev_state_change(netdev);
	rtnl_unlock();
	return err ? err : len;
}

#define OPTION_ATTR(id, _name)						\
	struct dev_ext_attribute option_##_name = {			\
		__ATTR(_name, 0644, option_show, option_store),		\
		(void *)&vtap_option_table[VTAP_OPT_##id],		\
	}

static OPTION_ATTR(RESOLVE, resolve);
static OPTION_ATTR(ANNOUNCE, announce);
static OPTION_ATTR(DEFEND, defend);
static OPTION_ATTR(LEARNING, learning);
static OPTION_ATTR(GATEWAY4, gateway4);
static OPTION_ATTR(NEIGH_MAX, neigh_max);
static OPTION_ATTR(NEIGH_TIMEOUT, neigh_timeout);

static ssize_t ethernet_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct vtap *vtap;
	int len = 0;

	rcu_read_lock();
	vtap = rcu_dereference(port_of(dev)->vtap);
	if (vtap)
		len = sysfs_emit(buf, "%s\n", vtap->dev->name);
	rcu_read_unlock();
	return len;
}
static DEVICE_ATTR_RO(ethernet);

/* A file of the lease: @print fills it in while there is one. */
static ssize_t show_lease(struct device *dev, char *buf,
			  int (*print)(const struct vtap_lease4 *lease,
				       char *buf))
{
	const struct vtap_lease4 *lease;
	int len = 0;

	rcu_read_lock();
	lease = vtap_learn_lease4(&port_of(dev)->learned);
	if (lease)
		len = print(lease, buf);
	rcu_read_unlock();
	return len;
}

static int print_address(const struct vtap_lease4 *lease, char *buf)
{
	if (!lease->msg.address)
		return 0;
	return sysfs_emit(buf, "%pI4/%u\n", &lease->msg.address,
			  lease->msg.prefix_len);
}

static int print_gateway(const struct vtap_lease4 *lease, char *buf)
{
	if (!lease->msg.gateway)
		return 0;
	return sysfs_emit(buf, "%pI4\n", &lease->msg.gateway);
}

static int print_dns(const struct vtap_lease4 *lease, char *buf)
{
	int len = 0;
	int i;

	for (i = 0; i < lease->msg.dns_count; i++)
		len += sysfs_emit_at(buf, len, "%s%pI4", i ? " " : "",
				     &lease->msg.dns[i]);
	if (len)
		len += sysfs_emit_at(buf, len, "\n");
	return len;
}

static int print_domain(const struct vtap_lease4 *lease, char *buf)
{
	if (!*lease->msg.domain)
		return 0;
	return sysfs_emit(buf, "%s\n", lease->msg.domain);
}

static int print_mtu(const struct vtap_lease4 *lease, char *buf)
{
	if (!lease->msg.mtu)
		return 0;
	return sysfs_emit(buf, "%u\n", lease->msg.mtu);
}

static int print_server(const struct vtap_lease4 *lease, char *buf)
{
	return sysfs_emit(buf, "%pI4\n", &lease->msg.server);
}

static int print_lease(const struct vtap_lease4 *lease, char *buf)
{
	if (!lease->msg.address)
		return 0;
	return sysfs_emit(buf, "%u\n", vtap_learn_seconds_left(lease));
}

#define LEASE_ATTR(_name)						\
static ssize_t ipv4_##_name##_show(struct device *dev,			\
				   struct device_attribute *attr,	\
				   char *buf)				\
{									\
	return show_lease(dev, buf, print_##_name);			\
}									\
static DEVICE_ATTR_RO(ipv4_##_name)

LEASE_ATTR(address);
LEASE_ATTR(gateway);
LEASE_ATTR(dns);
LEASE_ATTR(domain);
LEASE_ATTR(mtu);
LEASE_ATTR(server);
LEASE_ATTR(lease);

static ssize_t ipv4_gateway_mac_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	struct vtap_port *port = port_of(dev);
	struct in6_addr addr;
	struct vtap_mac mac;
	int len = 0;
	__be32 gateway;

	rcu_read_lock();
	gateway = vtap_nexthop_gateway4(port);
	ipv6_addr_set_v4mapped(gateway, &addr);
	/* The table outlives every reader that saw the device registered. */
	if (gateway && port->dev->reg_state == NETREG_REGISTERED &&
	    vtap_neigh_mac(&port->neigh, &addr, &mac))
		len = sysfs_emit(buf, "%pM\n", mac.addr);
	rcu_read_unlock();
	return len;
}
static DEVICE_ATTR_RO(ipv4_gateway_mac);

static struct attribute *vtap_attrs[] = {
	&option_resolve.attr.attr,
	&option_announce.attr.attr,
	&option_defend.attr.attr,
	&option_learning.attr.attr,
	&option_gateway4.attr.attr,
	&option_neigh_max.attr.attr,
	&option_neigh_timeout.attr.attr,
	&dev_attr_ethernet.attr,
	&dev_attr_ipv4_address.attr,
	&dev_attr_ipv4_gateway.attr,
	&dev_attr_ipv4_gateway_mac.attr,
	&dev_attr_ipv4_dns.attr,
	&dev_attr_ipv4_domain.attr,
	&dev_attr_ipv4_mtu.attr,
	&dev_attr_ipv4_server.attr,
	&dev_attr_ipv4_lease.attr,
	NULL,
};

const struct attribute_group vtap_sysfs_group = {
	.name = VTAP_KIND,
	.attrs = vtap_attrs,
};
