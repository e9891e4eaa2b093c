/** More cases of the contract for hosts: odd versions, full disks, other changes, many packages. */
import type { DocumentName } from '../../documents/index.ts'
import type { Action, HostCase } from './contract.ts'

const point: DocumentName = 'Drydock-RestorePoint'
const install: DocumentName = 'Drydock-Install'
const verify: DocumentName = 'Drydock-Verify'
const rollback: DocumentName = 'Drydock-Rollback'
const cycle = (fixed: string, before: string): readonly Action[] => [
  { run: point, packages: fixed },
  { run: install, packages: fixed },
  { run: verify, packages: fixed },
  { run: rollback, packages: before },
]

/** A program that stays, in the background of the host, with its process id where the case finds it. */
const stays = (python: string) =>
  `(setsid python3 -c "${python}" </dev/null >/dev/null 2>&1 & echo $! >/run/holder); for i in $(seq 100); do [ ! -e /run/holding ] || break; sleep 0.1; done; mkdir -p /root/proc; ln -s /proc/$(cat /run/holder) /root/proc/`
const holdOpen = stays(
  "import mmap,time; f=open('/usr/share/demo/app','rb'); m=mmap.mmap(f.fileno(),0,prot=mmap.PROT_READ|mmap.PROT_EXEC); open('/run/holding','w'); time.sleep(600)",
)
const holdLocks = stays(
  "import fcntl,os,time; fs=[open(p,'a') for p in ('/var/lib/dpkg/lock-frontend','/var/lib/rpm/.rpm.lock') if os.path.exists(os.path.dirname(p))]; [fcntl.lockf(f,fcntl.LOCK_EX) for f in fs]; open('/run/holding','w'); time.sleep(600)",
)

/** What a host's own state does to an install. */
export const stateCases: readonly HostCase[] = [
  {
    id: 'absent',
    title: 'a package that is not on the host is not put on it',
    managers: ['apt', 'zypper'],
    installed: ['demo-app=1.0'],
    steps: [{ run: install, packages: 'demo-app=1.1 demo-epoch=1:1.1' }],
    promises: [{ ok: true, step: 0 }, { ends: 'demo-app=1.1' }],
  },
  {
    id: 'epoch',
    title: 'epochs and tildes go there and back',
    isCore: true,
    installed: ['demo-epoch=1:1.0', 'demo-tilde=1.1~rc1'],
    steps: cycle('demo-epoch=1:1.1 demo-tilde=1.1', 'demo-epoch=1:1.0 demo-tilde=1.1~rc1'),
    promises: [{ ok: true, step: 1 }, { ok: true, step: 3 }, 'identical'],
  },
  {
    id: 'caret-and-plus',
    title: 'carets, pluses and dots go there and back',
    managers: ['zypper'],
    installed: ['demo-caret=1.1', 'demo-plus.x=1.0+git1'],
    steps: cycle('demo-caret=1.1^20261101git demo-plus.x=1.0+git2', 'demo-caret=1.1 demo-plus.x=1.0+git1'),
    promises: [{ ok: true, step: 1 }, { ok: true, step: 3 }, 'identical'],
  },
  {
    id: 'two-architectures',
    title: 'both architectures of a library go there and back in lock step',
    managers: ['apt'],
    installed: ['demo-malib=1.0', 'demo-malib:i386=1.0'],
    steps: cycle('demo-malib=1.1', 'demo-malib=1.0'),
    promises: [{ ok: true, step: 1 }, { ok: true, step: 3 }, 'identical'],
  },
  {
    id: 'replaced-in-use',
    title: 'a process that runs replaced files is told by the verify',
    isCore: true,
    installed: ['demo-app=1.0'],
    steps: [
      { do: holdOpen },
      { run: install, packages: 'demo-app=1.1' },
      { run: verify, packages: 'demo-app=1.1' },
      { do: 'kill $(cat /run/holder)' },
      { run: verify, packages: 'demo-app=1.1' },
    ],
    promises: [
      { step: 2, told: { staleServices: ['python3'] } },
      { step: 4, told: { staleServices: [] } },
      { ends: 'demo-app=1.1' },
    ],
  },
  {
    id: 'locked',
    title: 'another program at work is waited for, then named',
    managers: ['apt', 'zypper'],
    installed: ['demo-app=1.0'],
    steps: [
      { do: holdLocks },
      { run: install, packages: 'demo-app=1.1' },
      { do: 'kill $(cat /run/holder)' },
      { run: install, packages: 'demo-app=1.1', intent: 'again' },
    ],
    promises: [{ reason: 'package-manager-locked', step: 1 }, { ok: true, step: 3 }, { ends: 'demo-app=1.1' }],
  },
  {
    id: 'usr-full',
    title: 'a full file system is named, and the old version stays',
    isCore: true,
    managers: ['apt', 'dnf'],
    installed: ['demo-big=1.0'],
    steps: [
      { do: 'mkdir -p /usr/share/big && mount -t tmpfs -o size=5m tmpfs /usr/share/big' },
      { run: install, packages: 'demo-big=1.1' },
      { do: 'umount /usr/share/big; rmdir /usr/share/big' },
    ],
    promises: [{ reason: 'disk-full', step: 1 }, 'identical'],
  },
  {
    id: 'state-full',
    title: 'nothing is changed when the intent cannot be noted',
    isCore: true,
    managers: ['apt', 'zypper'],
    installed: ['demo-app=1.0'],
    steps: [
      {
        do: 'mkdir -p /var/lib/drydock && mount -t tmpfs -o size=64k tmpfs /var/lib/drydock && dd if=/dev/zero of=/var/lib/drydock/full bs=1k 2>/dev/null || true',
      },
      { run: install, packages: 'demo-app=1.1' },
    ],
    promises: [{ ok: false, step: 1 }, 'identical'],
  },
  {
    id: 'tmp-full',
    title: 'a full /tmp keeps nothing from being patched',
    managers: ['apt'],
    installed: ['demo-app=1.0'],
    steps: [
      { do: 'mount -t tmpfs -o size=4k tmpfs /tmp && dd if=/dev/zero of=/tmp/full bs=1k 2>/dev/null || true' },
      { run: install, packages: 'demo-app=1.1' },
    ],
    promises: [{ ends: 'demo-app=1.1' }],
  },
  {
    id: 'floor',
    title: 'a rollback does not go below what another change has proven',
    isCore: true,
    managers: ['apt', 'zypper'],
    installed: ['demo-app=1.0'],
    steps: [
      { run: point, packages: 'demo-app=1.2' },
      { run: point, packages: 'demo-app=1.1', change: 'other' },
      { run: install, packages: 'demo-app=1.1', change: 'other' },
      { run: verify, packages: 'demo-app=1.1', change: 'other' },
      { run: install, packages: 'demo-app=1.2' },
      { run: rollback, packages: 'demo-app=1.0' },
    ],
    promises: [{ ok: true, step: 4 }, { ends: 'demo-app=1.2' }],
  },
]
