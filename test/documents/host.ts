/** A host in a temporary directory: our scripts run for real, on stubs of the package managers. */
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DocumentName, documentScript } from '../../documents/index.ts'

/** Programs of the base system that the scripts may use; nothing else is on their PATH. */
const tools =
  'awk base64 bash cat chmod cp cut df env find flock grep gzip head kill mkdir mktemp mv nproc printf rm sed sha256sum sleep sort stat tail tar touch tr uname wc'.split(
    ' ',
  )
const toolPlaces = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']

export type Manager = 'apt' | 'dnf' | 'yum' | 'zypper' | 'none'

const shared = `#!/usr/bin/env bash
printf '%s\\n' "\${0##*/} $*" >>"$STUB/calls"
put() { printf '%s' "$2" >"$STUB/db/$1"; }
fail() { if [ -s "$STUB/fail-$1" ]; then cat "$STUB/fail-$1"; exit "$(cat "$STUB/fail-code" 2>/dev/null || echo 100)"; fi; }
slow() { if [ -e "$STUB/slow" ]; then sleep "$(cat "$STUB/slow")"; fi; }
`
/** \`name=version\` items, or with \`-\` between for dnf, go into the stub's database. */
const putItems = `for item in "$@"; do
  case "$item" in
    -* | *::* | install | update) ;;
    *=*) put "\${item%%=*}" "\${item#*=}" ;;
    *) for name in "$STUB"/db/*; do name=\${name##*/}; case "$item" in "$name"-*) put "$name" "\${item#"$name"-}" ;; esac; done ;;
  esac
done
`
const installer = `${shared}case " $* " in
  *" update "*) fail update ;;
  *) fail install; slow; [ -e "$STUB/lie" ] || { ${putItems} } ;;
esac
exit 0
`
const rpmQuery = `${shared}name=\${@: -1}
case "$1" in
  -qa) for file in "$STUB"/db/*; do echo "\${file##*/}-$(cat "$file")"; done ;;
  -qc) cat "$STUB/conf-$name" 2>/dev/null ;;
  *) if [ -e "$STUB/db/$name" ]; then case "$(cat "$STUB/db/$name")" in *:*) cat "$STUB/db/$name" ;; *) printf '0:'; cat "$STUB/db/$name" ;; esac; echo; else echo "package $name is not installed"; exit 1; fi ;;
esac
`
const repository = `${shared}name=\${@: -1}; cat "$STUB/repo-$name" 2>/dev/null\n`

const stubs: Readonly<Record<Manager, Readonly<Record<string, string>>>> = {
  apt: {
    'apt-get': installer,
    'apt-mark': `${shared}cat "$STUB/holds" 2>/dev/null; exit 0\n`,
    'apt-cache': `${shared}name=$2; while IFS= read -r v; do echo " $name | $v | http://mirror jammy/main"; done <"$STUB/repo-$name"\n`,
    'dpkg-query': `${shared}name=\${@: -1}
case "$*" in
  *Conffiles*) cat "$STUB/conf-$name" 2>/dev/null ;;
  -W) for file in "$STUB"/db/*; do echo "\${file##*/} $(cat "$file")"; done ;;
  *) [ -e "$STUB/db/$name" ] || exit 1; echo "installed $(cat "$STUB/db/$name")" ;;
esac
`,
  },
  dnf: {
    dnf: `${shared}case "$*" in *repoquery*) name=\${@: -1}; cat "$STUB/repo-$name" 2>/dev/null; exit 0 ;; esac\n${installer.slice(shared.length)}`,
    rpm: rpmQuery,
  },
  yum: { yum: installer, rpm: rpmQuery, repoquery: repository },
  zypper: {
    zypper: `${shared}case "$*" in
  *needs-rebooting*) exit "$(cat "$STUB/needs-rebooting" 2>/dev/null || echo 0)" ;;
  *search*) name=\${@: -1}; while IFS= read -r v; do echo "v | $name | package | $v | x86_64 | Updates"; done <"$STUB/repo-$name"; echo "i | $name | package | $(cat "$STUB/db/$name") | x86_64 | (System Packages)"; exit 0 ;;
esac
${installer.slice(shared.length)}`,
    rpm: rpmQuery,
  },
  none: {},
}

export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The first line of standard output parsed; throws when more follows than an archive. */
  result(): Record<string, unknown>
}

export interface Parameters {
  readonly changeId?: string
  readonly intentId?: string
  readonly packages?: string
}

function resultIn(stdout: string): Record<string, unknown> {
  const [first = '', ...rest] = stdout.split('\n')
  const more = rest.join('\n').trim()
  if (more !== '' && !/^-----BEGIN DRYDOCK ARCHIVE-----\n[^-]*\n-----END DRYDOCK ARCHIVE-----$/.test(more))
    throw new Error(`more than a result: ${more.slice(0, 200)}`)
  return JSON.parse(first)
}

export const anyChangeId = '01J0000000000000000000CHNG'
let intents = 0
export const nextIntentId = () => `01J0000000${String(intents++).padStart(16, '0')}`

export class Host {
  readonly directory = mkdtempSync(join(tmpdir(), 'drydock-host-'))

  constructor(manager: Manager, packages: Readonly<Record<string, string>> = {}) {
    for (const part of ['bin', 'db', 'run', 'boot', 'log', 'lib/dpkg', 'lib/apt/lists', 'lib/rpm'])
      mkdirSync(join(this.directory, part), { recursive: true })
    for (const tool of tools) {
      const place = toolPlaces.find((one) => existsSync(join(one, tool)))
      if (place) symlinkSync(join(place, tool), join(this.directory, 'bin', tool))
    }
    for (const [name, text] of Object.entries(stubs[manager])) this.program(name, text)
    this.program('systemctl', `${shared}cat "$STUB/failed-units" 2>/dev/null; exit 0\n`)
    this.program('amazon-ssm-agent', 'echo "SSM Agent version: 3.3.2746.0"\n')
    this.program('uname', 'case "$1" in -r) echo 6.8.0-1015-aws ;; *) echo Linux host 6.8.0-1015-aws ;; esac\n')
    this.write('boot/vmlinuz-6.8.0-1015-aws', '')
    this.write('boot-id', 'boot-1')
    this.write('locks', '')
    this.write('load', '0.20 0.10 0.05 1/100 1')
    for (const [name, version] of Object.entries(packages)) {
      this.write(`db/${name}`, version)
      this.write(`repo-${name}`, `${version}\n`)
    }
  }

  program(name: string, text: string) {
    const path = join(this.directory, 'bin', name)
    rmSync(path, { force: true })
    writeFileSync(path, text.startsWith('#!') ? text : `#!/usr/bin/env bash\n${text}`, { mode: 0o755 })
  }

  write(path: string, text: string) {
    writeFileSync(join(this.directory, path), text)
  }

  read(path: string) {
    return readFileSync(join(this.directory, path), 'utf8')
  }

  calls() {
    return existsSync(join(this.directory, 'calls')) ? this.read('calls').trim().split('\n') : []
  }

  installed(name: string) {
    return existsSync(join(this.directory, 'db', name)) ? this.read(`db/${name}`) : undefined
  }

  files(path: string) {
    return readdirSync(join(this.directory, path))
  }

  /** Runs the document as the agent would: parameters as environment variables, the script as a file. */
  run(name: DocumentName, { changeId = anyChangeId, intentId = nextIntentId(), packages = '' }: Parameters = {}) {
    return this.runWith(name, { SSM_changeId: changeId, SSM_intentId: intentId, SSM_packages: packages })
  }

  runWith(name: DocumentName, environment: Readonly<Record<string, string>>): Promise<Run> {
    const file = join(this.directory, `${name}.sh`)
    writeFileSync(file, documentScript(name))
    const own = (path: string) => join(this.directory, path)
    const child = spawn(own('bin/bash'), [file], {
      env: {
        PATH: own('bin'),
        STUB: this.directory,
        DRYDOCK_STATE_DIRECTORY: own('state'),
        DRYDOCK_BOOT_ID_FILE: own('boot-id'),
        DRYDOCK_RUN_DIRECTORY: own('run'),
        DRYDOCK_BOOT_DIRECTORY: own('boot'),
        DRYDOCK_LOCKS_FILE: own('locks'),
        DRYDOCK_PACKAGE_DIRECTORY: own('lib'),
        DRYDOCK_LOG_DIRECTORY: own('log'),
        DRYDOCK_LOAD_FILE: own('load'),
        DRYDOCK_DISK: '/',
        DRYDOCK_LOCK_SECONDS: '20',
        ...environment,
      },
    })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    return new Promise((done) =>
      child.once('close', (code) => done({ code, stdout, stderr, result: () => resultIn(stdout) })),
    )
  }

  remove() {
    rmSync(this.directory, { recursive: true, force: true })
  }
}
