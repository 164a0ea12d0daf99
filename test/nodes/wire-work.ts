import { setTimeout as sleep } from 'node:timers/promises'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { type Credentials, STS } from '@aws-sdk/client-sts'
import { totpCode, totpStep } from '../../packages/server/src/directory/index.ts'
import type { ClientCredentials } from '../../packages/server/src/testing/index.ts'
import type { RealNode } from './real-node.ts'
import { account } from './twins.ts'
import { policy, type WireClients } from './wire-calls.ts'

/**
 * A user loses a permission and gets it back, again and again. What one node has acknowledged decides the next answer of
 * every node. Each denied change has an event: `denied` notes their request IDs.
 */
export async function revocations(clients: WireClients, denied: Set<string>): Promise<void> {
  let user = await newUser(clients)
  while (!clients.isOver) {
    const { UserName, credentials } = user
    // a Deny of its own for each round: what is executed late changes no later round
    const deny = { UserName, PolicyName: clients.name('deny') }
    const PolicyDocument = policy({ Effect: 'Deny', Action: '*', Resource: '*' })
    const put = await clients.ask((node) => node.client(IAM).putUserPolicy({ ...deny, PolicyDocument }))
    if ('refusal' in put) throw new Error(`PutUserPolicy was refused: ${put.refusal}`)
    if ('unknown' in put) {
      user = await newUser(clients)
      continue
    }
    const look = (node: RealNode) => node.client(IAM, credentials).getUser({ UserName })
    await clients.expectEverywhere('after a revocation', 'AccessDenied', look)
    const GroupName = clients.name('group')
    const change = await clients.ask((node) => node.client(IAM, credentials).createGroup({ GroupName }))
    if ('answer' in change) clients.problem(`${GroupName} was created after a revocation`)
    if ('refusal' in change) denied.add(change.requestId)
    await clients.surely((node) => node.client(IAM).deleteUserPolicy(deny), 'NoSuchEntity')
    await clients.expectEverywhere('after the permission is back', 'an answer', look)
  }
}

/** A user who may do everything. */
async function newUser(clients: WireClients) {
  for (;;) {
    const UserName = clients.name('user')
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
    await clients.surely((node) => node.client(IAM).createUser({ UserName }), 'EntityAlreadyExists')
    const made = await clients.ask((node) => node.client(IAM).createAccessKey({ UserName }))
    await clients.surely((node) => node.client(IAM).attachUserPolicy({ UserName, PolicyArn }))
    if (!('answer' in made)) continue // the key was in the answer
    const { AccessKeyId = '', SecretAccessKey = '' } = made.answer.AccessKey ?? {}
    return { UserName, credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } }
  }
}

/** A trail of all events, which the nodes deliver to a folder. */
export async function newTrail(clients: WireClients): Promise<void> {
  const trail = clients.any().patientClient(CloudTrail)
  await trail.createTrail({ Name: 'all', S3BucketName: 'all-events', IsMultiRegionTrail: true })
  await trail.startLogging({ Name: 'all' })
}

/** Makes a member account of an organization, while nothing fails, and returns its ID. */
export async function newMember(clients: WireClients): Promise<string> {
  const org = clients.any().patientClient(Organizations)
  await org.createOrganization({ FeatureSet: 'ALL' })
  const { Roots = [] } = await org.listRoots({})
  await org.enablePolicyType({ RootId: Roots[0]!.Id!, PolicyType: 'SERVICE_CONTROL_POLICY' })
  const { CreateAccountStatus: made } = await org.createAccount({
    AccountName: 'member',
    Email: 'member@example.com',
  })
  const { CreateAccountStatus: status } = await org.describeCreateAccountStatus({
    CreateAccountRequestId: made!.Id!,
  })
  return status!.AccountId!
}

/** Begins a session in the member account. It ends after an hour, so each history has its own. */
export async function memberSession(clients: WireClients, member: string): Promise<ClientCredentials> {
  const RoleArn = `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`
  const { Credentials } = await clients
    .any()
    .patientClient(STS)
    .assumeRole({ RoleArn, RoleSessionName: clients.name('in-member') })
  return credentialsOf(Credentials)
}

/** An SCP of the management account denies what the member's session does, and no longer does, again and again. */
export async function guardrails(
  clients: WireClients,
  TargetId: string,
  session: ClientCredentials,
): Promise<void> {
  let isCertain = true
  while (!clients.isOver) {
    const made = await clients.ask((node) =>
      node.client(Organizations).createPolicy({
        Name: clients.name('scp'),
        Description: '',
        Type: 'SERVICE_CONTROL_POLICY',
        Content: policy({ Effect: 'Deny', Action: ['iam:ListUsers', 'iam:CreateGroup'], Resource: '*' }),
      }),
    )
    if (!('answer' in made)) continue
    const target = { PolicyId: made.answer.Policy!.PolicySummary!.Id!, TargetId }
    const attached = await clients.ask((node) => node.client(Organizations).attachPolicy(target))
    // it may be attached later, if its node is paused: nothing is certain but denials
    if ('unknown' in attached) isCertain = false
    const look = (node: RealNode) => node.client(IAM, session).listUsers({})
    if ('answer' in attached) {
      // what changes the member alone must be refused by the state of the management account, too
      await clients.expectEverywhere('a change after an SCP', 'AccessDenied', (node) =>
        node.client(IAM, session).createGroup({ GroupName: clients.name('group') }),
      )
      await clients.expectEverywhere('after an SCP', 'AccessDenied', look)
    }
    await clients.surely(
      (node) => node.client(Organizations).detachPolicy(target),
      'PolicyNotAttachedException',
    )
    if (isCertain) await clients.expectEverywhere('after an SCP is gone', 'an answer', look)
    await clients.ask((node) => node.client(Organizations).deletePolicy({ PolicyId: target.PolicyId }))
  }
}

/**
 * Detaches the SCPs of the member, before anything fails: a call of an earlier history that nobody heard the end of may have
 * attached one after all.
 */
export async function detachGuardrails(clients: WireClients, TargetId: string): Promise<void> {
  const org = clients.any().patientClient(Organizations)
  const { Policies = [] } = await org.listPoliciesForTarget({ TargetId, Filter: 'SERVICE_CONTROL_POLICY' })
  for (const { Id: PolicyId, AwsManaged } of Policies)
    if (AwsManaged !== true) await org.detachPolicy({ PolicyId: PolicyId!, TargetId })
}

/** One code of an MFA device is offered to all nodes at once: one takes it, or none if some do not answer. */
export async function oneCode(clients: WireClients): Promise<void> {
  const { UserName, credentials } = await newUser(clients)
  const device = await clients.ask((node) =>
    node.client(IAM).createVirtualMFADevice({ VirtualMFADeviceName: clients.name('device') }),
  )
  if (!('answer' in device)) return
  const { SerialNumber = '', Base32StringSeed } = device.answer.VirtualMFADevice ?? {}
  const seed = fromBase32(Buffer.from(Base32StringSeed!).toString())
  const step = totpStep(Date.now())
  const enabled = await clients.ask((node) =>
    node.client(IAM).enableMFADevice({
      UserName,
      SerialNumber,
      AuthenticationCode1: totpCode(seed, step - 2),
      AuthenticationCode2: totpCode(seed, step - 1),
    }),
  )
  if (!('answer' in enabled)) return
  const TokenCode = totpCode(seed, step)
  const heard = await clients.everywhere((node) =>
    node.client(STS, credentials).getSessionToken({ SerialNumber, TokenCode }),
  )
  const [taken, lost] = (['answer', 'unknown'] as const).map(
    (kind) => heard.filter(([, each]) => kind in each).length,
  )
  if (taken! > 1 || (taken === 0 && lost === 0))
    clients.problem(`${taken} of ${heard.length} nodes took one MFA code`)
}

/** A revocation by aws:TokenIssueTime reaches the session that a node minted, whatever the clock of its machine. */
export async function endedSession(clients: WireClients, minter: number): Promise<void> {
  const RoleName = clients.name('role')
  const iam = clients.any().patientClient(IAM)
  const trust = policy({ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' })
  await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust })
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
  await iam.putRolePolicy({ RoleName, PolicyName: 'all', PolicyDocument: policy(everything) })
  const RoleArn = `arn:aws:iam::${account}:role/${RoleName}`
  const { Credentials } = await clients.cluster.nodes[minter]!.patientClient(STS).assumeRole({
    RoleArn,
    RoleSessionName: clients.name('ended'),
  })
  const session = credentialsOf(Credentials)
  const look = (node: RealNode) => node.client(IAM, session).getRole({ RoleName })
  await clients.expectEverywhere('a new session', 'an answer', look)
  const now = new Date(Date.now() + 1_000).toISOString()
  const deny = { ...everything, Effect: 'Deny', Condition: { DateLessThan: { 'aws:TokenIssueTime': now } } }
  await iam.putRolePolicy({ RoleName, PolicyName: 'ended', PolicyDocument: policy(deny) })
  await clients.expectEverywhere('a session that was ended', 'AccessDenied', look)
}

/** Wrong passwords count wherever they are tried. */
export async function guesses(clients: WireClients): Promise<void> {
  const userName = clients.name('guessed')
  const iam = clients.any().patientClient(IAM)
  await iam.createUser({ UserName: userName })
  await iam.createLoginProfile({ UserName: userName, Password: 'Right-Password-1' })
  let unanswered = 0
  const tryAt = async (node: RealNode, password: string): Promise<number> => {
    for (;;) {
      const response = await fetch(`${node.url}/signin/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ account, userName, password }),
      })
      if (response.status !== 503) return response.status
      // a busy machine: clients try again, and the guess may count or not
      clients.cluster.journal.note(`${node.name} answers a guess with 503: ${await response.text()}`)
      unanswered++
      await sleep(1_000)
    }
  }
  const statuses: number[] = []
  for (let guess = 0; guess < 6; guess++) {
    const node = clients.cluster.nodes[guess % 3]! // there are three
    statuses.push(await tryAt(node, guess === 5 ? 'Right-Password-1' : 'Wrong-Password-1'))
  }
  const wrong = statuses.filter((status) => status === 401).length
  const isLimited = statuses.slice(wrong).every((status) => status === 429)
  if (wrong > 5 || wrong < 5 - unanswered || !isLimited)
    clients.problem(`guesses: ${statuses}, and ${unanswered} answers of 503`)
}

function credentialsOf(made: Credentials | undefined): ClientCredentials {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = made ?? {}
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

function fromBase32(text: string): Uint8Array {
  const bits = [...text.replace(/=+$/, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}
