/** What differs between the real hosts of apt, dnf and zypper. */
import type { Manager } from './contract.ts'
import { buildDebs, debIndex } from './deb.ts'
import { modulesYaml } from './modules.ts'
import type { PackageSpec } from './packages.ts'
import { buildRpms, rpmIndex } from './rpm.ts'
import type { Root } from './world.ts'

/** A package manager and what a host of it is made of. */
export interface ManagerSetup {
  readonly manager: Manager
  /** Debian packages over this machine's own. */
  readonly layer: readonly string[]
  /** Shell program that makes the root a host of this manager. */
  readonly prepare: string
  /** Builds packages into a directory, which `root` sees as /srv/build. */
  build(root: Root, directory: string, specs: readonly PackageSpec[]): Promise<void>
  index(directory: string, specs: readonly PackageSpec[]): Readonly<Record<string, string>>
  /** Files that name the host's two repositories. */
  sources(main: string, third: string): Readonly<Record<string, string>>
  /** Shell program that puts `name=version` items on the host. */
  begin(items: readonly string[]): string
  /** Shell program that lists `name architecture version ` of all packages. */
  readonly packagesNow: string
}

const osRelease = (text: string) => `rm -f /etc/os-release; printf '%s\\n' ${text} >/etc/os-release\n`
/** What boots next, booted: kernel and boot id of the root change. */
const bootProgram = (next: string) => `cat >/usr/local/bin/demo-boot <<'END'
#!/bin/sh
${next} >/root/running-kernel
echo "boot-$(date +%s%N)" >/root/boot-id
END
chmod 755 /usr/local/bin/demo-boot
`
/** Debian keeps RPM's database at home; and what a host of its own has beside it. */
const rpmHost = `mkdir -p /etc/rpm; printf '%%_dbpath /var/lib/rpm\\n' >/etc/rpm/macros; mkdir -p /var/lib/rpm; rpm --initdb; rm -rf /etc/yum.repos.d/* /root/.rpmdb
cat >/usr/bin/demo-default-kernel <<'END'
#!/bin/sh
echo "$1" >/boot/default
END
cat >/usr/local/bin/grubby <<'END'
#!/bin/sh
case "$1" in --default-kernel) cat /boot/default ;; --set-default) echo "$2" >/boot/default ;; *) exit 1 ;; esac
END
chmod 755 /usr/bin/demo-default-kernel; chmod 755 /usr/local/bin/grubby; rm -f /boot/*
${bootProgram("sed 's/.*vmlinuz-//' /boot/default")}`
const rpmsNow = `rpm -qa --qf '%{NAME} %{ARCH} %{EPOCHNUM}:%{VERSION}-%{RELEASE} \\n' | sed 's/ 0:/ /' | sort`
/** The items as RPM writes them, with what any system has. */
const asRpm = (items: readonly string[]) => ['demo-system', ...items.map((item) => item.replace('=', '-'))].join(' ')
const repository = (name: string, url: string) =>
  `[${name}]\nname=${name}\nbaseurl=${url}\nenabled=1\ngpgcheck=0\nautorefresh=0\n`

const apt: ManagerSetup = {
  manager: 'apt',
  layer: [],
  prepare: `rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/*proxy* /var/lib/apt/lists/*
mkdir -p /var/lib/apt/lists/partial; rm -rf /boot/*; dpkg --add-architecture i386
cat >/usr/sbin/update-grub <<'END'
#!/bin/sh
mkdir -p /boot/grub
{ echo "menuentry 'gnulinux-advanced-demo'"
for one in $(ls /boot/vmlinuz-* | sed 's/.*vmlinuz-//' | sort -rV); do echo "menuentry 'gnulinux-$one-advanced-demo'"; done; } >/boot/grub/grub.cfg
END
chmod 755 /usr/sbin/update-grub
${bootProgram(`{ sed -nE 's/.*gnulinux-(.*)-advanced-demo"$/\\1/p' /etc/default/grub.d/zz-drydock.cfg 2>/dev/null; ls /boot/vmlinuz-* | sed 's/.*vmlinuz-//' | sort -rV; } | head -n 1`)}`,
  build: async (_, directory, specs) => await buildDebs(directory, specs),
  index: debIndex,
  sources: (main, third) => ({
    '/etc/apt/sources.list': `deb [trusted=yes] ${main} ./\ndeb [trusted=yes] ${third} ./\n`,
  }),
  begin: (items) =>
    `apt-get -qq update && apt-get -qq -y --allow-downgrades install ${items.join(' ')} >/dev/null 2>&1 && rm -f /var/cache/apt/archives/*.deb`,
  packagesNow: `dpkg-query -W -f='\${Package} \${Architecture} \${Version} \${db:Status-Abbrev}\\n'`,
}

const dnf: ManagerSetup = {
  manager: 'dnf',
  layer: ['dnf', 'dnf-plugins-core', 'rpm', 'createrepo-c'],
  prepare: `${rpmHost}${osRelease(`ID=rocky 'ID_LIKE="rhel centos fedora"' VERSION_ID=9.4 'PLATFORM_ID="platform:el9"'`)}
printf '%s\\n' '[main]' gpgcheck=1 installonly_limit=3 clean_requirements_on_remove=True best=True skip_if_unavailable=False >/etc/dnf/dnf.conf
printf '[main]\\nenabled=0\\n' >/etc/dnf/plugins/local.conf; mkdir -p /etc/dnf/vars; echo 9 >/etc/dnf/vars/releasever
`,
  build: buildRpms,
  index: (directory, specs) => rpmIndex(directory, specs, modulesYaml),
  sources: (main, third) => ({
    '/etc/yum.repos.d/demo.repo': `${repository('demo', main)}${repository('third', third)}`,
  }),
  begin: (items) =>
    `dnf -q -y --setopt=keepcache=False install ${asRpm(items)} >/run/log 2>&1 || { cat /run/log >&2; exit 1; }; dnf -q -y mark install ${items.map((one) => one.split('=')[0]).join(' ')} >/dev/null 2>&1 || true`,
  packagesNow: rpmsNow,
}

const zypper: ManagerSetup = {
  manager: 'zypper',
  layer: ['zypper', 'rpm', 'createrepo-c'],
  prepare: `${rpmHost}${osRelease(`ID=sles ID_LIKE=suse VERSION_ID=15.5`)}
mkdir -p /etc/zypp/repos.d; printf '%s\\n' '[main]' 'multiversion = provides:multiversion(kernel)' >/etc/zypp/zypp.conf
`,
  build: buildRpms,
  index: (directory, specs) => rpmIndex(directory, specs),
  sources: (main, third) => ({
    '/etc/zypp/repos.d/demo.repo': repository('demo', main),
    '/etc/zypp/repos.d/third.repo': repository('third', third),
  }),
  begin: (items) =>
    `zypper --quiet --non-interactive refresh >/run/log 2>&1 && zypper --quiet --non-interactive install --no-recommends --oldpackage ${asRpm(items)} >>/run/log 2>&1 || { cat /run/log >&2; exit 1; }`,
  packagesNow: rpmsNow,
}

/** The setups by manager. */
export const managerSetups: Readonly<Record<Manager, ManagerSetup>> = { apt, dnf, zypper }
