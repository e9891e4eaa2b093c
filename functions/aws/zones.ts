/** The availability zones of EC2 instances from EC2 itself, which no tag can get wrong. */
import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2'
import { clientSettings } from './runtime.ts'

/** Values of one filter, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
const filterValuesMax = 200

/** Zones by instance id; a node that EC2 does not know (hybrid, or gone) is left out. */
export type ZonesOf = (hostIds: readonly string[]) => Promise<ReadonlyMap<string, string>>

export function ec2Zones(settings: object = clientSettings): ZonesOf {
  const client = new EC2Client(settings)
  return (hostIds) => zonesOf(hostIds, client)
}

async function zonesOf(hostIds: readonly string[], client: EC2Client): Promise<ReadonlyMap<string, string>> {
  const zones = new Map<string, string>()
  const instances = hostIds.filter((hostId) => hostId.startsWith('i-'))
  for (let at = 0; at < instances.length; at += filterValuesMax) {
    const Filters = [{ Name: 'instance-id', Values: instances.slice(at, at + filterValuesMax) }]
    for await (const page of paginateDescribeInstances({ client, pageSize: 1_000 }, { Filters }))
      for (const { InstanceId, Placement } of (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances))
        if (InstanceId && Placement?.AvailabilityZone) zones.set(InstanceId, Placement.AvailabilityZone)
  }
  return zones
}
