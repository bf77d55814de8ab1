// SPDX-License-Identifier: GPL-2.0
/* The module virtualtap_conntrack: connections are tracked by nf_conntrack. */

#include <linux/module.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "conntrack.h"
#include "device.h"

/**
 * struct nf_tracker - a tracker
 * @tracker: as the host end knows it
 * @templates: tell nf_conntrack the zone. Every packet takes a reference: each
 *	CPU has its own to take it of
 */
struct nf_tracker {
	struct vtap_ct_tracker tracker;
	struct nf_conn * __percpu *templates;
};

static struct nf_tracker *nf_tracker_of(struct vtap_ct_tracker *tracker)
{
	return container_of(tracker, struct nf_tracker, tracker);
}

static void free_tracker(struct nf_tracker *nf)
{
	int cpu;

	for_each_possible_cpu(cpu)
		nf_ct_put(*per_cpu_ptr(nf->templates, cpu));
	free_percpu(nf->templates);
	kfree(nf);
}

static bool create_templates(struct nf_tracker *nf, struct net *net, u16 id)
{
	struct nf_conntrack_zone zone;
	int cpu;

	nf_ct_zone_init(&zone, id, NF_CT_DEFAULT_ZONE_DIR, 0);
	for_each_possible_cpu(cpu) {
		struct nf_conn *template = nf_ct_tmpl_alloc(net, &zone,
							    GFP_KERNEL_ACCOUNT);

		if (!template)
			return false;
		*per_cpu_ptr(nf->templates, cpu) = template;
	}
	return true;
}

/* No hooks are asked for (nf_ct_netns_get()): they would have the host's own
 * packets tracked.
 */
static struct vtap_ct_tracker *create(struct net *net, u16 id)
{
	struct nf_tracker *nf = kzalloc(sizeof(*nf), GFP_KERNEL_ACCOUNT);

	if (!nf)
		return NULL;
	nf->templates = alloc_percpu_gfp(struct nf_conn *, GFP_KERNEL_ACCOUNT);
	if (!nf->templates) {
		kfree(nf);
		return NULL;
	}
	if (!create_templates(nf, net, id)) {
		free_tracker(nf);
		return NULL;
	}
	return &nf->tracker;
}

static int is_in_zone(struct nf_conn *ct, void *zone)
{
	return nf_ct_zone(ct)->id == *(u16 *)zone;
}

static void destroy(struct vtap_ct_tracker *tracker)
{
	struct nf_ct_iter_data iter = {
		.net = tracker->net, .data = &tracker->zone,
	};

	nf_ct_iterate_cleanup_net(is_in_zone, &iter);
	free_tracker(nf_tracker_of(tracker));
}

/* What is invalid has no connection, nor has what found the table full. NDP and
 * MLD are marked as not to be tracked.
 */
static enum vtap_stat judge(struct sk_buff *skb)
{
	enum ip_conntrack_info info;

	if (!nf_ct_get(skb, &info))
		return info == IP_CT_UNTRACKED ? VTAP_STAT_CT_UNTRACKED :
						 VTAP_STAT_CT_INVALID;
	/* There is nobody behind us who could drop the packet. */
	return nf_conntrack_confirm(skb) == NF_ACCEPT ? VTAP_STAT_CT_TRACKED :
							VTAP_STAT_CT_INVALID;
}

static enum vtap_stat track(struct vtap_ct_tracker *tracker,
			    struct sk_buff *skb, u8 family, bool rx)
{
	struct nf_conn *template = *this_cpu_ptr(nf_tracker_of(tracker)->templates);
	/* On receipt checksums are looked at, unless they were already. */
	const struct nf_hook_state state = {
		.hook = rx ? NF_INET_PRE_ROUTING : NF_INET_POST_ROUTING,
		.pf = family,
		.net = tracker->net,
	};

	nf_conntrack_get(&template->ct_general);
	nf_ct_set(skb, template, IP_CT_NEW);
	if (nf_conntrack_in(skb, &state) != NF_ACCEPT)
		return VTAP_STAT_CT_INVALID;
	return judge(skb);
}

static const struct vtap_ct_ops nf_ops = {
	.owner		= THIS_MODULE,
	.create		= create,
	.destroy	= destroy,
	.track		= track,
};

static int __init vtap_ct_nf_init(void)
{
	/* nf_conntrack's protocols are numbered by their families. */
	BUILD_BUG_ON(AF_INET != NFPROTO_IPV4 || AF_INET6 != NFPROTO_IPV6);

	return vtap_ct_register(&nf_ops);
}
module_init(vtap_ct_nf_init);

static void __exit vtap_ct_nf_exit(void)
{
	vtap_ct_unregister(&nf_ops);
}
module_exit(vtap_ct_nf_exit);

MODULE_DESCRIPTION("Connection tracking for virtualtap");
MODULE_AUTHOR("The virtualtap developers");
MODULE_VERSION(VTAP_VERSION);
MODULE_LICENSE("GPL");
