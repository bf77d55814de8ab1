# SPDX-License-Identifier: GPL-2.0
# The module's own makefile is Kbuild; this one is for people.

# The kernel to build for: KVER is a release with installed headers, KDIR the
# directory of any others.
KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
# Headers that can describe the module's types (6.12) want pahole for it.
KBUILD = $(MAKE) -C "$(KDIR)" M="$(CURDIR)" \
	$(if $(shell command -v pahole),,CONFIG_DEBUG_INFO_BTF_MODULES=)

all: headers
	$(KBUILD) modules

# Under INSTALL_MOD_PATH, if given. Debian's kernels trust unsigned modules.
install: all
	$(KBUILD) modules_install
	depmod $(if $(INSTALL_MOD_PATH),-b "$(INSTALL_MOD_PATH)") \
		"$$(cat "$(KDIR)/include/config/kernel.release")"

clean: headers
	$(KBUILD) clean

headers:
	@[ -e "$(KDIR)/Makefile" ] || { \
		echo "No kernel headers in $(KDIR): apt install linux-headers-$(KVER), or give KVER= or KDIR=." >&2; \
		exit 1; }

check:
	scripts/test --only check

kunit:
	scripts/test --only kunit

test:
	scripts/test

demo:
	scripts/demo

help:
	@echo 'make          build virtualtap.ko for the running kernel'
	@echo 'make KVER=... for another one whose headers are installed'
	@echo 'make KDIR=... for headers anywhere'
	@echo 'make install  install it, so that ip link add ... type virtualtap loads it'
	@echo 'make clean    remove what was built'
	@echo 'make check    style, compiler warnings, sparse, shell scripts'
	@echo 'make kunit    unit tests, in User Mode Linux'
	@echo 'make test     all tests: the above, and a system on emulated Debian kernels'
	@echo 'make demo     SoftEther, a lease and a transfer, on an emulated Debian kernel'

.PHONY: all install clean headers check kunit test demo help
