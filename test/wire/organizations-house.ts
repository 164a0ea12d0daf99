import assert from 'node:assert/strict'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations, type PolicyType } from '@aws-sdk/client-organizations'
import { type Credentials, STS } from '@aws-sdk/client-sts'
import { type As, type ClientCredentials, createOmen } from 'omen-iam'
import { refusalSentence } from '../../packages/server/src/authorization/index.ts'
import { parseAccountId } from '../../packages/server/src/base/index.ts'
import { accessKeys, roles } from '../../packages/server/src/directory/index.ts'
import {
  accessKeyPurpose,
  mint,
  newAccessKeyId,
  newSecretKey,
} from '../../packages/server/src/session/index.ts'
import { policyText } from '../kit/index.ts'

export const managementId = '123456789012'

/** The clients of one account's hand. */
export interface Hand {
  readonly organizations: Organizations
  readonly iam: IAM
  readonly sts: STS
}

/** A server with what the tests of Organizations do again and again. */
export async function openOrganizationServer(options: Parameters<typeof createOmen>[0] = {}) {
  const omen = await createOmen({ account: managementId, authorizationIds: false, ...options })
  const hand = (as: As): Hand => {
    const clients = {
      organizations: omen.client(Organizations, as),
      iam: omen.client(IAM, as),
      sts: omen.client(STS, as),
    }
    // clients sign by the machine's clock: they follow the server's where a test has moved it
    const offset = omen.clock.now() - Date.now()
    for (const client of Object.values(clients)) client.config.systemClockOffset = offset
    return clients
  }
  const management = hand('admin')
  let made = 0

  /** A new account of the organization, and its number. */
  const makeAccount = async (): Promise<string> => {
    const name = `member-${++made}`
    const { CreateAccountStatus: asked } = await management.organizations.createAccount({
      AccountName: name,
      Email: `${name}@example.com`,
    })
    assert.equal(asked?.State, 'IN_PROGRESS')
    const { CreateAccountStatus: status } = await management.organizations.describeCreateAccountStatus({
      CreateAccountRequestId: asked?.Id,
    })
    assert.equal(status?.State, 'SUCCEEDED')
    assert.ok(status?.AccountId)
    return status.AccountId
  }

  /** Wears an account's OrganizationAccountAccessRole. */
  const enter = async (account: string, by: Hand = management): Promise<Hand> => {
    const { Credentials: given } = await by.sts.assumeRole({
      RoleArn: `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`,
      RoleSessionName: 'visitor',
    })
    return hand(clientCredentials(given))
  }

  /** The key of a new user of the management account who may do the actions named. */
  const makeUser = async (UserName: string, ...actions: string[]): Promise<ClientCredentials> => {
    const { iam } = management
    await iam.createUser({ UserName })
    if (actions.length > 0) {
      const PolicyDocument = policy({ Effect: 'Allow', Action: actions, Resource: '*' })
      await iam.putUserPolicy({ UserName, PolicyName: 'actions', PolicyDocument })
    }
    const { AccessKey: key } = await iam.createAccessKey({ UserName })
    assert.ok(key?.AccessKeyId && key.SecretAccessKey)
    return { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }
  }

  /** A key of an account's root user, put there by hand: nobody else can make one. */
  const rootKey = async (id: string): Promise<ClientCredentials> => {
    const account = accountOf(id)
    const { directory, vault, random } = omen.omen.deps
    const key = { accessKeyId: newAccessKeyId(account.id, random), secretAccessKey: newSecretKey(random) }
    account.table(accessKeys).put({
      id: key.accessKeyId,
      owner: 'root',
      active: true,
      createdAt: 0,
      sealedSecret: vault.sealText(accessKeyPurpose, key.secretAccessKey),
    })
    await directory.commit([])
    return key
  }

  /** A session of AWSServiceRoleForOrganizations, which only its service can begin. */
  const serviceLinkedSession = (id: string): ClientCredentials => {
    const account = accountOf(id)
    const role = account.table(roles).findBy('name', 'awsservicerolefororganizations')
    assert.ok(role)
    const { tokens, random, clock } = omen.omen.deps
    const now = clock.now()
    const { credentials } = mint(
      {
        kind: 'role',
        account: account.id,
        roleId: role.id,
        sessionName: 'organizations',
        origin: 'service',
        issuedAt: now,
        expiresAt: now + 900_000,
        chain: [],
      },
      tokens,
      random,
    )
    return credentials
  }

  const accountOf = (id: string) => {
    const number = parseAccountId(id)
    const account = number && omen.omen.deps.directory.loaded(number)
    assert.ok(account)
    return account
  }

  const rootId = async (): Promise<string> => {
    const { Roots: roots } = await management.organizations.listRoots({})
    assert.ok(roots?.[0]?.Id)
    return roots[0].Id
  }

  const makeUnit = async (parent: string, name: string): Promise<string> => {
    const made = await management.organizations.createOrganizationalUnit({ ParentId: parent, Name: name })
    assert.ok(made.OrganizationalUnit?.Id)
    return made.OrganizationalUnit.Id
  }

  const makePolicy = async (
    name: string,
    statement: object,
    type: PolicyType = 'SERVICE_CONTROL_POLICY',
  ): Promise<string> => {
    const made = await management.organizations.createPolicy({
      Name: name,
      Description: '',
      Type: type,
      Content: policy(statement),
    })
    assert.ok(made.Policy?.PolicySummary?.Id)
    return made.Policy.PolicySummary.Id
  }

  /** The engine's sentence about a refused call; the answer itself has the same words for all. */
  const whyRefused = async (call: Promise<unknown>): Promise<string> => {
    assert.deepEqual(await refused(call), [
      'AccessDeniedException',
      "You don't have permissions to access this resource.",
    ])
    const denied = omen.omen.deps.decisions.lastDenial()?.judged.at(-1)
    return denied === undefined ? '' : refusalSentence(denied)
  }

  return {
    omen,
    hand,
    whyRefused,
    management,
    makeAccount,
    makeUser,
    enter,
    rootKey,
    serviceLinkedSession,
    rootId,
    makeUnit,
    makePolicy,
  }
}

export function policy(...statements: object[]): string {
  return policyText(...statements)
}

export function clientCredentials(given: Credentials | undefined): ClientCredentials {
  assert.ok(given?.AccessKeyId && given.SecretAccessKey && given.SessionToken)
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given
  return { accessKeyId, secretAccessKey, sessionToken }
}

/** What a refused call was refused with: `Code` or `Code (REASON)`, and the text. */
export async function refused(call: Promise<unknown>): Promise<readonly [code: string, text: string]> {
  try {
    await call
  } catch (error) {
    assert.ok(error instanceof Error)
    const reason = 'Reason' in error && error.Reason !== undefined ? ` (${error.Reason})` : ''
    return [`${error.name}${reason}`, error.message]
  }
  assert.fail('the call was not refused')
}
