import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { account } from '../../../../test/kit/index.ts'
import {
  type Call,
  hypotheticalCall,
  hypotheticalCaller,
  type Judged,
  judge,
  principalOf,
} from '../authorization/index.ts'
import { type AccountId, Fault } from '../base/index.ts'
import { users } from '../directory/index.ts'
import { findOperation, loadModel, type ServiceId } from '../model/index.ts'
import { callOf } from './assume-for-service.ts'
import { openServer } from './fixture.ts'
import { eventsOf, type Outcome } from './record.ts'
import { denialOf, failedDenialOf, unknownDenialOf } from './watch/denials.ts'
import { tryOut } from './watch/try-out.ts'

const other = '210987654321' as AccountId
const plain: Outcome = {
  input: { UserName: 'bob' },
  output: {},
  fault: undefined,
  wouldDeny: undefined,
  notes: {},
  readOnly: false,
}

async function calls(t: Parameters<typeof openServer>[0]) {
  const server = await openServer(t, account)
  await server.call('iam:CreateUser', { UserName: 'ann' })
  const owner = await server.account()
  const origin = { sourceIp: '192.0.2.1', userAgent: 'agent', host: 'iam.amazonaws.com', secure: true }
  const byAnn = hypotheticalCall(
    hypotheticalCaller('ann', owner, server.clock.now()),
    owner,
    server.deps,
    origin,
  )
  const calling = (service: ServiceId, name: string, more: Partial<Call> = {}): Call => {
    const model = loadModel(service)
    return { ...byAnn, service: model, operation: findOperation(model, name)!, ...more }
  }
  const recorded = (call: Call, outcome: Partial<Outcome> = {}) =>
    eventsOf(call, { ...plain, ...outcome }).map((event) => ({ ...JSON.parse(event.json), stored: event }))
  return { ...server, owner, calling, recorded }
}

describe('the events of a call', () => {
  test('say who called what from where, with what, and what came of it', async (t) => {
    const { calling, recorded } = await calls(t)
    const call = calling('iam', 'CreateUser')
    const [event, ...others] = recorded(call, { output: { User: { UserName: 'bob', Path: '/' } } })
    assert.deepEqual(others, [])
    assert.deepEqual(
      [
        event.eventSource,
        event.eventName,
        event.eventType,
        event.requestID,
        event.sourceIPAddress,
        event.userAgent,
      ],
      ['iam.amazonaws.com', 'CreateUser', 'AwsApiCall', call.id, '192.0.2.1', 'agent'],
    )
    assert.deepEqual(event.requestParameters, { userName: 'bob' })
    assert.deepEqual(event.responseElements, { user: { userName: 'bob', path: '/' } })
    assert.equal(event.userIdentity.userName, 'ann')
    assert.equal(event.stored.username, 'ann')
    assert.deepEqual(
      [event.readOnly, event.managementEvent, event.recipientAccountId],
      [false, true, account],
    )
    assert.ok(!('sharedEventID' in event) && !('errorCode' in event) && !('additionalEventData' in event))
  })

  test('have no answer of a read or a failure, and no parameters of a denial (TRL-8)', async (t) => {
    const { calling, recorded } = await calls(t)
    const read = recorded(calling('iam', 'GetUser'), { readOnly: true, output: { User: {} } })[0]
    assert.deepEqual([read.responseElements, read.requestParameters], [null, { userName: 'bob' }])
    // a session is made by what AWS calls a read
    const session = { Credentials: { AccessKeyId: 'ASIA' } }
    const made = recorded(calling('sts', 'GetSessionToken'), {
      readOnly: true,
      input: {},
      output: session,
    })[0]
    assert.equal(made.responseElements.credentials.accessKeyId, 'ASIA')
    const failing = (code: string) =>
      recorded(calling('iam', 'CreateUser'), { fault: new Fault(code, 'no', 400), output: { User: {} } })[0]
    const failed = failing('EntityAlreadyExists')
    assert.deepEqual(
      [failed.errorCode, failed.requestParameters, failed.responseElements],
      ['EntityAlreadyExistsException', { userName: 'bob' }, null],
    )
    for (const code of ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'])
      assert.equal(failing(code).requestParameters, null, code)
    assert.equal(recorded(calling('iam', 'CreateUser'), { input: undefined })[0].requestParameters, null)
    assert.equal(recorded(calling('iam', 'ListUsers'), { readOnly: true })[0].responseElements, null)
  })

  test('take the notes of the operation in place of what was sent', async (t) => {
    const { calling, recorded } = await calls(t)
    const call = calling('iam', 'CreateUser')
    const notes = {
      requestParameters: { a: 1 },
      responseElements: { b: 2 },
      additionalEventData: { c: 3 },
      resources: [{ accountId: account, type: 'AWS::IAM::User', ARN: 'arn:u' }],
    }
    const [event] = recorded(call, { notes })
    assert.deepEqual(
      [event.requestParameters, event.responseElements, event.additionalEventData],
      [{ a: 1 }, { b: 2 }, { c: 3 }],
    )
    assert.deepEqual(event.resources, notes.resources)
    const failed = recorded(call, { notes, fault: new Fault('NoSuchEntity', 'no', 404) })[0]
    assert.ok(!('resources' in failed))
    assert.deepEqual([failed.requestParameters, failed.responseElements], [{ a: 1 }, null])
    assert.deepEqual(recorded(call, { notes: { unrecorded: true } }), [])
    const [first] = recorded(call)
    const further = [first.stored]
    assert.equal(recorded(call, { notes: { further } }).length, 2)
    assert.deepEqual(
      recorded(call, { notes: { further, unrecorded: true } }).map(({ stored }) => stored),
      further,
    )
  })

  test('are in each other account that the call concerns, under one shared id', async (t) => {
    const { calling, recorded } = await calls(t)
    const call = calling('sts', 'AssumeRole')
    const notes = { alsoIn: [account, other] }
    const [own, theirs, ...more] = recorded(call, { notes, input: {} })
    assert.deepEqual(more, [])
    assert.deepEqual([own.recipientAccountId, theirs.recipientAccountId], [account, other])
    assert.equal(own.sharedEventID, theirs.sharedEventID)
    assert.notEqual(own.eventID, theirs.eventID)
    assert.deepEqual([own.stored.username, theirs.stored.username], ['ann', undefined])
    assert.ok(!('userName' in theirs.userIdentity))
    // only accounts that are here get the refusal
    assert.equal(recorded(call, { notes, input: {}, fault: new Fault('AccessDenied', 'no', 403) }).length, 1)
  })

  test('of a service within one account have a shared id as well, and the service as their source (TRL-42)', async (t) => {
    const { recorded, deps, owner, calling } = await calls(t)
    const call = callOf({ account: owner, service: 'lambda.amazonaws.com' }, deps)
    const [event] = recorded(call, { input: {} })
    assert.deepEqual(
      [event.sourceIPAddress, event.userAgent],
      ['lambda.amazonaws.com', 'lambda.amazonaws.com'],
    )
    assert.match(event.sharedEventID, /-/)
    assert.ok(
      !('sharedEventID' in recorded(call, { input: {}, fault: new Fault('AccessDenied', 'no', 403) })[0]),
    )
    const invoked = calling('iam', 'CreateUser')
    const through = { ...invoked, origin: { ...invoked.origin, invokedBy: 'cloudformation.amazonaws.com' } }
    const [made] = recorded(through)
    assert.equal(made.sourceIPAddress, 'cloudformation.amazonaws.com')
    assert.equal(made.userIdentity.invokedBy, 'cloudformation.amazonaws.com')
    assert.ok(!('tlsDetails' in made))
  })

  test('of STS say which endpoint answered, unless they failed or a service called (TRL-47)', async (t) => {
    const { calling, recorded, deps, owner } = await calls(t)
    const detailsOf = (call: Call, outcome: Partial<Outcome> = {}) =>
      recorded(call, { input: {}, ...outcome })[0].additionalEventData?.RequestDetails
    const call = calling('sts', 'GetCallerIdentity', { region: 'eu-west-1' })
    const at = (host: string) => ({ ...call, origin: { ...call.origin, host } })
    assert.deepEqual(detailsOf(at('sts.eu-west-1.amazonaws.com')), {
      endpointType: 'regional',
      awsServingRegion: 'eu-west-1',
    })
    assert.deepEqual(detailsOf(at('sts.amazonaws.com')), {
      endpointType: 'global',
      awsServingRegion: 'eu-west-1',
    })
    assert.equal(detailsOf(call, { fault: new Fault('AccessDenied', 'no', 403) }), undefined)
    assert.equal(detailsOf(callOf({ account: owner, service: 'lambda.amazonaws.com' }, deps)), undefined)
    assert.equal(detailsOf({ ...call, origin: { ...call.origin, invokedBy: 'x' } }), undefined)
    assert.equal(detailsOf(calling('iam', 'CreateUser')), undefined)
  })

  test('that a service records on its own have no request and no source (TRL-45)', async (t) => {
    const { calling, recorded } = await calls(t)
    const serviceEvents = [
      { account: other, name: 'Made', details: { a: 1 } },
      { account, name: 'By', by: 'x.amazonaws.com', readOnly: true, details: { b: 2 } },
    ]
    const call = calling('iam', 'CreateUser')
    const [, made, by] = recorded(call, { notes: { serviceEvents } as never })
    assert.deepEqual(
      [
        made.eventType,
        made.eventName,
        made.eventSource,
        made.sourceIPAddress,
        made.userAgent,
        made.readOnly,
        made.recipientAccountId,
      ],
      [
        'AwsServiceEvent',
        'Made',
        'iam.amazonaws.com',
        'iam.amazonaws.com',
        'iam.amazonaws.com',
        false,
        other,
      ],
    )
    assert.deepEqual(
      [made.requestParameters, made.responseElements, made.serviceEventDetails],
      [null, null, { a: 1 }],
    )
    assert.deepEqual(made.userIdentity, { accountId: other, invokedBy: 'iam.amazonaws.com' })
    assert.ok(!('requestID' in made))
    assert.deepEqual(
      [by.sourceIPAddress, by.eventSource, by.readOnly],
      ['x.amazonaws.com', 'iam.amazonaws.com', true],
    )
    const failed = { notes: { serviceEvents } as never, fault: new Fault('NoSuchEntity', 'no', 404) }
    assert.equal(recorded(call, failed).length, 1)
  })

  test('say what audit mode would have denied', async (t) => {
    const { calling, recorded } = await calls(t)
    const asked = calling('iam', 'CreateUser')
    const wouldDeny: Judged = judge(
      { action: 'iam:CreateUser', resource: '*' },
      principalOf(asked.caller as never),
      asked,
    )
    const [event] = recorded(asked, { wouldDeny })
    assert.match(
      event.additionalEventData.wouldDeny,
      /not authorized to perform: iam:CreateUser .* because no identity-based policy allows/,
    )
  })
})

test('a change that opens a path is refused in the words of its API', async (t) => {
  const { calling } = await calls(t)
  const tail = 'This server refuses such changes (--refuse-new-admin-paths), except from root of the account.'
  const from = { from: `arn:aws:iam::${account}:user/ann`, name: 'user/ann' } as Parameters<
    typeof denialOf
  >[1]
  const told = ({ code, message, status }: Fault) => [code, message, status]
  assert.deepEqual(told(denialOf(calling('iam', 'CreateUser'), from)), [
    'AccessDenied',
    `iam:CreateUser would open a path to an administrator for user/ann. ${tail}`,
    403,
  ])
  const theirs = { ...from, from: `arn:aws:iam::${other}:user/ann` }
  assert.match(
    denialOf(calling('ec2', 'RunInstances'), theirs).message,
    new RegExp(`for arn:aws:iam::${other}:user/ann`),
  )
  assert.equal(denialOf(calling('ec2', 'RunInstances'), from).code, 'UnauthorizedOperation')
  assert.equal(denialOf(calling('lambda', 'CreateFunction'), from).code, 'AccessDeniedException')
  assert.equal(
    unknownDenialOf(calling('iam', 'CreateUser'), { why: 'it took too long', principals: 3 } as never)
      .message,
    `iam:CreateUser may open a path to an administrator: it took too long, and 3 users and roles could not be searched to the end. ${tail}`,
  )
  assert.equal(
    failedDenialOf(calling('iam', 'CreateUser')).message,
    `iam:CreateUser may open a path to an administrator: the search could not be made. ${tail}`,
  )
})

test('an operation that is tried out changes nothing, and is looked at only if it would', async (t) => {
  const { calling, deps, owner } = await calls(t)
  const call = { ...calling('iam', 'CreateUser'), mode: 'off' as const }
  const table = owner.table(users)
  const ann = table.findBy('name', 'ann')!
  const operation = (more: object) =>
    ({ requests: () => [], readOnly: false, run: () => ({}), ...more }) as never
  const looks: string[] = []
  const tried = (more: object, given: Call = call) =>
    tryOut(deps, operation(more), {}, given, () => {
      looks.push([...table.values()].map(({ path }) => path).join())
      return 7
    })
  const rename = () => table.put({ ...ann, path: '/x/' })
  assert.equal(await tried({ run: rename }), 7)
  assert.deepEqual(looks.splice(0), ['/,/x/'])
  assert.equal(table.findBy('name', 'ann')?.path, '/')
  assert.equal(deps.directory.hasChanges, false)
  const order: string[] = []
  const prepared = (_input: object, given: Call, what: unknown) => {
    order.push(`run ${what} ${given.caller.kind}`)
    rename()
  }
  await tried({
    identify: async () => ({ kind: 'anonymous', account }),
    beforehand: async (_: object, given: Call) => order.push(`before ${given.caller.kind}`),
    prepare: async () => 'ready',
    run: prepared,
  })
  assert.deepEqual(order, ['before anonymous', 'run ready anonymous'])
  looks.length = 0
  assert.equal(await tried({}), undefined)
  assert.equal(await tried({ act: async () => {}, run: rename }), undefined)
  assert.equal(await tried({ run: () => Promise.reject }), undefined)
  const refusing = () => {
    rename()
    throw new Fault('NoSuchEntity', 'no', 404)
  }
  assert.equal(await tried({ run: refusing }), undefined)
  assert.equal(deps.directory.hasChanges, false)
  const denied = { requests: () => [{ action: 'iam:CreateUser', resource: '*' }], run: rename }
  assert.equal(await tried(denied, { ...call, mode: 'enforce' }), undefined)
  assert.deepEqual(looks, [])
  assert.equal(await tried(denied), 7)
  await assert.rejects(
    tried({
      run: () => {
        throw new TypeError('ours')
      },
    }),
    /ours/,
  )
})
