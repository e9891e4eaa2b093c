/** Every case of the contract for hosts. */
import { changeCases } from './change-cases.ts'
import type { HostCase, Manager } from './contract.ts'
import { kernelCases } from './kernel-cases.ts'
import { stateCases } from './state-cases.ts'

export const hostCases: readonly HostCase[] = [...changeCases, ...stateCases, ...kernelCases]
export const isCaseOf = ({ managers }: HostCase, manager: Manager) => managers?.includes(manager) ?? true
