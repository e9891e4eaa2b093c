/** What every change driver does, in memory and on Step Functions. */
import { describe, expect, it } from 'vitest'
import type { ChangeDriver } from '../../functions/changes/ports.ts'

let made = 0
const anyExecution = () => {
  const changeId = `01JCONTRACT${Date.now()}${String(made++).padStart(2, '0')}`.padEnd(26, '0').slice(0, 26)
  return { changeId, name: `${changeId}-r${made}`, seconds: 600 }
}

/** @param make the driver, and how an execution of it dies. */
export function changeDriverContract(
  make: () => { readonly driver: ChangeDriver; readonly end: (name: string) => void | Promise<void> },
) {
  describe('I11 a change driver', () => {
    it('starts an execution, which runs and is listed', async () => {
      const { driver } = make()
      const execution = anyExecution()
      expect(await driver.start(execution)).toBe('started')
      expect(await driver.statusOf(execution.name)).toBe('running')
      expect([...(await driver.running())]).toContain(execution.name)
    })

    it('knows nothing of a name that was never started', async () => {
      const { driver } = make()
      const { name } = anyExecution()
      expect(await driver.statusOf(name)).toBe('unknown')
      expect([...(await driver.running())]).not.toContain(name)
    })

    it('never starts a name again whose execution has ended', async () => {
      const { driver, end } = make()
      const execution = anyExecution()
      await driver.start(execution)
      await end(execution.name)
      expect(await driver.statusOf(execution.name)).toBe('ended')
      expect([...(await driver.running())]).not.toContain(execution.name)
      expect(await driver.start(execution)).toBe('taken')
      expect(await driver.statusOf(execution.name)).toBe('ended')
    })

    it('starts another name of the same change', async () => {
      const { driver, end } = make()
      const execution = anyExecution()
      await driver.start(execution)
      await end(execution.name)
      expect(await driver.start({ ...execution, name: `${execution.name}0` })).toBe('started')
    })
  })
}
