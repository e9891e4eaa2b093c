/** Who approves the scenario where no person is there. */
export { type Ask, approveAll, askIn } from '../../simulator/voters.ts'
