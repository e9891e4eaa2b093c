/** Cases of the contract for kernels: added beside the old one, proven by a boot, returned by booting the old one. */
import type { DocumentName } from '../../documents/index.ts'
import type { HostCase } from './contract.ts'

const point: DocumentName = 'Drydock-RestorePoint'
const install: DocumentName = 'Drydock-Install'
const verify: DocumentName = 'Drydock-Verify'
const rollback: DocumentName = 'Drydock-Rollback'
const precheck: DocumentName = 'Drydock-Precheck'
const runs = (kernel: string) => ({ do: `echo ${kernel} >/root/running-kernel` }) as const
/** What the boot loader of the root would boot. */
const boot = { do: 'demo-boot' } as const

const ga = '4.18.0-553.el8_10'
const zStream = '4.18.0-553.5.1.el8_10'

/** What kernels do to a change. */
export const kernelCases: readonly HostCase[] = [
  {
    id: 'kernel-order',
    title: 'without a boot loader to ask, the newest of the running flavour in the order of RPM is next',
    managers: ['dnf'],
    installed: [`kernel-core=${ga}`, 'kernel-rt-core=4.18.0-553.9.1.rt7.el8_10'],
    steps: [
      { do: 'rm /usr/local/bin/grubby' },
      runs(`${zStream}.x86_64`),
      { run: install, packages: `kernel-core=${zStream}` },
      { run: verify, packages: `kernel-core=${zStream}` },
    ],
    promises: [
      { ok: true, step: 2 },
      { step: 3, told: { rebootPending: false, installedKernel: `${zStream}.x86_64` } },
    ],
  },
  {
    id: 'kernel-debian',
    title: 'a kernel of Debian comes by its meta package, is booted and proven, and the old one boots again',
    isCore: true,
    managers: ['apt'],
    installed: ['linux-image-amd64=6.1.90-1'],
    steps: [
      runs('6.1.0-21-amd64'),
      { run: precheck, packages: 'linux-image-amd64=6.1.140-1' },
      { run: point, packages: 'linux-image-amd64=6.1.140-1' },
      { run: install, packages: 'linux-image-amd64=6.1.140-1' },
      { run: verify, packages: 'linux-image-amd64=6.1.140-1' },
      boot,
      { run: verify, packages: 'linux-image-amd64=6.1.140-1' },
      { run: rollback, packages: 'linux-image-amd64=6.1.90-1' },
      boot,
      { run: verify, packages: 'linux-image-amd64=6.1.90-1' },
    ],
    promises: [
      { step: 2, told: { ok: true, rung: 'previous-kernel', available: { 'linux-image-amd64': true } } },
      { step: 4, told: { rebootPending: true, installedKernel: '6.1.0-37-amd64' } },
      { step: 6, told: { rebootPending: false, runningKernel: '6.1.0-37-amd64' } },
      { step: 9, told: { rebootPending: false, runningKernel: '6.1.0-21-amd64' } },
    ],
  },
  {
    id: 'kernel-flavour-debian',
    title: 'a kernel of another flavour that sorts higher is no pending reboot',
    managers: ['apt'],
    installed: ['linux-image-amd64=6.1.90-1', 'linux-image-6.1.0-99-cloud-amd64=6.1.90', 'demo-app=1.0'],
    steps: [runs('6.1.0-21-amd64'), { run: precheck, packages: 'demo-app=1.1' }],
    promises: [{ step: 1, told: { ok: true, rebootPending: false, installedKernel: '6.1.0-21-amd64' } }],
  },
]
