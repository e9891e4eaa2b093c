/** EC2 DescribeInstances over the fleet, in AWS's query protocol: Drydock asks it for zones. */
import type { Fleet } from './fleet.ts'
import type { QueryAnswer } from './sessions.ts'

const ids = (input: URLSearchParams) => {
  const names = [...input.keys()].filter((name) => /^Filter\.1\.Value\.\d+$/.test(name))
  return new Set(names.map((name) => input.get(name) ?? ''))
}

/** Placement of the caller's EC2 nodes that the filter `instance-id` names. */
export function describeInstances(fleet: Fleet, input: URLSearchParams, account: string): QueryAnswer {
  const wanted = ids(input)
  const items = fleet
    .describeNodes(account)
    .filter(({ hostId, zone }) => zone !== undefined && wanted.has(hostId))
    .map(
      ({ hostId, zone }) =>
        `<item><reservationId>r-${hostId.slice(2)}</reservationId><instancesSet><item><instanceId>${hostId}</instanceId><instanceState><code>16</code><name>running</name></instanceState><placement><availabilityZone>${zone}</availabilityZone></placement></item></instancesSet></item>`,
    )
  return {
    status: 200,
    xml: `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>local</requestId><reservationSet>${items.join('')}</reservationSet></DescribeInstancesResponse>`,
  }
}
