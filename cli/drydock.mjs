#!/usr/bin/env node
// The entry of the drydock command: plain JavaScript, so that an old Node gets a sentence and not a syntax error.
import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `drydock needs Node 24 (or 22.18 and later); this is Node ${process.versions.node}.\n` +
      'On Linux x64 and arm64, "npm ci --ignore-scripts" brings Node 24 along: run it, then use "npm start" or "npx drydock".\n' +
      'Elsewhere install Node 24 from https://nodejs.org and try again.\n',
  )
  process.exit(64)
}
// An auditor's machine may be small: verification loads no AWS SDK, and keeps its heap small rather than fast.
const isVerify = process.argv[2] === 'evidence' && process.argv[3] === 'verify'
if (isVerify) setFlagsFromString('--optimize-for-size')
// What Node compiled the last time halves the start; code compiled under other flags is of no use to the other.
nodeModule.enableCompileCache(
  join(import.meta.dirname, '..', '.drydock', isVerify ? 'compile-cache-verify' : 'compile-cache'),
)
const { runCommandLine } = await import(isVerify ? './verify-main.ts' : './main.ts')
process.exitCode = await runCommandLine(process.argv.slice(2))
