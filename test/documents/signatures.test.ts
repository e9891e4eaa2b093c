import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { explainFailure, signatures } from '../../documents/signatures.ts'
import { failureReasons } from '../../functions/rollout/index.ts'
import { invocationOutcome } from '../../functions/rollout/invocation-outcome.ts'

/** What a real manager said and how it ended, kept by the run of a case in test/hosts. */
const Recorded = z.strictObject({ manager: z.string(), code: z.number(), reason: z.string(), text: z.string() })

const directory = mkdtempSync(join(tmpdir(), 'drydock-signatures-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** The word that the scripts' own function has for a text. */
function wordFor(manager: string, text: string, code = 1) {
  const log = join(directory, 'log')
  writeFileSync(log, text)
  const program = `manager=${manager}\n${explainFailure()}\nexplain_failure "${log}" ${code}\n`
  return spawnSync('bash', ['-c', program], { encoding: 'utf8' }).stdout.trim()
}

describe('7.1 failure signatures', () => {
  it.each([
    ['dnf', 'Error: Unable to find a match: foo-9-9.el9', 'version-not-found'],
    ['dnf', 'Error: No packages marked for downgrade.', 'version-not-found'],
    [
      'dnf',
      "error: can't create transaction lock on /var/lib/rpm/.rpm.lock (Resource temporarily unavailable)",
      'package-manager-locked',
    ],
    ['dnf', '  installing package demo-1.1-1.x86_64 needs 1 more inodes on the /usr filesystem', 'disk-full'],
    ['dnf', '   At least 12MB more space needed on the / filesystem.', 'disk-full'],
    ['dnf', 'All matches were filtered out by exclude filtering for argument: nginx', 'package-held'],
    ['dnf', 'Error: GPG check FAILED', 'signature-error'],
    ['apt', "E: You don't have enough free space in /var/cache/apt/archives/.", 'disk-full'],
    ['apt', 'E: Held packages were changed and -y was used without --allow-change-held-packages.', 'package-held'],
    ['apt', "E: The repository 'http://x ./ Release' is not signed.", 'signature-error'],
    ['apt', 'E: Packages need to be removed but remove is disabled.', 'would-remove'],
    ['apt', 'E: Packages were downgraded and -y was used without --allow-downgrades.', 'would-downgrade'],
    [
      'apt',
      'Waiting for cache lock: held by process 7\nE: dpkg was interrupted, you must manually run',
      'manager-interrupted',
    ],
    ['apt', 'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7', 'package-manager-locked'],
    ['apt', "E: Version '9' for 'foo' was not found", 'version-not-found'],
    ['apt', 'E: Failed to fetch http://x/foo.deb  404  Not Found', 'mirror-error'],
    ['zypper', 'System management is locked by the application with pid 7 (zypper).', 'package-manager-locked'],
    ['zypper', 'Abort, retry, ignore? [a/r/i/...? shows all options] (a): a', 'mirror-error'],
    ['zypper', 'Choose from above solutions by number or cancel [1/2/c/d/?] (c): c', 'dependency-check'],
    ['apt', 'Segmentation fault', 'package-manager-failed'],
  ])('%s: %j is %s', (manager, text, word) => {
    expect(wordFor(manager, text)).toBe(word)
  })

  it.each([
    ['zypper', 7, 'package-manager-locked'],
    ['zypper', 104, 'version-not-found'],
    ['zypper', 106, 'mirror-error'],
    ['zypper', 107, 'script-failed'],
    ['zypper', 4, 'dependency-check'],
    ['dnf', 200, 'package-manager-locked'],
    ['apt', 200, 'package-manager-failed'],
  ])('%s: code %i without known words is %s', (manager, code, word) => {
    expect(wordFor(manager, 'Something else', code)).toBe(word)
  })

  it('reads the words of every recorded failure as they were read on the host', () => {
    const place = new URL('../fixtures/managers/', import.meta.url)
    const read = readdirSync(place).map((name) =>
      Recorded.parse(JSON.parse(readFileSync(new URL(name, place), 'utf8'))),
    )
    expect(read.length).toBeGreaterThanOrEqual(5)
    expect(read.map(({ manager, code, text }) => wordFor(manager, text, code))).toEqual(read.map((one) => one.reason))
  })

  it('has a class and a remedy for each reason of the table', () => {
    expect([...new Set(signatures.map(({ reason }) => reason))].toSorted()).toEqual(
      Object.keys(failureReasons).toSorted(),
    )
  })

  it.each(Object.entries(failureReasons))(
    '11.2 the rollout tries again after %s as the table says',
    (reason, { isRetried }) => {
      const output = JSON.stringify({
        schemaVersion: 1,
        step: 'collect',
        changeId: 'c',
        ok: false,
        exitCode: 100,
        reason,
      })
      const invocation = { hostId: 'i-1', status: 'Failed' as const, exitCode: 100, output }
      const host = { step: 'collect' as const, state: 'sent' as const, attempt: 1 }
      expect(invocationOutcome('collect', invocation, host, '').kind).toBe(isRetried ? 'retry' : 'failed')
    },
  )
})
