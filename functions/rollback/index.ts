export { rollbackRing } from './open.ts'
