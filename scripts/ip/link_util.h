/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINK_UTIL_H
#define _LINK_UTIL_H

#include <stdbool.h>
#include <stdio.h>
#include <stdnoreturn.h>
#include <linux/rtnetlink.h>

/* What ip has for its own kinds. No package brings its headers, so it stands
 * here: the struct has had these members since iproute2 4.11, the functions
 * these arguments since 4.17.
 */
struct link_util {
	struct link_util *next;
	const char *id;
	int maxattr;
	int (*parse_opt)(struct link_util *lu, int argc, char **argv,
			 struct nlmsghdr *n);
	void (*print_opt)(struct link_util *lu, FILE *f, struct rtattr *tb[]);
	void (*print_xstats)(struct link_util *lu, FILE *f,
			     struct rtattr *xstats);
	void (*print_help)(struct link_util *lu, int argc, char **argv,
			   FILE *f);
	int (*parse_ifla_xstats)(struct link_util *lu, int argc, char **argv);
	int (*print_ifla_xstats)(struct nlmsghdr *n, void *arg);
};

enum output_type { PRINT_FP = 1, PRINT_JSON = 2, PRINT_ANY = 4 };
enum color_attr { COLOR_NONE = 6 };

struct iplink_req;

int iplink_parse(int argc, char **argv, struct iplink_req *req, char **type);
int addattr_l(struct nlmsghdr *n, int maxlen, int type, const void *data,
	      int alen);
struct rtattr *addattr_nest(struct nlmsghdr *n, int maxlen, int type);
int addattr_nest_end(struct nlmsghdr *n, struct rtattr *nest);
noreturn void invarg(const char *msg, const char *arg);
noreturn void duparg(const char *key, const char *arg);
noreturn void incomplete_command(void);
int print_color_string(enum output_type type, enum color_attr color,
		       const char *key, const char *fmt, const char *value);
int print_color_uint(enum output_type type, enum color_attr color,
		     const char *key, const char *fmt, unsigned int value);
int print_color_bool(enum output_type type, enum color_attr color,
		     const char *key, const char *fmt, bool value);
void open_json_object(const char *key);
void close_json_object(void);
void open_json_array(enum output_type type, const char *key);
void close_json_array(enum output_type type, const char *delim);

#endif /* _LINK_UTIL_H */
