export { humansOf, isNamed, personOfAddress } from './humans.ts'
export { ApprovalLinkRecord, approvalLinkMove, approvalUrl } from './link.ts'
export type { Mail, Mailer, Secrets } from './ports.ts'
