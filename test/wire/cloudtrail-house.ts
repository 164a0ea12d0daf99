import assert from 'node:assert/strict'
import { CloudTrail, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail'
import { EC2 } from '@aws-sdk/client-ec2'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { type As, type CreateOmenOptions, createOmen, type RunningOmen } from 'omen-iam'
import { policyText } from '../kit/index.ts'

/** Any event, as parsed from CloudTrailEvent. */
export type EventRecord = Record<string, unknown> & {
  userIdentity: Record<string, unknown>
  eventName: string
  eventID: string
}

/** A server with clients of all that makes events, and what reads them. */
export async function openTrailServer(options: CreateOmenOptions = {}) {
  const omen = await createOmen(options)
  const clients: { destroy(): void }[] = []
  const made = <C extends { destroy(): void }>(client: C): C => {
    clients.push(client)
    return client
  }
  const once = { maxAttempts: 2 } // a client learns of the server's time by its first try
  const as = (who: As) => ({
    iam: made(new IAM({ ...omen.clientConfig(who), ...once })),
    sts: made(new STS({ ...omen.clientConfig(who), ...once })),
    ec2: made(new EC2({ ...omen.clientConfig(who), ...once })),
    cloudtrail: made(new CloudTrail({ ...omen.clientConfig(who), ...once })),
  })
  const admin = as('admin')
  return {
    omen,
    as,
    ...admin,
    /** Events of a name in the admin's account, newest first. */
    async events(EventName: string, query: LookupEventsCommandInput = {}): Promise<readonly EventRecord[]> {
      const { Events: found = [] } = await admin.cloudtrail.lookupEvents({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: EventName }],
        ...query,
      })
      return found.map(({ CloudTrailEvent: text }) => JSON.parse(text!) as EventRecord)
    },
    /** The newest event of a name. */
    async event(name: string): Promise<EventRecord> {
      const [newest] = await this.events(name)
      assert.ok(newest, `no event ${name}`)
      return newest
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy()
      await omen.close()
    },
  }
}

/** A trust policy or an identity policy of one statement. */
export function allow(statement: Record<string, unknown>): string {
  return policyText({ Effect: 'Allow', ...statement })
}

/** Credentials as clients take them. */
export function credentialsOf(given: {
  AccessKeyId?: string | undefined
  SecretAccessKey?: string | undefined
  SessionToken?: string | undefined
}) {
  return {
    accessKeyId: given.AccessKeyId!,
    secretAccessKey: given.SecretAccessKey!,
    ...(given.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
  }
}

/** An event without what differs each time. */
export function lasting(event: EventRecord): Record<string, unknown> {
  const { eventID: _, requestID: __, eventTime: ___, userAgent: ____, sharedEventID: _____, ...rest } = event
  return rest
}

/** A new organization with one member: the organization's id and the member's number. */
export async function organizationWithMember(omen: RunningOmen): Promise<{ id: string; member: string }> {
  const organizations = new Organizations({ ...omen.clientConfig(), maxAttempts: 2 })
  const { Organization: organization } = await organizations.createOrganization({ FeatureSet: 'ALL' })
  const { CreateAccountStatus: status } = await organizations.createAccount({
    AccountName: 'other',
    Email: 'other@example.com',
  })
  for (let tries = 0; tries < 50; tries++) {
    const now = await organizations.describeCreateAccountStatus({ CreateAccountRequestId: status!.Id! })
    const member = now.CreateAccountStatus?.AccountId
    if (member === undefined) continue
    organizations.destroy()
    return { id: organization!.Id!, member }
  }
  return assert.fail('the account was not made')
}
