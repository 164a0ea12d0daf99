import type { Call } from '../../authorization/index.ts'
import type { LookUp } from '../catalogue/index.ts'
import type { Upstream } from '../upstream.ts'
import { type Asked, answerTo, elementsIn, inForm, inJson, membersOf, objectIn } from './answers.ts'

/** Names of resources in a call whose ARNs contain something else (behaviour GRD-49). */
export type NameLookUpKind = Extract<
  LookUp,
  'codeDeployment' | 'pullRequest' | 'dbProxy' | 'dbProxyEndpoint' | 'beanstalkEnvironment'
>

/** The request to the upstream about a name, and how to read its answer. */
interface NameLookUp {
  asked(name: string): Asked
  /** The part behind `arn:aws:SERVICE:REGION:ACCOUNT:`, or the complete ARN; undefined if the answer lacks it. */
  resource(answer: string): string | undefined
}

const nameLookUps: Readonly<Record<NameLookUpKind, NameLookUp>> = {
  codeDeployment: {
    asked: (deploymentId) =>
      inJson('codedeploy', '1.1', 'CodeDeploy_20141006.GetDeployment', { deploymentId }),
    resource(answer) {
      const { applicationName, deploymentGroupName } = membersOf(membersOf(objectIn(answer)).deploymentInfo)
      return typeof applicationName === 'string' && typeof deploymentGroupName === 'string'
        ? `deploymentgroup:${applicationName}/${deploymentGroupName}`
        : undefined
    },
  },
  pullRequest: {
    asked: (pullRequestId) =>
      inJson('codecommit', '1.1', 'CodeCommit_20150413.GetPullRequest', { pullRequestId }),
    resource(answer) {
      const { pullRequestTargets } = membersOf(membersOf(objectIn(answer)).pullRequest)
      const targets = Array.isArray(pullRequestTargets) ? pullRequestTargets.map(membersOf) : []
      const [{ repositoryName } = {}, second] = targets
      return typeof repositoryName === 'string' && second === undefined ? repositoryName : undefined
    },
  },
  dbProxy: {
    asked: (DBProxyName) =>
      inForm('rds', { Action: 'DescribeDBProxies', Version: '2014-10-31', DBProxyName }),
    resource: (answer) => only(answer, 'DBProxyArn'),
  },
  dbProxyEndpoint: {
    asked: (DBProxyEndpointName) =>
      inForm('rds', { Action: 'DescribeDBProxyEndpoints', Version: '2014-10-31', DBProxyEndpointName }),
    resource: (answer) => only(answer, 'DBProxyEndpointArn'),
  },
  beanstalkEnvironment: {
    asked: (name) => {
      const member = /^e-[a-z0-9]{10}$/.test(name) ? 'EnvironmentIds.member.1' : 'EnvironmentNames.member.1'
      const action = { Action: 'DescribeEnvironments', Version: '2010-12-01' }
      return inForm('elasticbeanstalk', { ...action, [member]: name })
    },
    resource(answer) {
      const [application, environment] = [only(answer, 'ApplicationName'), only(answer, 'EnvironmentName')]
      return application !== undefined && environment !== undefined
        ? `environment/${application}/${environment}`
        : undefined
    },
  },
}

/** Returns whether a kind is one of these. */
export function isNameLookUp(kind: LookUp): kind is NameLookUpKind {
  return Object.hasOwn(nameLookUps, kind)
}

/**
 * The ARN of a name at the upstream; undefined if it knows none. It is asked each time, because the next resource of
 * that name is another one. @throws NoReply if the upstream does not answer
 */
export async function arnOfName(
  kind: NameLookUpKind,
  name: string,
  call: Call,
  upstream: Upstream,
): Promise<string | undefined> {
  const { asked, resource } = nameLookUps[kind]
  const question = asked(name)
  const answer = await answerTo(question, call, upstream)
  const found = answer === undefined ? undefined : resource(answer)
  if (found === undefined || found.startsWith('arn:')) return found
  return `arn:${call.account.partition}:${question.service}:${call.region}:${call.account.id}:${found}`
}

/** The text of an element that occurs once in an answer. */
function only(answer: string, name: string): string | undefined {
  const found = [...elementsIn(answer)].filter((element) => element.name === name)
  const text = found[0]?.text.trim()
  return found.length === 1 && text !== '' ? text : undefined
}
