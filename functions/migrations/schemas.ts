/** The schema of each kind of record, from the room that owns it. */
import type * as z from 'zod'
import { CatalogueRecord, PolicyRecord } from '../catalogue/index.ts'
import {
  ChangeRecord,
  DriverRecord,
  FindingChangeRecord,
  FindingEntryRecord,
  HostExposureRecord,
  JoinedFindingRecord,
  OpenChangeRecord,
  StopRecord,
} from '../changes/index.ts'
import { LastCatalogueRecord } from '../driver/index.ts'
import { ChainHeadRecord, EvidenceHeadRecord } from '../evidence/index.ts'
import { FindingRecord, KnownPackageRecord } from '../finding/index.ts'
import { FindingPullRecord } from '../intake/index.ts'
import { FeedRecord, KnownCveRecord } from '../intel/index.ts'
import { AssetRecord } from '../inventory/index.ts'
import type { RecordKind } from '../kit/ledger.ts'
import { ObjectHeader, objectKinds } from '../kit/object-header.ts'
import {
  HostOutcomeRecord,
  OutcomeBegunRecord,
  OutcomeSetRecord,
  RestoreDrillRecord,
  ServiceOutcomeRecord,
} from '../outcomes/index.ts'
import { QuestionLinkRecord, QuestionRecord } from '../people/index.ts'
import { BlockedPatchRecord, PlanRecord } from '../planning/index.ts'
import { AssessmentRecord } from '../risk/index.ts'
import {
  BaselineRecord,
  CommandOwnerRecord,
  LeaseRecord,
  RingHostRecord,
  RingOpeningRecord,
  RingPartRecord,
  RingRecord,
  ServiceOccupancyRecord,
  StepLogRecord,
  UnsettledRingRecord,
} from '../rollout/index.ts'
import { ValidationRecord } from '../validation/index.ts'
import { MigrationsRecord } from './progress.ts'

/** The schema of a kind; undefined if no room owns it. */
export type SchemaOf = (kind: string) => z.ZodType | undefined

/** Every kind of record that the product writes; test/functions/migrations/schemas.test.ts finds missing ones. */
export const recordKinds: readonly RecordKind<unknown>[] = [
  AssessmentRecord,
  AssetRecord,
  BaselineRecord,
  BlockedPatchRecord,
  CatalogueRecord,
  ChainHeadRecord,
  ChangeRecord,
  CommandOwnerRecord,
  DriverRecord,
  EvidenceHeadRecord,
  FeedRecord,
  FindingChangeRecord,
  FindingEntryRecord,
  FindingPullRecord,
  FindingRecord,
  HostExposureRecord,
  HostOutcomeRecord,
  JoinedFindingRecord,
  KnownCveRecord,
  KnownPackageRecord,
  LastCatalogueRecord,
  LeaseRecord,
  MigrationsRecord,
  OpenChangeRecord,
  OutcomeBegunRecord,
  OutcomeSetRecord,
  PlanRecord,
  PolicyRecord,
  QuestionLinkRecord,
  QuestionRecord,
  RestoreDrillRecord,
  RingHostRecord,
  RingOpeningRecord,
  RingPartRecord,
  RingRecord,
  ServiceOccupancyRecord,
  ServiceOutcomeRecord,
  StepLogRecord,
  StopRecord,
  UnsettledRingRecord,
  ValidationRecord,
]

const schemas = new Map(
  recordKinds.map(({ kind, schema }) => [kind, objectKinds.has(kind) ? ObjectHeader.or(schema) : schema]),
)

/** The schemas of the rooms that own the records. */
export const ownerSchemas: SchemaOf = (kind) => schemas.get(kind)
