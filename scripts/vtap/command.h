/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMMAND_H
#define _VTAP_COMMAND_H

/* The commands, each in the file of its name. They get the words behind their
 * own name, which is argv[-1], with a NULL at the end, and return an exit status.
 */
int vtap_add(int argc, char **argv);
int vtap_show(int argc, char **argv);
int vtap_neigh(int argc, char **argv);
int vtap_dns(int argc, char **argv);
int vtap_announce(int argc, char **argv);
int vtap_monitor(int argc, char **argv);
int vtap_up(int argc, char **argv);
int vtap_down(int argc, char **argv);
int vtap_check(int argc, char **argv);

#endif /* _VTAP_COMMAND_H */
