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
  'awk base64 bash cat chmod comm cp cut df env find flock grep gzip head kill mkdir mktemp mv nproc printf rm sed sha256sum sleep sort stat tail tar touch tr uname uniq wc xargs'.split(
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
    *.deb) name=\${item##*/} version=$(cat "$item"); put "\${name%%_*}" "$version" ;;
    *:amd64=*) put "\${item%%:*}" "\${item#*=}" ;;
    *=*) put "\${item%%=*}" "\${item#*=}" ;;
    *.x86_64) item=\${item%.x86_64}; for name in "$STUB"/db/*; do name=\${name##*/}; case "$item" in "$name"-*) put "$name" "\${item#"$name"-}" ;; esac; done ;;
    *) for name in "$STUB"/db/*; do name=\${name##*/}; case "$item" in "$name"-*) put "$name" "\${item#"$name"-}" ;; esac; done ;;
  esac
done
`
/** What a simulation, a table or a download says: nothing would be removed, every file is there. */
const installer = `${shared}case " $* " in
  *" -s "*) for item in "$@"; do case "$item" in -* | *::*) ;; *=*) if [ -e "$STUB/db/\${item%%=*}" ]; then echo "Inst \${item%%=*} [$(cat "$STUB/db/\${item%%=*}")] (\${item#*=} stub [amd64])"; fi ;; esac; done; exit 0 ;;
  *" --assumeno "* | *" --dry-run "*)
    echo 'Upgrading:'
    for name in "$STUB"/db/*; do name=\${name##*/}; for item in "$@"; do
      case "$item" in "$name"[-=]*)
        version=\${item#"$name"}
        echo " $name x86_64 \${version:1} stub 1 k"
        printf '<to-upgrade>\\n<solvable type="package" name="%s" edition="%s" arch="x86_64" edition-old="%s"/>\\n' "$name" "\${version:1}" "$(cat "$STUB/db/$name")" ;;
      esac
    done; done
    echo 'Transaction Summary'
    case "$*" in *--dry-run*) exit 0 ;; *) exit 1 ;; esac ;;
  *" download "*) for item in "$@"; do case "$item" in *=*) name=\${item%%:*} version=\${item#*=}; if grep -Fxq "$version" "$STUB/repo-$name" 2>/dev/null; then echo "$version" >"\${name}_\${version//:/%3a}_amd64.deb"; else exit 100; fi ;; esac; done; exit 0 ;;
  *" --downloadonly "* | *" --download-only "*)
    for name in "$STUB"/db/*; do name=\${name##*/}; version=$(cat "$STUB/db/$name"); case " $* " in *" $name-$version.x86_64 "*)
      if grep -Fxq "$version" "$STUB/repo-$name"; then for place in "$@"; do case "$place" in --downloaddir=*) mkdir -p "\${place#*=}"; echo "$name x86_64 $version" >"\${place#*=}/$name.rpm" ;; */kept/cache) mkdir -p "$place"; echo "$name x86_64 $version" >"$place/$name.rpm" ;; esac; done; fi ;;
    esac; done
    exit 0 ;;
  *" purge "* | *" makecache "* | *" refresh "* | *" --refresh "*) exit 0 ;;
  *" update "*) fail update ;;
  *) fail install; slow; [ -e "$STUB/lie" ] || { ${putItems} } ;;
esac
exit 0
`
const rpmQuery = `${shared}name=\${@: -1}
case "$1" in
  --eval) exec /usr/bin/rpm "$@" ;;
  -qf) exit 1 ;;
  -qp) cat "$name" ;;
  -U) for file in "$@"; do case "$file" in *.rpm) read -r name arch version <"$file"; put "$name" "$version" ;; esac; done ;;
  -e) exit 0 ;;
  -qa) for file in "$STUB"/db/*; do echo "\${file##*/} x86_64 $(cat "$file")"; done ;;
  -qc) cat "$STUB/conf-$name" 2>/dev/null ;;
  *) shift; for name in "$@"; do case "$name" in -* | %*) continue ;; esac; name=\${name%.x86_64}
    if [ -e "$STUB/db/$name" ]; then case "$(cat "$STUB/db/$name")" in *:*) ;; *) printf '0:' ;; esac; echo "$(cat "$STUB/db/$name") $name"; else echo "package $name is not installed"; fi; done ;;
esac
`
const repository = `${shared}name=\${@: -1}; cat "$STUB/repo-$name" 2>/dev/null\n`

const stubs: Readonly<Record<Manager, Readonly<Record<string, string>>>> = {
  apt: {
    'apt-get': installer,
    dpkg: 'case "$1" in --compare-versions) exec /usr/bin/dpkg "$@" ;; --print-architecture) echo amd64 ;; esac\nexit 0\n',
    'dpkg-deb': 'case "$1" in -f) cat "$2" ;; *) exit 1 ;; esac\n',
    'apt-mark': `${shared}cat "$STUB/holds" 2>/dev/null; exit 0\n`,
    'apt-cache': `${shared}name=$2; while IFS= read -r v; do echo " $name | $v | http://mirror jammy/main"; done <"$STUB/repo-$name"\n`,
    'dpkg-query': `${shared}name=\${@: -1}
case "$*" in
  *Conffiles*) cat "$STUB/conf-$name" 2>/dev/null ;;
  -L* | -s* | -S*) exit 1 ;;
  *Architecture*) for file in "$STUB"/db/*; do echo "installed \${file##*/} amd64 $(cat "$file")"; done ;;
  *) shift; for name in "$@"; do case "$name" in -*) ;; *) if [ -e "$STUB/db/$name" ]; then echo "installed $(cat "$STUB/db/$name") $name"; fi ;; esac; done ;;
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

const osReleases: Readonly<Record<Manager, string>> = {
  apt: 'ID=ubuntu\nID_LIKE=debian\n',
  dnf: 'ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\n',
  yum: 'ID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"\n',
  zypper: 'ID="sles"\nID_LIKE="suse"\n',
  none: 'ID=alpine\n',
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
    mkdirSync(join(this.directory, 'etc'))
    this.write('etc/hosts', '127.0.0.1 localhost')
    this.write('os-release', osReleases[manager])
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
        DRYDOCK_OS_RELEASE: own('os-release'),
        DRYDOCK_CACHE_DIRECTORY: own('cache'),
        DRYDOCK_CONFIGURATION_DIRECTORY: own('etc'),
        DRYDOCK_PROC_DIRECTORY: own('proc'),
        DRYDOCK_MANAGER_SECONDS: '0',
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
