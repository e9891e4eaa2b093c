/** Ensures that an open change has a driver: a running one is left alone, an ended one gets a successor. */
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import { retried } from '../kit/retried.ts'
import { ChangeRecord } from './change.ts'
import { DriverRecord, type DriverStart, driverName, nextDriver } from './driver.ts'
import type { MovePorts } from './move-change.ts'
import type { ChangeDriver } from './ports.ts'
import { terminalStates } from './reducer.ts'

/** The ports for starting the driver of a change. */
export interface StartDriverPorts extends MovePorts {
  readonly driver: ChangeDriver
}

/** What the caller knows of the driver. */
export interface DriverNews {
  /** Name of an execution known to have ended, whatever its status says. */
  readonly ended?: string
  /** Whether a person just changed what the driver waits for: another replaces it at once. */
  readonly isReplaced?: boolean
  /** The reason, for the evidence of a further attempt. */
  readonly because: string
}

/**
 * Starts the driver of a change where none runs.
 *
 * The attempt is counted in the ledger before the execution is started, so that only one of two that see a dead driver
 * starts the next, and a taken name never passes for a running driver.
 *
 * @returns `started` only if an execution was started now; `running`: it has one; `ended`: the change needs none.
 * @throws DrydockError DD1501 when there is no such change, DD1508 when no try could start one.
 */
export async function startDriver(
  changeId: string,
  news: DriverNews,
  ports: StartDriverPorts,
): Promise<'started' | 'running' | 'ended'> {
  const { ledger, driver } = ports
  let { isReplaced = false } = news
  return retried({ code: 'DD1508', what: `the driver of change ${changeId}` }, async () => {
    const read = await ledger.read(DriverRecord, keys.driver(changeId))
    const name = driverName(read?.value ?? { changeId, attempt: 0 })
    const status = isReplaced || news.ended === name ? 'ended' : await driver.statusOf(name)
    if (status === 'running') return 'running'
    const change = await ledger.read(ChangeRecord, keys.change(changeId))
    if (!change) throw new DrydockError('DD1501', `change ${changeId} is not in the ledger`)
    if (terminalStates.includes(change.value.state)) return 'ended'
    // Counted but never started, or just started: the same name again starts it once.
    if (status === 'unknown') {
      if ((await driver.start({ changeId, name, seconds: 0 })) === 'started') return 'started'
      if ((await driver.statusOf(name)) !== 'ended') return 'running'
    }
    const { next, seconds } = nextDriver(changeId, read?.value, {
      changeVersion: change.version,
      nowMs: ports.clock.nowMs(),
    })
    const isCounted = await countAttempt(next, read?.version ?? 0, news.because, ports)
    if (isCounted && (await driver.start({ changeId, name: driverName(next), seconds })) === 'started') return 'started'
    isReplaced &&= isCounted
    return undefined
  })
}

async function countAttempt(
  next: DriverStart,
  from: number,
  because: string,
  ports: StartDriverPorts,
): Promise<boolean> {
  const { changeId, attempt, startedAt } = next
  const result = await ports.ledger.commit({
    moves: [{ kind: DriverRecord.kind, key: keys.driver(changeId), from, value: next }],
    evidence: [
      {
        ...evidenceBy(ports, startedAt),
        type: 'driver.restarted',
        changeId,
        body: { attempt, because },
      },
    ],
  })
  return 'committed' in result
}
