export { type HeldChange, heldChange } from './held-change.ts'
