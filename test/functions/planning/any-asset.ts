/** A managed node of the web service as most tests need it. */
import type { Asset } from '../../../functions/inventory/asset.ts'

export const anyAsset = (asset: Partial<Asset> = {}): Asset => ({
  hostId: 'i-00000001',
  account: '123456789012',
  region: 'eu-central-1',
  services: ['web'],
  stage: 'production',
  zone: 'z0',
  platform: 'ubuntu',
  agentVersion: '3.3.2746.0',
  isOnline: true,
  isManaged: true,
  packages: { snapd: '2.63' },
  seenAt: '2026-01-01T00:00:00.000Z',
  ...asset,
})
