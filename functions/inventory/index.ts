export { Asset, AssetRecord, Platform } from './asset.ts'
export { type FixState, fixStateOf } from './fix-state.ts'
export type { Inventory, Nodes } from './ports.ts'
export { compareVersions, type VersionScheme } from './version-order.ts'
