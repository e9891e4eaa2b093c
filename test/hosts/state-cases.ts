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

/** What a host's own state does to an install. */
export const stateCases: readonly HostCase[] = [
  {
    id: 'absent',
    title: 'a package that is not on the host is not put on it',
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
    id: 'usr-full',
    title: 'a full file system is named, and the old version stays',
    isCore: true,
    managers: ['apt'],
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
