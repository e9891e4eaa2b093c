/** The fleet behind HTTP: the SSM calls that Drydock makes, in AWS's own protocol, and the services' probes. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { BusEvent } from '../simulator/cloud.ts'
import { fail } from '../simulator/fleet/answer.ts'
import { eventOf } from '../simulator/fleet/events.ts'
import type { Fleet } from '../simulator/fleet/fleet.ts'
import { SampleHistory } from '../simulator/fleet/metrics-api.ts'
import { hubAccount } from '../simulator/fleet/model.ts'
import { probeStatus } from '../simulator/fleet/probe.ts'
import { describeInstances } from '../simulator/fleet/query-api.ts'
import { answerSsm } from '../simulator/fleet/ssm-api.ts'
import { listen } from './listen.ts'

export interface FleetServer {
  readonly address: string
  readonly fleet: Fleet
  /** F8, F9: the next answers to this operation are lost on the way, after the work is done. */
  loseAnswers(operation: string, count: number): void
  close(): Promise<void>
}

const tickMs = 50
const bodyBytesMax = 1_000_000

/** Starts the server and its clock; `onEvent` gets the bus events that AWS would send. */
export async function startFleetServer({
  fleet,
  onEvent,
  onOutput,
  port,
  history = new SampleHistory(),
}: {
  readonly fleet: Fleet
  readonly onEvent: (event: BusEvent) => void
  /** Takes the whole output of a step, as SSM Agent would put it into a bucket. */
  readonly onOutput?: (output: Fleet['outputs'][number]) => void
  readonly port?: number
  /** What CloudWatch knows already. */
  readonly history?: SampleHistory
}): Promise<FleetServer> {
  const lost = new Map<string, number>()
  const server = createServer((request, response) => {
    answer(request, response, { fleet, history, lost }).catch((error) => {
      response
        .writeHead(500, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ __type: 'InternalServerError', message: String(error) }))
    })
  })
  const { address, close } = await listen(server, port)
  const timer = setInterval(() => {
    history.record(fleet, Date.now())
    for (const event of fleet.tick(Date.now())) onEvent(eventOf(event))
    for (const output of fleet.outputs.splice(0)) onOutput?.(output)
  }, tickMs)
  return {
    address,
    fleet,
    loseAnswers: (operation, count) => void lost.set(operation, count),
    close() {
      clearInterval(timer)
      return close()
    },
  }
}

interface Served {
  readonly fleet: Fleet
  readonly history: SampleHistory
  readonly lost: Map<string, number>
}

async function answer(request: IncomingMessage, response: ServerResponse, served: Served) {
  const { fleet, lost } = served
  const probe = request.method === 'GET' ? probeStatus(fleet, request.url ?? '') : undefined
  if (probe) return void answerProbe(response, probe)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > bodyBytesMax) return void response.writeHead(413).end()
    chunks.push(chunk)
  }
  const target = String(request.headers['x-amz-target'] ?? '')
  const account = fleet.sessions.accountOf(String(request.headers.authorization ?? ''), hubAccount, Date.now())
  const text = Buffer.concat(chunks).toString()
  if (target === '') return void answerQuery(response, text, account, fleet)
  const { status, body, error } = answerCall(target, text, account, served)
  const operation = target.replace('AmazonSSM.', '')
  const toLose = lost.get(operation) ?? 0
  if (toLose > 0) {
    lost.set(operation, toLose - 1)
    return void request.socket.destroy()
  }
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      ...(error ? { 'x-amzn-errortype': error } : {}),
    })
    .end(JSON.stringify(body))
}

/** STS and EC2 speak the query protocol: a form in, XML out. */
function answerQuery(response: ServerResponse, text: string, account: string | undefined, fleet: Fleet) {
  const input = new URLSearchParams(text)
  const isAssume = input.get('Action') === 'AssumeRole'
  const { status, xml } =
    isAssume || account === undefined
      ? fleet.sessions.assume(input, Date.now())
      : describeInstances(fleet, input, account)
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml)
}

function answerCall(target: string, text: string, account: string | undefined, { fleet, history }: Served) {
  let input: unknown
  try {
    input = JSON.parse(text || '{}')
  } catch {
    return fail('SerializationException', 'the body is not JSON')
  }
  if (target.endsWith('.GetMetricData')) return history.answer(input)
  if (!target.startsWith('AmazonSSM.')) return fail('UnknownOperationException', `no service for ${target}`)
  if (account === undefined)
    return fail('ExpiredTokenException', 'The security token included in the request is expired')
  return answerSsm(fleet, target.replace('AmazonSSM.', ''), input, Date.now(), account)
}

function answerProbe(
  response: ServerResponse,
  { status, service, healthyShare }: NonNullable<ReturnType<typeof probeStatus>>,
) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ service, healthyShare }))
}
