/** The cases of the contract for hosts; what each gave is recorded beside them, by the run itself. */
import type { DocumentName } from '../../documents/index.ts'
import type { Action, HostCase } from './contract.ts'

const point: DocumentName = 'Drydock-RestorePoint'
const install: DocumentName = 'Drydock-Install'
const verify: DocumentName = 'Drydock-Verify'
const rollback: DocumentName = 'Drydock-Rollback'
const precheck: DocumentName = 'Drydock-Precheck'
const cycle = (fixed: string, before: string): readonly Action[] => [
  { run: point, packages: fixed },
  { run: install, packages: fixed },
  { run: verify, packages: fixed },
  { run: rollback, packages: before },
]

/** What a repository, a manager and people do to an install. */
export const changeCases: readonly HostCase[] = [
  {
    id: 'plain',
    title: 'a package is patched, proven and rolled back',
    isCore: true,
    installed: ['demo-app=1.0'],
    steps: [{ run: precheck, packages: 'demo-app=1.1' }, ...cycle('demo-app=1.1', 'demo-app=1.0')],
    promises: [{ ok: true, step: 0 }, { ok: true, step: 2 }, { ok: true, step: 4 }, 'identical'],
  },
  {
    id: 'newer-stays',
    title: 'a host that has a newer version is left alone, and said to be newer',
    isCore: true,
    installed: ['demo-app=1.2'],
    steps: [
      { run: install, packages: 'demo-app=1.1' },
      { run: verify, packages: 'demo-app=1.1' },
    ],
    promises: [{ ok: true, step: 0 }, { ends: 'demo-app=1.2' }, 'identical'],
  },
  {
    id: 'conflict',
    title: 'an install that would remove what nobody named is refused',
    isCore: true,
    installed: ['demo-baz=1.0', 'demo-qux=1.0'],
    steps: [
      { run: precheck, packages: 'demo-baz=1.1' },
      { run: point, packages: 'demo-baz=1.1' },
      { run: install, packages: 'demo-baz=1.1' },
    ],
    promises: [{ ok: false, step: 0 }, { ok: false, step: 2 }, 'identical'],
  },
  {
    id: 'obsoletes',
    title: 'an install that would replace another package is refused',
    isCore: true,
    installed: ['demo-repl=1.0', 'demo-obs=1.0'],
    steps: [
      { run: point, packages: 'demo-repl=1.1' },
      { run: install, packages: 'demo-repl=1.1' },
    ],
    promises: [{ ok: false, step: 0 }, { ok: false, step: 1 }, 'identical'],
  },
  {
    id: 'lock-step',
    title: 'dependencies that came along go back too',
    isCore: true,
    installed: ['demo-bar=1.0', 'demo-libbar=1.0'],
    steps: cycle('demo-bar=1.1', 'demo-bar=1.0'),
    promises: [{ ok: true, step: 1 }, { ok: true, step: 3 }, 'identical'],
  },
  {
    id: 'new-dependency',
    title: 'a dependency that the change brought goes with it, and its configuration',
    isCore: true,
    installed: ['demo-dep=1.0'],
    steps: cycle('demo-dep=1.1', 'demo-dep=1.0'),
    promises: [{ ok: true, step: 1 }, { ok: true, step: 3 }, 'identical'],
  },
  {
    id: 'version-gone',
    title: 'the old version has left the repository, and the host has kept it',
    isCore: true,
    managers: ['apt'],
    installed: ['demo-app=1.0'],
    steps: [{ withdraw: ['demo-app=1.0'] }, ...cycle('demo-app=1.1', 'demo-app=1.0')],
    promises: [{ ok: true, step: 1 }, { ok: true, step: 2 }, { ok: true, step: 4 }, 'identical'],
  },
  {
    id: 'stale-lists',
    title: 'a version published after the lists were fetched is found',
    isCore: true,
    installed: ['demo-app=1.0'],
    unpublished: ['demo-app=1.1', 'demo-app=1.2'],
    steps: [{ publish: ['demo-app=1.1'] }, { run: install, packages: 'demo-app=1.1' }],
    promises: [{ ok: true, step: 1 }, { ends: 'demo-app=1.1' }],
  },
  {
    id: 'version-unknown',
    title: 'a version that no repository has is named so',
    isCore: true,
    installed: ['demo-app=1.0'],
    steps: [{ run: install, packages: 'demo-app=7.7' }],
    promises: [{ ok: false, step: 0 }, { reason: 'version-not-found', step: 0 }, 'identical'],
  },
  {
    id: 'dead-source',
    title: 'a dead third-party source keeps no fix from the host',
    isCore: true,
    installed: ['demo-app=1.0'],
    steps: [
      { fault: 'nothing', at: 'third' },
      { run: point, packages: 'demo-app=1.1' },
      { run: install, packages: 'demo-app=1.1' },
    ],
    promises: [{ ok: true, step: 1 }, { ok: true, step: 2 }, { ends: 'demo-app=1.1' }],
  },
  {
    id: 'mirror-down',
    title: 'a mirror that does not answer is a mirror error',
    isCore: true,
    installed: ['demo-app=1.0'],
    unpublished: ['demo-app=1.1'],
    steps: [{ publish: ['demo-app=1.1'] }, { fault: 'nothing' }, { run: install, packages: 'demo-app=1.1' }],
    promises: [{ reason: 'mirror-error', step: 2 }, 'identical'],
  },
  {
    id: 'files-missing',
    title: 'a mirror without the files is a mirror error',
    installed: ['demo-app=1.0'],
    steps: [{ fault: 'no-files' }, { run: install, packages: 'demo-app=1.1' }],
    promises: [{ reason: 'mirror-error', step: 1 }, 'identical'],
  },
  {
    id: 'files-corrupt',
    title: 'a changed file is a mirror error',
    installed: ['demo-app=1.0'],
    steps: [{ fault: 'corrupt' }, { run: install, packages: 'demo-app=1.1' }],
    promises: [{ reason: 'mirror-error', step: 1 }, 'identical'],
  },
  {
    id: 'held',
    title: 'a held package is found by the precheck and left by the install',
    isCore: true,
    managers: ['apt'],
    installed: ['demo-app=1.0'],
    steps: [
      { do: 'apt-mark hold demo-app' },
      { run: precheck, packages: 'demo-app=1.1' },
      { run: install, packages: 'demo-app=1.1' },
      { do: 'apt-mark unhold demo-app' },
    ],
    promises: [{ reason: 'package-held: demo-app', step: 1 }, { reason: 'package-held', step: 2 }, 'identical'],
  },
  {
    id: 'held-dependency',
    title: 'a hold on a dependency is found by the precheck',
    managers: ['apt'],
    installed: ['demo-bar=1.0', 'demo-libbar=1.0'],
    steps: [
      { do: 'apt-mark hold demo-libbar' },
      { run: precheck, packages: 'demo-bar=1.1' },
      { run: install, packages: 'demo-bar=1.1' },
      { do: 'apt-mark unhold demo-libbar' },
    ],
    promises: [{ reason: 'package-held: demo-libbar', step: 1 }, { ok: false, step: 2 }, 'identical'],
  },
  {
    id: 'script-fails',
    title: 'a package whose script fails is told, and goes back',
    isCore: true,
    managers: ['apt'],
    installed: ['demo-fail=1.0'],
    steps: [
      { run: point, packages: 'demo-fail=1.1' },
      { run: install, packages: 'demo-fail=1.1' },
      { run: rollback, packages: 'demo-fail=1.0' },
    ],
    promises: [{ reason: 'script-failed', step: 1 }, { ok: true, step: 2 }, 'identical'],
  },
  {
    id: 'killed',
    title: 'an install that was killed half-way is not begun again, and is rolled back',
    isCore: true,
    installed: ['demo-app=1.0', 'demo-slow=1.0'],
    steps: [
      { run: point, packages: 'demo-app=1.1 demo-slow=1.1' },
      { kill: install, packages: 'demo-app=1.1 demo-slow=1.1', once: '/run/demo-slow-began' },
      { run: install, packages: 'demo-app=1.1 demo-slow=1.1', intent: 'killed' },
      { run: rollback, packages: 'demo-app=1.0 demo-slow=1.0' },
    ],
    promises: [{ reason: 'interrupted', step: 2 }, { ok: true, step: 3 }, 'identical'],
  },
  {
    id: 'edited-configuration',
    title: 'configuration that somebody edited is kept, by install and rollback',
    isCore: true,
    installed: ['demo-app=1.0'],
    steps: [
      { do: 'echo mine >>/etc/demo/app.conf' },
      ...cycle('demo-app=1.1', 'demo-app=1.0'),
      { do: 'grep -q mine /etc/demo/app.conf && sed -i /mine/d /etc/demo/app.conf' },
    ],
    promises: [{ ok: true, step: 2 }, { ok: true, step: 4 }, 'identical'],
  },
  {
    id: 'second-delivery',
    title: 'a second delivery prints the first result and does nothing',
    isCore: true,
    installed: ['demo-app=1.0'],
    steps: [
      { run: install, packages: 'demo-app=1.1', intent: 'twice' },
      { run: install, packages: 'demo-app=1.1', intent: 'twice' },
    ],
    promises: [{ ok: true, step: 0 }, { ok: true, step: 1 }, { ends: 'demo-app=1.1' }],
  },
]
