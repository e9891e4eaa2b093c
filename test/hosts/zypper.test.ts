import { describeHosts } from './describe-hosts.ts'

describeHosts('zypper')
