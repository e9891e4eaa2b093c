export { type FixState, fixStateOf } from './fix-state.ts'
export { compareVersions, type VersionScheme } from './version-order.ts'
