import type { Call } from '../../authorization/index.ts'
import { parseXml, type XmlElement } from '../../wire/index.ts'
import { ask, type Question } from '../ask.ts'
import type { LookUp } from '../catalogue/index.ts'
import type { Upstream } from '../upstream.ts'

/** What names a thing in a call, where its ARN says something else (behaviour GRD-49). */
export type ToldKind = Extract<
  LookUp,
  'codeDeployment' | 'pullRequest' | 'dbProxy' | 'dbProxyEndpoint' | 'beanstalkEnvironment'
>

/** How the upstream is asked about a name, and what it says of it. */
interface Teller {
  asked(name: string): Pick<Question, 'service' | 'headers' | 'body'>
  /** What stands behind `arn:aws:SERVICE:REGION:ACCOUNT:`, or the whole ARN; undefined where the answer does not tell. */
  resource(answer: string): string | undefined
}

const tellers: Readonly<Record<ToldKind, Teller>> = {
  codeDeployment: {
    asked: (deploymentId) => json('codedeploy', 'CodeDeploy_20141006.GetDeployment', { deploymentId }),
    resource(answer) {
      const { applicationName, deploymentGroupName } = membersOf(membersOf(parsed(answer)).deploymentInfo)
      return typeof applicationName === 'string' && typeof deploymentGroupName === 'string'
        ? `deploymentgroup:${applicationName}/${deploymentGroupName}`
        : undefined
    },
  },
  pullRequest: {
    asked: (pullRequestId) => json('codecommit', 'CodeCommit_20150413.GetPullRequest', { pullRequestId }),
    resource(answer) {
      const { pullRequestTargets } = membersOf(membersOf(parsed(answer)).pullRequest)
      const targets = Array.isArray(pullRequestTargets) ? pullRequestTargets.map(membersOf) : []
      const [{ repositoryName } = {}, second] = targets
      return typeof repositoryName === 'string' && second === undefined ? repositoryName : undefined
    },
  },
  dbProxy: {
    asked: (DBProxyName) => form('rds', { Action: 'DescribeDBProxies', Version: '2014-10-31', DBProxyName }),
    resource: (answer) => only(answer, 'DBProxyArn'),
  },
  dbProxyEndpoint: {
    asked: (DBProxyEndpointName) =>
      form('rds', { Action: 'DescribeDBProxyEndpoints', Version: '2014-10-31', DBProxyEndpointName }),
    resource: (answer) => only(answer, 'DBProxyEndpointArn'),
  },
  beanstalkEnvironment: {
    asked: (name) => {
      const member = /^e-[a-z0-9]{10}$/.test(name) ? 'EnvironmentIds.member.1' : 'EnvironmentNames.member.1'
      const action = { Action: 'DescribeEnvironments', Version: '2010-12-01' }
      return form('elasticbeanstalk', { ...action, [member]: name })
    },
    resource(answer) {
      const [application, environment] = [only(answer, 'ApplicationName'), only(answer, 'EnvironmentName')]
      return application !== undefined && environment !== undefined
        ? `environment/${application}/${environment}`
        : undefined
    },
  },
}

/** Whether a kind is one of these. */
export function isTold(kind: LookUp): kind is ToldKind {
  return Object.hasOwn(tellers, kind)
}

/**
 * The ARN of what a name means at the upstream; undefined where it knows none. It is asked each time: the next thing of
 * that name is another one.
 * @throws NoReply where the upstream does not tell
 */
export async function toldArn(
  kind: ToldKind,
  name: string,
  { account, region }: Call,
  upstream: Upstream,
): Promise<string | undefined> {
  const { asked, resource } = tellers[kind]
  const question = asked(name)
  const { status, text } = await ask(
    { ...question, method: 'POST', path: '/', account: account.id, region },
    upstream,
  )
  const found = status === 200 ? resource(text) : undefined
  if (found === undefined || found.startsWith('arn:')) return found
  return `arn:aws:${question.service}:${region}:${account.id}:${found}`
}

function json(service: string, target: string, body: unknown): ReturnType<Teller['asked']> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
  return { service, headers, body: JSON.stringify(body) }
}

function form(service: string, fields: Readonly<Record<string, string>>): ReturnType<Teller['asked']> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { service, headers, body: new URLSearchParams(fields).toString() }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {} // an object, by the test before
}

/** The text of an element that stands in an answer once. */
function only(answer: string, name: string): string | undefined {
  const root = parseXml(answer)
  const waiting: XmlElement[] = root === undefined ? [] : [root]
  const found: string[] = []
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    if (element.name === name) found.push(element.text.trim())
    waiting.push(...element.children)
  }
  return found.length === 1 && found[0] !== '' ? found[0] : undefined
}
