/**
 * A finding's assessment names its change and is listed under its CVE; a change's findings are records of their own.
 *
 * Findings that stand are listed under their hosts and CVEs as they are assessed again, which the next change of any
 * feed has done for all (`wakesByCve`).
 */
import { keys, lists } from '../kit/keys.ts'
import { type Fields, fieldsOf, type Migration, type RawItem } from './migration.ts'

/** Kinds that an older Drydock does not know. */
const newKinds = ['finding-entry', 'joined-finding', 'known-cve', 'known-package']

export const joinedFindings: Migration = {
  id: '008-joined-findings',
  says: 'An assessment carries the change of its finding and is listed under its CVE.',
  up: (item) => assessmentUp(item) ?? [item],
  down(item) {
    if (newKinds.includes(item.kind)) return []
    return assessmentDown(item) ?? changeDown(item) ?? feedDown(item) ?? [item]
  },
}

function assessmentUp(item: RawItem): readonly RawItem[] | undefined {
  const fields = fieldsOf(item, 'assessment')
  if (!fields || Object.hasOwn(fields, 'assessment')) return undefined
  const { vulnerabilityId } = objectOf(fields.facts)
  const isCve = typeof vulnerabilityId === 'string' && vulnerabilityId.startsWith('CVE-')
  const list = isCve ? { list: { pk: lists.findingsOfCve(vulnerabilityId), sk: String(fields.findingId) } } : {}
  return [{ ...item, value: { assessment: fields }, ...list }]
}

/** The pointer of a finding to its change stays a record of its own until the finding is assessed again. */
function assessmentDown(item: RawItem): readonly RawItem[] | undefined {
  const fields = fieldsOf(item, 'assessment')
  if (!fields || !Object.hasOwn(fields, 'assessment')) return undefined
  const { list: _, ...unlisted } = item
  const assessment = objectOf(fields.assessment)
  const { changeId } = fields
  const old = { ...unlisted, value: assessment }
  if (typeof changeId !== 'string') return [old]
  const key = keys.findingChange(String(assessment.findingId))
  return [old, { kind: 'finding-change', key, version: 0, value: { changeId } }]
}

/** An older Drydock finds the findings that joined since by their pointers only. */
function changeDown(item: RawItem): readonly RawItem[] | undefined {
  const fields = fieldsOf(item, 'change')
  if (!fields) return undefined
  const { findingIds = [], hasMoreVulnerabilities: _, supersedes: __, ...value } = fields
  return [{ ...item, value: { ...value, findingIds } }]
}

function feedDown(item: RawItem): readonly RawItem[] | undefined {
  const fields = fieldsOf(item, 'feed')
  if (!fields || !Object.hasOwn(fields, 'wakesByCve')) return undefined
  const { wakesByCve: _, ...value } = fields
  return [{ ...item, value }]
}

const objectOf = (value: unknown): Fields => Object(value)
