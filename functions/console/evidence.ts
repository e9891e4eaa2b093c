/** The state of evidence: the log's head, what waits to be filed, and how to verify it. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import {
  EvidenceHeadRecord,
  emptyHead,
  isEvidenceHealthy,
  type LogHead,
  type Outbox,
  readEvidenceHealth,
} from '../evidence/index.ts'
import { shown } from '../kit/display-text.ts'
import { keys } from '../kit/keys.ts'
import type { EvidenceRecord, Ledger } from '../kit/ledger.ts'
import type { Clock } from '../kit/ports.ts'
import { type ConsoleVariables, cards, dataTable, type Html, instant, page, warning } from './layout.ts'
import { spanText } from './text.ts'

export interface EvidencePorts {
  readonly ledger: Ledger
  readonly clock: Clock
  /** Absent: the page shows the head alone. */
  readonly logHead?: LogHead
  readonly outbox?: Outbox
}

const waitingCounted = 200
const waitingShown = 20

export function evidenceApp(ports: EvidencePorts) {
  const app = new Hono<ConsoleVariables>()
  app.get('/evidence', async (context) => {
    const head = await headOf(ports)
    const body = html`<p class="lead">Every transition is one signed leaf in an append-only log that anyone can verify without Drydock.</p>
<section class="panel" aria-label="The log">${cards([
      ['Leaves in the log', String(head.size)],
      ['Moved last', head.size === 0 ? 'never' : instant(head.at)],
      ['Root hash', html`<code>${head.root}</code>`],
    ])}</section>
${await filingSection(ports)}
<h2>Verify it yourself</h2><p>Export a change and check it with nothing but the files and the public key, without Drydock or AWS:</p>
<p class="panel"><code>drydock evidence export CHANGE ./evidence</code><br><code>drydock evidence verify ./evidence --key ./evidence.vkey</code></p>
<p class="quiet">The second command exits 0 when every leaf is proven; otherwise it exits 7 and names the first bad one.</p>`
    return context.html(page({ title: 'Evidence', nonce: context.get('cspNonce'), place: '/evidence', body }))
  })
  return app
}

async function headOf({ ledger, logHead }: EvidencePorts) {
  if (logHead) return (await logHead.read()).head
  return (await ledger.read(EvidenceHeadRecord, keys.evidenceHead()))?.value ?? emptyHead
}

/** Filing faults hold the gates of a rollout; lateness alone is only an alarm. */
function filingText(isHealthy: boolean, lastError: string | undefined): Html {
  if (isHealthy) return html`<span class="good"><span aria-hidden="true">✓</span> Transitions are being filed.</span>`
  return warning(
    lastError === undefined
      ? 'Filing is behind: the transitions below are recorded, but not yet proven.'
      : 'Filing has stopped: no rollout starts until it works again.',
  )
}

/** The outbox is asked once, for its health and for what it shows. */
async function filingSection({ logHead, outbox, clock }: EvidencePorts): Promise<Html> {
  if (!logHead || !outbox) return html``
  const found: EvidenceRecord[] = []
  const looking = {
    ...outbox,
    async pending(limit: number) {
      found.push(...(await outbox.pending(limit)))
      return found
    },
  }
  const health = await readEvidenceHealth({ logHead, outbox: looking, clock })
  const waiting = found.slice(0, waitingShown)
  const { pending, headAgeSeconds, lastError } = health
  const count = pending === waitingCounted ? `${waitingCounted} or more` : String(pending ?? 'unknown')
  return html`<h2>Filing</h2>
<p>${filingText(isEvidenceHealthy(health), lastError)}</p>
<section class="panel" aria-label="Filing">${cards([
    ['Waiting', count],
    ['Behind for', headAgeSeconds === undefined ? 'unknown' : spanText(headAgeSeconds)],
    ...(lastError ? [['Stopped by', shown(lastError)] as const] : []),
  ])}</section>
${dataTable(
  waiting.length < waitingShown ? 'Waiting, oldest first' : `The ${waitingShown} that have waited longest`,
  ['When', 'Transition', 'Change', 'By'],
  waiting.map(({ at, type, changeId, actor }) => [
    instant(at),
    type,
    changeId === 'none' ? '-' : html`<a href="/changes/${changeId}"><code>${changeId}</code></a>`,
    shown(actor),
  ]),
  'Nothing is waiting to be filed.',
)}`
}
