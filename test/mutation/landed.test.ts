import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filesChangedSince, filesLanded, targetsLanded } from '../../mutation/landed.ts'

const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false']
let root = ''
const git = (...args: readonly string[]) =>
  execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
function commit(path: string, text = path) {
  mkdirSync(join(root, dirname(path)), { recursive: true })
  writeFileSync(join(root, path), text)
  git('add', '.')
  git('commit', '-m', path)
}

const quorum = 'functions/people/quorum.ts'
const stop = 'functions/rollout/gates/stop.ts'

describe('what landed', () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'drydock-landed-'))
    git('init', '--initial-branch=main')
    commit('README.md')
    git('checkout', '-b', 'branch')
    commit(quorum)
    commit('branch.md')
    git('checkout', 'main')
    commit(stop)
    git('merge', '--no-ff', 'branch', '-m', 'merge')
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('is what a merge brought, as one commit, before what came earlier', () => {
    expect(filesLanded(root, 1)).toEqual([['branch.md', quorum]])
    expect(filesLanded(root, 2)).toEqual([['branch.md', quorum], [stop]])
    expect(targetsLanded(filesLanded(root, 1)).map(({ mutate }) => mutate)).toEqual([[quorum]])
  })

  it('tries the newest first, though an older one risks more', () => {
    expect(targetsLanded(filesLanded(root, 2)).map(({ name }) => name)).toEqual(['quorum', 'gates'])
    expect(targetsLanded([['README.md'], [quorum, stop]]).map(({ name }) => name)).toEqual(['gates', 'quorum'])
  })

  it('is everything where history ends', () => {
    expect(filesLanded(root, 30)).toEqual([['branch.md', quorum], [stop], ['README.md']])
  })

  it('differs from a commit by what is not committed yet, too', () => {
    writeFileSync(join(root, 'README.md'), 'other')
    expect(filesChangedSince(root, 'HEAD^1').filter((file) => file !== '')).toEqual(['README.md', 'branch.md', quorum])
  })
})
