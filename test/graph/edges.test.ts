import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { CreateRoleCommand, CreateUserCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  edgeOf,
  exportAs,
  graphOf,
  readInventory,
  readOrganizations,
  readWorld,
  StepBudget,
} from '../../packages/server/src/graph/index.ts'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { account, allow, roleArn as role, userArn as user } from './account-file.ts'
import { ask } from './api-client.ts'

const policy = (...Statement: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement }, null, 2)

/** start may assume maker and invoker; maker makes a function with the role worn, and invoker alone invokes it. */
describe('a step that two principals make together', () => {
  let omen: RunningOmen
  const key = () => omen.keys.admin
  const makeRole = async (RoleName: string, Principal: object, ...statements: readonly object[]) => {
    const AssumeRolePolicyDocument = policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' })
    await omen.client(IAMClient).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
    if (statements.length > 0) await putPolicy(RoleName, ...statements)
  }
  const putPolicy = (RoleName: string, ...statements: readonly object[]) =>
    omen
      .client(IAMClient)
      .send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy(...statements) }))

  before(async () => {
    omen = await createOmen()
    await omen.client(IAMClient).send(new CreateUserCommand({ UserName: 'start' }))
    const nobody = { AWS: `arn:aws:iam::${account}:root` }
    await makeRole('worn', { Service: 'lambda.amazonaws.com' })
    const makes = [allow('iam:PassRole', role('worn')), allow('lambda:CreateFunction')]
    await makeRole('maker', { AWS: user('start') }, ...makes)
    await makeRole('invoker', { AWS: user('start') }, allow('lambda:InvokeFunction'))
    await makeRole('alone', nobody, ...makes, allow('lambda:InvokeFunction'), {
      ...allow('lambda:InvokeFunction'),
      Effect: 'Deny',
    })
    await makeRole('able', nobody, ...makes, allow('lambda:InvokeFunction'))
  })
  after(() => omen.close())

  it('names who must be held as well, with the text of the policy of each call', async () => {
    const { status, body } = await ask(omen, key(), 'GetEdge', { from: 'role/maker', to: 'role/worn' })
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.verdict, 'proven')
    const [way] = body.ways
    assert.deepEqual(
      way?.steps.flatMap(({ requests }) => requests.map(({ action, by }) => [action, by])),
      [
        ['iam:PassRole', undefined],
        ['lambda:CreateFunction', undefined],
        ['lambda:InvokeFunction', way?.alsoHeld?.[0]],
        ['sts:AssumeRole', undefined],
      ],
    )
    // able gets there by itself, so it is no partner; alone is refused the call as well
    assert.deepEqual(
      body.ways.map(({ alsoHeld }) => alsoHeld),
      [[role('invoker')]],
    )
    const places = way?.steps[0]?.requests.flatMap(({ decision }) => decision) ?? []
    for (const { policy: name, layer } of places)
      assert.ok(
        body.documents.some((each) => each.policy === name && each.layer === layer && each.text !== ''),
        name,
      )
  })
  it('says what comes before it on the paths that it is part of', async () => {
    const { body } = await ask(omen, key(), 'GetEdge', {
      from: 'role/maker',
      to: 'role/worn',
      pathFrom: 'user/start',
      pathTo: 'role/worn',
    })
    const [way] = body.ways
    assert.deepEqual(way?.alsoHeld, [role('invoker')])
    assert.deepEqual(
      way?.before?.map(({ from, to }) => [from, to]),
      [
        [user('start'), role('maker')],
        [user('start'), role('invoker')],
      ],
    )
  })
  it('says who is refused a call, and by which statement', async () => {
    await putPolicy('invoker', allow('lambda:InvokeFunction'), {
      ...allow('lambda:InvokeFunction'),
      Effect: 'Deny',
    })
    const { body } = await ask(omen, key(), 'GetEdge', { from: 'role/maker', to: 'role/worn' })
    assert.equal(body.verdict, 'blocked')
    const step = body.ways[0]?.steps.at(-1)
    const { by, action, deny } = step?.refused ?? {}
    assert.deepEqual([action, deny?.policy], ['lambda:InvokeFunction', `own of ${by?.split('/')[1]}`])
    assert.match(step?.because ?? '', /^role\/\w+: own of \w+:\d+:\d+ denies lambda:InvokeFunction on /)
  })
  it('refuses ends that there are not', async () => {
    const to = 'arn:aws:iam::123456789012:role/none'
    for (const more of [{}, { pathFrom: 'user/start' }]) {
      const { status, body } = await ask(omen, key(), 'GetEdge', { from: 'role/maker', to, ...more })
      assert.equal(status, 404, JSON.stringify(body))
    }
  })
})

describe('arrows of pictures', () => {
  const lines = readFileSync(new URL('./worlds.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  const ranks = ['proven', 'conditional', 'undecided', 'blocked']

  it('each opens with a way that is as sure as it is drawn', () => {
    let seen = 0
    for (const line of lines) {
      const { name, details, inventory, organization } = JSON.parse(line)
      if (details === undefined) continue
      const world = readWorld({
        details: JSON.stringify(details),
        organization: readOrganizations(organization),
        awsPolicy: (arn) => managedPolicies().find(arn)?.document,
        ...(inventory === undefined ? {} : { inventory: readInventory(inventory) }),
      })
      const graph = graphOf(world, techniqueTable())
      const verdicts = ['proven', 'conditional', 'undecided', 'blocked'] as const
      const { picture } = exportAs(graph, techniqueTable(), 'json', { verdicts })
      for (const { pairs, starts, verdict } of picture?.edges ?? [])
        for (const [place, [from, to]] of pairs.entries()) {
          seen++
          const start = graph.findStart(starts[place]!)!
          const ends = {
            from: graph.findStart(from) ?? from,
            to: to === 'administrator' ? undefined : (graph.find(to) ?? to),
          }
          const along = { from: start, to: undefined }
          const [best] = edgeOf(graph, ends, { budget: new StepBudget(), along })
          assert.equal(best?.verdict, verdict, `${name}: ${from} → ${to}`)
          assert.ok(ranks.includes(best.verdict))
        }
    }
    assert.ok(seen > 200, `${seen} arrows`)
  })
})
