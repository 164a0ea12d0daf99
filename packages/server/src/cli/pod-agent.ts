import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HttpRequest, type HttpResponse, isoSeconds } from '../base/index.ts'
import { listen } from '../workload/index.ts'
import { callServer, sendSigned } from './client.ts'
import { badSyntax, CommandFailure, exitCodes } from './failure.ts'
import type { RunningServer } from './home.ts'

/** A pod as written: CLUSTER/NAMESPACE/SERVICEACCOUNT[/POD]. */
interface NamedPod {
  readonly cluster: string
  readonly namespace: string
  readonly serviceAccount: string
  readonly pod?: string
  readonly region?: string
}

/** The agent of EKS Pod Identity on this machine, for one pod. */
export interface PodAgent {
  /** The environment variables of the pod's programs. */
  readonly variables: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** The token's file is written again after this part of its life. */
const renewAfter = 0.8

/** @throws CommandFailure if it is not written as a pod */
export function podNamed(text: string, region: string | undefined): NamedPod {
  const [cluster = '', namespace = '', serviceAccount = '', pod, ...more] = text.split('/')
  if ([cluster, namespace, serviceAccount, pod ?? '-'].includes('') || more.length > 0)
    throw badSyntax('a pod is written CLUSTER/NAMESPACE/SERVICEACCOUNT, and /POD if its name matters')
  return {
    cluster,
    namespace,
    serviceAccount,
    ...(pod !== undefined && { pod }),
    ...(region !== undefined && { region }),
  }
}

/**
 * Does what a node does for a pod: a file with the token of its service account, and an address that hands out credentials
 * for it (behaviour POD-20). @throws CommandFailure if the pod gets none
 */
export async function openPodAgent(server: RunningServer, named: NamedPod): Promise<PodAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-pod-'))
  const file = join(folder, 'token')
  let timer: NodeJS.Timeout | undefined
  let region = named.region ?? ''
  const renew = async (): Promise<void> => {
    const answer = await callServer(server, 'POST', '/_omen/pods/tokens', server.keys.root, named)
    const {
      token,
      expiresIn,
      region: used,
    } = answer as Record<'token' | 'region', string> & { expiresIn: number } // as the route answers
    region = used
    // a program that reads meanwhile sees the one or the other whole
    writeFileSync(`${file}.new`, token, { mode: 0o600 })
    renameSync(`${file}.new`, file)
    timer = setTimeout(() => renew().catch(() => {}), expiresIn * renewAfter * 1000)
    timer.unref()
  }
  const close = async () => {
    clearTimeout(timer)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await renew()
    const listener = await listen((request) => answerPod(request, named.cluster, region, server))
    return {
      variables: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${listener.url}/v1/credentials`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
      },
      async close() {
        await close()
        await listener.close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The members of EKS's answer that are read. */
interface PodAnswer {
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken: string
    readonly expiration: number
  }
  readonly assumedRoleUser: { readonly arn: string }
}

/** Asks EKS's API in the node's name, which here is that of the owner. */
async function answerPod(
  { method, rawPath, headers }: HttpRequest,
  cluster: string,
  region: string,
  server: RunningServer,
): Promise<HttpResponse> {
  if (method !== 'GET' || rawPath !== '/v1/credentials') return plain(404, 'There are only credentials here.')
  if (headers['x-forwarded-for'] !== undefined)
    return plain(403, 'Credentials are not handed through a proxy.')
  const token = headers.authorization
  if (token === undefined) return plain(400, 'Service account token cannot be empty')
  const answer = await sendSigned(server, server.keys.admin, {
    method: 'POST',
    path: `/clusters/${encodeURIComponent(cluster)}/assume-role-for-pod-identity`,
    service: 'eks-auth',
    region,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch((error: unknown) => {
    if (error instanceof CommandFailure) return undefined
    throw error
  })
  if (answer === undefined) return plain(503, 'The server does not answer.')
  if (!answer.ok) return plain(answer.status, reasonOf(answer.headers.get('x-amzn-errortype'), answer.text))
  const { credentials, assumedRoleUser } = JSON.parse(answer.text) as PodAnswer // as the API's model says
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      Token: credentials.sessionToken,
      AccountId: assumedRoleUser.arn.split(':')[4],
      Expiration: isoSeconds(credentials.expiration * 1000),
    }),
  }
}

/** The agent's words: the error's name, and its message. */
function reasonOf(type: string | null, text: string): string {
  const parsed = /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? ''
  return `(${type?.split(':')[0] ?? 'Exception'}): ${parsed}, fault: client`
}

function plain(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body }
}

/** @throws CommandFailure with what is missing, before the program starts */
export async function checkPod(agent: PodAgent, named: NamedPod): Promise<void> {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url = '', AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file = '' } =
    agent.variables
  const answer = await fetch(url, { headers: { authorization: readFileSync(file, 'utf8') } })
  const text = await answer.text()
  if (answer.ok) return
  const hint =
    answer.status === 404
      ? `\naws eks create-pod-identity-association --cluster-name ${named.cluster} --namespace ${named.namespace} --service-account ${named.serviceAccount} --role-arn ROLE`
      : ''
  throw new CommandFailure(`the pod gets no credentials: ${text}${hint}`, exitCodes.other)
}
