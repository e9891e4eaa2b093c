import { AptHosts } from './apt-host.ts'
import { describeHosts } from './describe-hosts.ts'

describeHosts('apt', ['unshare', 'nsenter', 'dpkg-deb', 'apt-get'], () => AptHosts.open())
