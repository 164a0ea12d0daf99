import { listCallOf, notInLists } from '../../intake/index.ts'
import { print, safe, shownArgument } from '../output.ts'
import type { Line } from './lines.ts'

/** Facts that are missing, and how many rows each set of them decides. */
export interface Waiting {
  /** The rows that are undecided because of missing facts. */
  readonly rows: number
  /**
   * The most decisive fact first: each with the number of rows that wait for no other fact once it and those before it
   * are known.
   */
  readonly facts: readonly { readonly fact: string; readonly decided: number }[]
}

/** The most facts that are named. */
const mostFacts = 5

/** The facts that the undecided rows of a list wait for: those first that decide most rows together with those before them. */
export function waitingOf(lines: readonly Line[]): Waiting {
  const open = lines.flatMap((line) => {
    const facts = missingIn(line)
    return line.verdict === 'undecided' && facts.size > 0 ? [facts] : []
  })
  const rows = open.length
  const facts: { readonly fact: string; readonly decided: number }[] = []
  let left = open
  while (left.length > 0 && facts.length < mostFacts) {
    const counts = new Map<string, number>()
    for (const each of left)
      for (const fact of each) counts.set(fact, (counts.get(fact) ?? 0) + 1 / each.size)
    const [best] = [...counts].sort(([, one], [, other]) => other - one)
    if (best === undefined) break
    const [fact] = best
    left = left.map((each) => new Set([...each].filter((other) => other !== fact)))
    facts.push({ fact, decided: left.filter(({ size }) => size === 0).length })
    left = left.filter(({ size }) => size > 0)
  }
  return { rows, facts }
}

function missingIn({ path, facts = [] }: Line): ReadonlySet<string> {
  const ofSteps = (path?.steps ?? []).flatMap((step) => step.facts.filter(({ known }) => known === 'unknown'))
  return new Set([...facts, ...ofSteps.map(({ value }) => value)])
}

/** Says after a list for which facts its undecided rows wait, and how they are read. */
export function printWaiting(lines: readonly Line[]): void {
  const { rows, facts } = waitingOf(lines)
  if (rows === 0) return
  const decided = facts.reduce((sum, each) => sum + each.decided, 0)
  const count = facts.length === 1 ? 'one fact decides' : `${facts.length} facts decide`
  print(`\n${count} ${decided} of ${rows} undecided ${rows === 1 ? 'row' : 'rows'}:\n`)
  for (const { fact, decided: more } of facts) {
    const call = callFor(fact)
    print(
      `  ${safe(fact)} (${more} ${more === 1 ? 'row' : 'rows'})${call === undefined ? '' : `: ${call}`}\n`,
    )
  }
}

/** Read-only calls that have what a fact asks for, by what the fact names. Names in capitals are values of the user. [GRD-725] */
const calls: readonly (readonly [RegExp, string])[] = [
  [/^the policy of (arn:[^:]*:kms:\S+) /, 'aws kms get-key-policy --policy-name default --key-id $1'],
  [
    /^the policy of (arn:[^:]*:sqs:\S+) /,
    'aws sqs get-queue-attributes --attribute-names Policy --queue-url QUEUE_URL',
  ],
  [/^the policy of (arn:[^:]*:secretsmanager:\S+) /, 'aws secretsmanager get-resource-policy --secret-id $1'],
  [/^the policy of (arn:[^:]*:lambda:\S+) /, 'aws lambda get-policy --function-name $1'],
  [/^the policy of (arn:[^:]*:sns:\S+) /, 'aws sns get-topic-attributes --topic-arn $1'],
  [/^the policy of arn:[^:]*:s3:::(\S+) /, 'aws s3api get-bucket-policy --bucket $1'],
  [/^(arn:\S+:policy\/\S+) is in no file$/, 'aws iam get-account-authorization-details'],
  [/password|login profile|access key|MFA/i, 'aws iam get-credential-report'],
  [
    /^the inventory does not say (?:launchedBy|whether something launches)/,
    'aws autoscaling describe-auto-scaling-groups',
  ],
  [/^the inventory does not say (?:instanceProfile|state)/, 'aws ec2 describe-instances'],
  [/^the inventory does not say ssmAgent|agent connects/, 'aws ssm describe-instance-information'],
  [/^the inventory does not say sshReachable/, 'aws ec2 describe-security-groups'],
  [/^the inventory does not say containerInstances/, 'aws ecs describe-clusters --clusters CLUSTER'],
  [
    /^the inventory does not say (?:service|enableExecuteCommand)/,
    'aws ecs describe-tasks --cluster CLUSTER --tasks TASK',
  ],
  [
    /^the inventory does not say (?:instances|whether it has a stack)/,
    'aws cloudformation list-stack-instances --stack-set-name STACK_SET',
  ],
  [
    /^the inventory does not say tools/,
    'aws bedrock-agent list-agent-action-groups --agent-id AGENT --agent-version DRAFT',
  ],
  [/^the inventory does not say url/, 'aws lambda list-function-url-configs --function-name FUNCTION'],
  [/^the inventory does not say invokedBy/, 'aws lambda get-policy --function-name FUNCTION'],
  [/^the inventory does not say batch/, 'aws codebuild batch-get-projects --names PROJECT'],
  [/code signing/, 'aws lambda get-function-code-signing-config --function-name FUNCTION'],
  [/identity pool/, 'aws cognito-identity describe-identity-pool --identity-pool-id POOL'],
  [/IAM Identity Center/, 'aws sso-admin list-instances'],
  [
    /permission set/,
    'aws sso-admin list-account-assignments --instance-arn INSTANCE --account-id ACCOUNT --permission-set-arn PERMISSION_SET',
  ],
  [/root access/, 'aws iam list-organizations-features'],
  [/manages the organization|leave the organization/, 'aws organizations describe-organization'],
  [/delegated administrator/, 'aws organizations list-delegated-administrators'],
  [/the provider exists/, 'aws iam list-open-id-connect-providers'],
  [/^the inventory /, 'omen import --how'],
]

/** The read-only call that has a fact; undefined if no call has it. */
export function callFor(fact: string): string | undefined {
  const listed = /^the inventory has no list of (AWS::[\w:]+)/.exec(fact)?.[1]
  const list = listed === undefined ? undefined : listCallOf(listed)
  if (list !== undefined) return `aws ${list}`
  const why = notInLists[listed ?? '']
  if (why !== undefined) return `no read-only call (${why})`
  for (const [pattern, call] of calls) {
    const found = pattern.exec(fact)
    if (found !== null) return call.replace('$1', () => shownArgument(found[1] ?? ''))
  }
  return undefined
}
