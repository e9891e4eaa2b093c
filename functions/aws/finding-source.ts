/**
 * Findings by Amazon Inspector's ListFindings: those of this account, and of the organisation if it is the
 * administrator.
 */
import { Inspector2Client, Inspector2ServiceException, ListFindingsCommand } from '@aws-sdk/client-inspector2'
import * as z from 'zod'
import type { FindingPage, FindingSource } from '../intake/ports.ts'
import { clientSettings } from './runtime.ts'

/** ListFindings gives at most 100, https://docs.aws.amazon.com/inspector/v2/APIReference/API_ListFindings.html */
const pageSize = 100

type Query = Parameters<FindingSource['page']>[0]
const Findings = z.array(z.json())

/** Retries with backoff and jitter, and slows down after a throttled answer (`adaptive`). */
export function inspectorFindings(
  client = new Inspector2Client({ ...clientSettings, retryMode: 'adaptive' }),
): FindingSource {
  return {
    async page(query) {
      try {
        const { findings = [], nextToken } = await client.send(new ListFindingsCommand(inputOf(query)))
        // The SDK gives Date objects; JSON makes them ISO text, as in an export.
        const page: FindingPage = { findings: Findings.parse(JSON.parse(JSON.stringify(findings))) }
        return nextToken ? { ...page, token: nextToken } : page
      } catch (error) {
        return { refused: refusalOf(error, query), detail: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}

function refusalOf(error: unknown, { token }: Query) {
  const name = error instanceof Inspector2ServiceException ? error.name : ''
  if (name === 'ThrottlingException' || name === 'TooManyRequestsException') return 'throttled'
  return name === 'ValidationException' && token !== undefined ? 'bad-token' : 'unavailable'
}

const inputOf = ({ from, until, token }: Query) => ({
  maxResults: pageSize,
  ...(token === undefined ? {} : { nextToken: token }),
  filterCriteria:
    from === undefined
      ? { findingStatus: [{ comparison: 'EQUALS' as const, value: 'ACTIVE' }] }
      : { updatedAt: [{ startInclusive: new Date(from), endInclusive: new Date(until) }] },
})
