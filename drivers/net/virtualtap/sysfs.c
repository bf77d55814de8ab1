// SPDX-License-Identifier: GPL-2.0
/* /sys/class/net/<host end>/virtualtap/: options and what was learned. */

#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "conntrack.h"
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

/* Does this turn something on that is in another module? */
static bool is_missing(const struct vtap_option_info *info, const char *text)
{
	u8 on;

	return info == &vtap_option_table[VTAP_OPT_CONNTRACK] &&
	       info->kind->parse(info, text, &on) > 0 && on &&
	       vtap_ct_is_missing();
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
	if (is_missing(ext->var, buf) && vtap_ct_load_by_work())
		return restart_syscall();
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

#define CREATE_OPTION_ATTR(id, _name)					\
	struct dev_ext_attribute option_##_name = {			\
		__ATTR(_name, 0444, option_show, NULL),			\
		(void *)&vtap_option_table[VTAP_OPT_##id],		\
	}

static OPTION_ATTR(TRUSTED, trusted);
static OPTION_ATTR(RESOLVE, resolve);
static OPTION_ATTR(ANNOUNCE, announce);
static OPTION_ATTR(DEFEND, defend);
static OPTION_ATTR(LEARNING, learning);
static OPTION_ATTR(GATEWAY4, gateway4);
static OPTION_ATTR(GATEWAY6, gateway6);
static OPTION_ATTR(NEIGH_MAX, neigh_max);
static OPTION_ATTR(NEIGH_TIMEOUT, neigh_timeout);
static OPTION_ATTR(REASSEMBLY, reassembly);
static OPTION_ATTR(FRAG_MAX, frag_max);
static OPTION_ATTR(FRAG_TIMEOUT, frag_timeout);
static CREATE_OPTION_ATTR(VLAN, vlan);
static CREATE_OPTION_ATTR(VLAN_PROTOCOL, vlan_protocol);
static CREATE_OPTION_ATTR(MODE, mode);
static OPTION_ATTR(DSCP, dscp);
static OPTION_ATTR(DSCP_MAP, dscp_map);
static OPTION_ATTR(VLAN_QOS, vlan_qos);
static OPTION_ATTR(GATEWAY_PROBE, gateway_probe);
static OPTION_ATTR(CARRIER, carrier);
static OPTION_ATTR(DNS_CACHE, dns_cache);
static OPTION_ATTR(DNS_MAX, dns_max);
static OPTION_ATTR(DNS_TTL_MAX, dns_ttl_max);
static OPTION_ATTR(CONNTRACK, conntrack);
static OPTION_ATTR(CT_ZONE, ct_zone);

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

static int print_mac(struct vtap_port *port, const struct in6_addr *addr,
		     char *buf)
{
	struct vtap_mac mac;

	/* The table outlives every reader that saw the device registered. */
	if (READ_ONCE(port->dev->reg_state) != NETREG_REGISTERED ||
	    !vtap_neigh_mac(&port->neigh, addr, &mac))
		return 0;
	return sysfs_emit(buf, "%pM\n", mac.addr);
}

static ssize_t ipv4_gateway_mac_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	struct vtap_port *port = port_of(dev);
	struct in6_addr addr;
	__be32 gateway;
	int len = 0;

	rcu_read_lock();
	gateway = vtap_nexthop_gateway4(port);
	ipv6_addr_set_v4mapped(gateway, &addr);
	if (gateway)
		len = print_mac(port, &addr, buf);
	rcu_read_unlock();
	return len;
}
static DEVICE_ATTR_RO(ipv4_gateway_mac);

/* A file of what is known of IPv6. */
struct known6 {
	u64 now;
	struct vtap_router_state routers;
	struct vtap_lease6 lease;
};

static void read_lease6(struct vtap_port *port, struct vtap_lease6 *copy)
{
	const struct vtap_lease6 *lease;

	rcu_read_lock();
	lease = rcu_dereference(port->leases6.lease);
	if (lease)
		*copy = *lease;
	rcu_read_unlock();
}

/* @print fills the file in, one value behind a blank each. */
static ssize_t show_known6(struct device *dev, char *buf,
			   int (*print)(const struct known6 *known, char *buf))
{
	struct vtap_port *port = port_of(dev);
	struct known6 *known = kzalloc(sizeof(*known), GFP_KERNEL);
	int len;

	if (!known)
		return -ENOMEM;
	known->now = ktime_get_boottime_seconds();
	vtap_routers_read(&port->routers, known->now, &known->routers);
	read_lease6(port, &known->lease);
	len = print(known, buf);
	kfree(known);
	if (!len)
		return 0;
	buf[len - 1] = '\n';	/* was a blank */
	return len;
}

static int print_entries(const struct vtap_lease6_entry *entry, unsigned int n,
			 u64 now, char *buf)
{
	unsigned int i;
	int len = 0;

	for (i = 0; i < n; i++) {
		if (entry[i].expires > now)
			len += sysfs_emit_at(buf, len, "%pI6c/%u ",
					     &entry[i].addr, entry[i].len);
	}
	return len;
}

static int print_address6(const struct known6 *known, char *buf)
{
	return print_entries(known->lease.address, known->lease.addresses,
			     known->now, buf);
}

static int print_delegated6(const struct known6 *known, char *buf)
{
	return print_entries(known->lease.prefix, known->lease.prefixes,
			     known->now, buf);
}

static int print_prefix6(const struct known6 *known, char *buf)
{
	unsigned int i;
	int len = 0;

	for (i = 0; i < VTAP_ROUTER_PREFIXES; i++) {
		const struct vtap_router_prefix *p = &known->routers.prefix[i];

		if (p->expires > known->now)
			len += sysfs_emit_at(buf, len, "%pI6c/%u ", &p->addr,
					     p->len);
	}
	return len;
}

static int print_gateway6(const struct known6 *known, char *buf)
{
	if (ipv6_addr_any(&known->routers.best))
		return 0;
	return sysfs_emit_at(buf, 0, "%pI6c ", &known->routers.best);
}

static int print_routers6(const struct known6 *known, char *buf)
{
	unsigned int i;
	int len = 0;

	for (i = 0; i < VTAP_ROUTERS; i++) {
		const struct vtap_router *r = &known->routers.router[i];

		if (r->expires > known->now)
			len += sysfs_emit_at(buf, len, "%pI6c ", &r->addr);
	}
	return len;
}

/* Is this server among those that the routers told? */
static bool is_router_dns(const struct known6 *known,
			  const struct in6_addr *addr)
{
	unsigned int i;

	for (i = 0; i < VTAP_ROUTER_DNS; i++) {
		const struct vtap_router_dns *d = &known->routers.dns[i];

		if (d->expires > known->now && ipv6_addr_equal(&d->addr, addr))
			return true;
	}
	return false;
}

static int print_dns6(const struct known6 *known, char *buf)
{
	const struct vtap_lease6 *lease = &known->lease;
	unsigned int i;
	int len = 0;

	for (i = 0; i < VTAP_ROUTER_DNS; i++) {
		if (known->routers.dns[i].expires > known->now)
			len += sysfs_emit_at(buf, len, "%pI6c ",
					     &known->routers.dns[i].addr);
	}
	for (i = 0; i < lease->dns_count; i++) {
		if (!is_router_dns(known, &lease->dns[i]))
			len += sysfs_emit_at(buf, len, "%pI6c ",
					     &lease->dns[i]);
	}
	return len;
}

/* Is this domain among those that the routers told? */
static bool is_router_search(const struct known6 *known, const char *name)
{
	unsigned int i;

	for (i = 0; i < VTAP_ROUTER_SEARCH; i++) {
		const struct vtap_router_search *d = &known->routers.search[i];

		if (d->expires > known->now && !strcasecmp(d->name, name))
			return true;
	}
	return false;
}

static int print_search6(const struct known6 *known, char *buf)
{
	const struct vtap_lease6 *lease = &known->lease;
	unsigned int i;
	int len = 0;

	for (i = 0; i < VTAP_ROUTER_SEARCH; i++) {
		if (known->routers.search[i].expires > known->now)
			len += sysfs_emit_at(buf, len, "%s ",
					     known->routers.search[i].name);
	}
	for (i = 0; i < lease->search_count; i++) {
		if (!is_router_search(known, lease->search[i]))
			len += sysfs_emit_at(buf, len, "%s ", lease->search[i]);
	}
	return len;
}

/* The best router's word, or that of the best one that has one. */
static int print_mtu6(const struct known6 *known, char *buf)
{
	unsigned int i;

	for (i = 0; i < VTAP_ROUTERS; i++) {
		const struct vtap_router *r = &known->routers.router[i];

		if (r->expires > known->now && r->mtu)
			return sysfs_emit_at(buf, 0, "%u ", r->mtu);
	}
	return 0;
}

static void take_earlier(u64 *first, u64 expires, u64 now)
{
	if (expires > now && (!*first || expires < *first))
		*first = expires;
}

/* Until the first of the best router, the prefixes and the lease ends; in the
 * number that messages have for ever where none does.
 */
static int print_lifetime6(const struct known6 *known, char *buf)
{
	const struct vtap_lease6 *lease = &known->lease;
	u64 first = 0, now = known->now;
	unsigned int i;

	take_earlier(&first, known->routers.router[0].expires, now);
	for (i = 0; i < VTAP_ROUTER_PREFIXES; i++)
		take_earlier(&first, known->routers.prefix[i].expires, now);
	for (i = 0; i < lease->addresses; i++)
		take_earlier(&first, lease->address[i].expires, now);
	for (i = 0; i < lease->prefixes; i++)
		take_earlier(&first, lease->prefix[i].expires, now);
	return first ? sysfs_emit_at(buf, 0, "%llu ",
				     min_t(u64, first - now, U32_MAX)) : 0;
}

#define KNOWN6_ATTR(_name)						\
static ssize_t ipv6_##_name##_show(struct device *dev,			\
				   struct device_attribute *attr,	\
				   char *buf)				\
{									\
	return show_known6(dev, buf, print_##_name##6);			\
}									\
static DEVICE_ATTR_RO(ipv6_##_name)

KNOWN6_ATTR(address);
KNOWN6_ATTR(prefix);
KNOWN6_ATTR(delegated);
KNOWN6_ATTR(gateway);
KNOWN6_ATTR(routers);
KNOWN6_ATTR(dns);
KNOWN6_ATTR(search);
KNOWN6_ATTR(mtu);
KNOWN6_ATTR(lifetime);

static ssize_t ipv6_gateway_mac_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	struct vtap_port *port = port_of(dev);
	struct in6_addr gateway;
	int len = 0;

	local_bh_disable();
	rcu_read_lock();
	if (vtap_nexthop_gateway6(port, &gateway))
		len = print_mac(port, &gateway, buf);
	rcu_read_unlock();
	local_bh_enable();
	return len;
}
static DEVICE_ATTR_RO(ipv6_gateway_mac);

static struct attribute *vtap_attrs[] = {
	&option_trusted.attr.attr,
	&option_resolve.attr.attr,
	&option_announce.attr.attr,
	&option_defend.attr.attr,
	&option_learning.attr.attr,
	&option_gateway4.attr.attr,
	&option_gateway6.attr.attr,
	&option_neigh_max.attr.attr,
	&option_neigh_timeout.attr.attr,
	&option_reassembly.attr.attr,
	&option_frag_max.attr.attr,
	&option_frag_timeout.attr.attr,
	&option_vlan.attr.attr,
	&option_vlan_protocol.attr.attr,
	&option_mode.attr.attr,
	&option_dscp.attr.attr,
	&option_dscp_map.attr.attr,
	&option_vlan_qos.attr.attr,
	&option_gateway_probe.attr.attr,
	&option_carrier.attr.attr,
	&option_dns_cache.attr.attr,
	&option_dns_max.attr.attr,
	&option_dns_ttl_max.attr.attr,
	&option_conntrack.attr.attr,
	&option_ct_zone.attr.attr,
	&dev_attr_ethernet.attr,
	&dev_attr_ipv4_address.attr,
	&dev_attr_ipv4_gateway.attr,
	&dev_attr_ipv4_gateway_mac.attr,
	&dev_attr_ipv4_dns.attr,
	&dev_attr_ipv4_domain.attr,
	&dev_attr_ipv4_mtu.attr,
	&dev_attr_ipv4_server.attr,
	&dev_attr_ipv4_lease.attr,
	&dev_attr_ipv6_address.attr,
	&dev_attr_ipv6_prefix.attr,
	&dev_attr_ipv6_delegated.attr,
	&dev_attr_ipv6_gateway.attr,
	&dev_attr_ipv6_routers.attr,
	&dev_attr_ipv6_gateway_mac.attr,
	&dev_attr_ipv6_dns.attr,
	&dev_attr_ipv6_search.attr,
	&dev_attr_ipv6_mtu.attr,
	&dev_attr_ipv6_lifetime.attr,
	NULL,
};

const struct attribute_group vtap_sysfs_group = {
	.name = VTAP_KIND,
	.attrs = vtap_attrs,
};
